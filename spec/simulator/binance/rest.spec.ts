import { get, type IncomingMessage } from 'node:http';
import { binance, closeAll, command, drained, START, type KlineRow } from './binanceClient.js';

afterEach(closeAll);

const MINUTE = 60_000;

interface Agg {
  readonly a: number;
  readonly p: string;
  readonly q: string;
  readonly f: number;
  readonly l: number;
  readonly T: number;
  readonly m: boolean;
  readonly M: boolean;
}

describe('Binance: errors of REST', () => {
  const notSent = (name: string) => `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`;
  it.each([
    ['depth?symbol=NOPEUSDT', -1121, 'Invalid symbol.'],
    ['klines?symbol=NOPE&interval=1m', -1121, 'Invalid symbol.'],
    ['exchangeInfo?symbols=["BTCUSDT","NOPE"]', -1121, 'Invalid symbol.'],
    ['depth', -1102, notSent('symbol')],
    [
      'depth?symbol=btcusdt',
      -1100,
      "Illegal characters found in parameter 'symbol'; legal range is '^[A-Z0-9-_.]{1,20}$'.",
    ],
    [
      'depth?symbol=BTCUSDT&limit=ten',
      -1100,
      "Illegal characters found in parameter 'limit'; legal range is '^[0-9]{1,20}$'.",
    ],
    ['depth?symbol=BTCUSDT&limit=0', -1130, "Data sent for parameter 'limit' is not valid."],
    ['depth?symbol=BTCUSDT&limit=', -1105, "Parameter 'limit' was empty."],
    ['depth?symbol=BTCUSDT&symbol=ETHUSDT', -1101, 'Duplicate values for a parameter detected.'],
    [
      'depth?symbol=BTCUSDT&depth=3',
      -1104,
      "Not all sent parameters were read; read '1' parameter(s) but was sent '2'.",
    ],
    ['depth?symbol=BTCUSDT&symbolStatus=OPEN', -1122, 'Invalid symbolStatus.'],
    [
      'depth?symbol=BTCUSDT&symbolStatus=BREAK',
      -1220,
      "The symbol's status does not match the requested symbolStatus.",
    ],
    ['klines?symbol=BTCUSDT&interval=10m', -1120, 'Invalid interval.'],
    ['klines?symbol=BTCUSDT&interval=1d&timeZone=15', -1130, "Data sent for parameter 'timeZone' is not valid."],
    ['aggTrades?symbol=BTCUSDT&fromId=1&startTime=1', -1128, 'Combination of optional parameters invalid.'],
    ['ticker/24hr?symbol=BTCUSDT&symbols=["ETHUSDT"]', -1128, 'Combination of optional parameters invalid.'],
    ['ticker/24hr?symbols=["BTCUSDT","BTCUSDT"]', -1151, 'Symbol is present multiple times in the list.'],
    ['ticker/24hr?symbols=BTCUSDT', -1135, "JSON sent for parameter 'symbols' is not valid"],
    ['ticker/24hr?symbol=BTCUSDT&type=HUGE', -1139, 'Invalid ticker type.'],
  ])('answers %s with %d', async (path, code, msg) => {
    const { ask } = await binance();
    const { status, json } = await ask(path);
    expect([status, json]).toEqual([400, { code, msg }]);
  });

  it('knows no other path', async () => {
    const { ask } = await binance();
    expect((await ask('order')).status).toBe(404);
  });
});

describe('Binance: answers of REST', () => {
  it('says the time of the market', async () => {
    const { json, steps } = await binance();
    steps(3);
    expect(await json('time')).toEqual({ serverTime: START + 750 });
    expect(await json('ping')).toEqual({});
  });

  it('says what trades, and what is halted', async () => {
    const { json, simulator } = await binance();
    simulator.halt('ETHUSDT.BA');
    const { symbols } = await json<{ symbols: readonly Record<string, unknown>[] }>('exchangeInfo');
    expect(symbols.map(({ symbol, status }) => [symbol, status])).toEqual([
      ['BTCUSDT', 'TRADING'],
      ['ETHUSDT', 'HALT'],
    ]);
    expect(symbols[0]).toMatchObject({ baseAsset: 'BTC', quoteAsset: 'USDT' });
    const one = await json<{ symbols: readonly unknown[] }>('exchangeInfo?symbol=BTCUSDT');
    const list = await json<{ symbols: readonly unknown[] }>('exchangeInfo?symbols=%5B%22BTCUSDT%22,%22SOLUSDT%22%5D');
    expect([one.symbols, list.symbols.length]).toEqual([[symbols[0]], 2]);
    expect(await json('depth?symbol=ETHUSDT&symbolStatus=TRADING')).toMatchObject({ code: -1220 });
    expect(await json('ticker/bookTicker?symbolStatus=HALT')).toMatchObject([{ symbol: 'ETHUSDT' }]);
  });

  it('serves the trades that were streamed, by id, by time, the newest', async () => {
    const { connect, json, steps } = await binance();
    const client = await connect('/ws/btcusdt@aggTrade');
    steps(200);
    const streamed = (await drained(client)).map((event) => {
      const { a, p, q, f, l, T, m, M } = event as unknown as Agg;
      return { a, p, q, f, l, T, m, M };
    });
    const all = await json<Agg[]>('aggTrades?symbol=BTCUSDT&limit=1000');
    // The first one is what the instrument came into the market with.
    expect(all.slice(1)).toEqual(streamed);
    const { a } = streamed[20]!;
    expect(await json(`aggTrades?symbol=BTCUSDT&fromId=${a}&limit=7`)).toEqual(streamed.slice(20, 27));
    expect(await json('aggTrades?symbol=BTCUSDT&limit=5')).toEqual(streamed.slice(-5));
    const [from, to] = [START + 10_000, START + 20_000];
    const within = streamed.filter(({ T }) => T >= from && T <= to);
    expect(within.length).toBeGreaterThan(5);
    const path = `aggTrades?symbol=BTCUSDT&startTime=${from}&endTime=${to}`;
    expect(await json(path)).toEqual(within);
    expect(await json(`${path}&limit=3`)).toEqual(within.slice(0, 3));
    expect(await json(`aggTrades?symbol=BTCUSDT&endTime=${to}&limit=3`)).toEqual(within.slice(-3));
    expect(await json(`aggTrades?symbol=BTCUSDT&startTime=${from}000&endTime=${to}000`)).toEqual(within);
  });

  it('has the figures of 24 hours that are on the stream, and add up', async () => {
    const { connect, json, steps } = await binance();
    const client = await connect('/ws/btcusdt@ticker');
    steps(400);
    const streamed = (await drained(client)).at(-1) as unknown as Record<string, number | string>;
    const day = await json<Record<string, number | string>>('ticker/24hr?symbol=BTCUSDT');
    expect(Object.values(day)).toEqual([
      'BTCUSDT',
      ...['p', 'P', 'w', 'x', 'c', 'Q', 'b', 'B', 'a', 'A', 'o', 'h', 'l', 'v', 'q', 'O', 'C', 'F', 'L', 'n'].map(
        (key) => streamed[key],
      ),
    ]);
    const rows: KlineRow[] = [];
    for (let from = START + 100_000 - 1_440 * MINUTE; from < START + 100_000; from += 500 * MINUTE) {
      const until = Math.min(from + 500 * MINUTE, START + 200_000) - 1;
      rows.push(...(await json<KlineRow[]>(`klines?symbol=BTCUSDT&interval=1m&startTime=${from}&endTime=${until}`)));
    }
    expect(rows.length).toBe(1_440);
    expect(Number(day['volume'])).toBeCloseTo(
      rows.reduce((sum, row) => sum + Number(row[5]), 0),
      4,
    );
    expect(day['count']).toBe(rows.reduce((sum, row) => sum + row[8], 0));
    expect(day['highPrice']).toBe(Math.max(...rows.map((row) => Number(row[2]))).toFixed(8));
    expect([day['openPrice'], day['lastPrice']]).toEqual([rows[0]![1], rows.at(-1)![4]]);
    expect(Number(day['lastId']) - Number(day['firstId']) + 1).toBe(day['count']);
    const mini = await json<Record<string, unknown>[]>('ticker/24hr?symbols=["BTCUSDT"]&type=MINI');
    expect(Object.keys(mini[0]!)).toEqual([
      'symbol',
      'openPrice',
      'highPrice',
      'lowPrice',
      'lastPrice',
      'volume',
      'quoteVolume',
      'openTime',
      'closeTime',
      'firstId',
      'lastId',
      'count',
    ]);
  });
});

describe('Binance: the weight of requests', () => {
  it.each([
    ['time', 1],
    ['exchangeInfo', 20],
    ['depth?symbol=BTCUSDT', 5],
    ['depth?symbol=BTCUSDT&limit=100', 5],
    ['depth?symbol=BTCUSDT&limit=101', 25],
    ['depth?symbol=BTCUSDT&limit=501', 50],
    ['depth?symbol=BTCUSDT&limit=1001', 250],
    ['klines?symbol=BTCUSDT&interval=1m', 2],
    ['aggTrades?symbol=BTCUSDT', 4],
    ['ticker/24hr', 80],
    ['ticker/24hr?symbol=BTCUSDT', 2],
    ['ticker/24hr?symbols=["BTCUSDT"]', 2],
    [`ticker/24hr?symbols=[${Array.from({ length: 21 }, (_, at) => `"A${at}USDT"`).join(',')}]`, 40],
    ['ticker/bookTicker?symbol=BTCUSDT', 2],
    ['ticker/bookTicker', 4],
    ['depth?symbol=NOPE', 5],
  ])('of %s is %d', async (path, weight) => {
    const { ask } = await binance();
    expect((await ask(path)).headers.get('x-mbx-used-weight-1m')).toBe(String(weight));
  });

  it('adds up; above the limit it is 429, and who goes on is banned', async () => {
    const hour = 3_600_000;
    const { ask, simulator } = await binance({
      weight: { limit: 10, per: 1_000 * hour },
      ban: { after: 2, lasts: 120_000 },
    });
    const answers = [];
    for (let asked = 0; asked < 6; asked += 1) answers.push(await ask('depth?symbol=BTCUSDT'));
    expect(answers.map(({ status, headers }) => [status, headers.get('x-mbx-used-weight-1m')])).toEqual([
      [200, '5'],
      [200, '10'],
      [429, '15'],
      [429, '20'],
      [418, '25'],
      [418, '25'],
    ]);
    expect(Number(answers[2]!.headers.get('retry-after'))).toBeGreaterThan(0);
    const ban = Number(answers[5]!.headers.get('retry-after'));
    expect([ban > 60, ban <= 120]).toEqual([true, true]);
    expect(answers[2]!.json).toMatchObject({ code: -1003, msg: expect.stringContaining('limit is 10 request weight') });
    expect(answers[5]!.json).toMatchObject({ code: -1003, msg: expect.stringContaining('IP banned until') });
    expect(simulator.binance.rest).toMatchObject({ calls: 6, violations: 4, callsTo: { '/api/v3/depth': 6 } });
  });

  it('is that of one address', async () => {
    const { ask, simulator } = await binance({ weight: { limit: 5, per: 3_600_000_000 } });
    await ask('depth?symbol=BTCUSDT');
    expect((await ask('time')).status).toBe(429);
    const { port } = new URL(simulator.restUrl);
    const answer = await new Promise<IncomingMessage>((resolve) => {
      get({ host: '127.0.0.1', port, localAddress: '127.0.0.2', path: '/api/v3/time' }, resolve);
    });
    answer.resume();
    expect([answer.statusCode, answer.headers['x-mbx-used-weight-1m']]).toEqual([200, '1']);
  });

  it('is served again in the next minute, and after a ban', async () => {
    const { ask } = await binance({ weight: { limit: 5, per: 1_000 }, ban: { after: 1, lasts: 300 } });
    const statuses = new Set<number>();
    while (!(statuses.has(418) && statuses.has(429))) statuses.add((await ask('depth?symbol=BTCUSDT')).status);
    let { status } = await ask('time');
    while (status === 418) {
      await new Promise((resolve) => setImmediate(resolve));
      ({ status } = await ask('time'));
    }
    expect([200, 429]).toContain(status);
  });
});

describe('Binance: faults of REST', () => {
  it('are those of the other vendors', async () => {
    const { ask, json, simulator } = await binance();
    const { rest } = simulator.binance;
    rest.refuse(503, { times: 1 });
    expect(await ask('time')).toMatchObject({ status: 503, json: { code: -1000 } });
    rest.distort({ cap: 3, order: 'descending', prices: 2, volumes: 0 });
    const rows = await json<KlineRow[]>('klines?symbol=BTCUSDT&interval=1h&limit=10');
    rest.mend();
    const truth = await json<KlineRow[]>('klines?symbol=BTCUSDT&interval=1h&limit=3');
    expect(rows.map((row) => row[0])).toEqual(truth.map((row) => row[0]).reverse());
    expect(Number(rows[0]![4])).toBe(2 * Number(truth.at(-1)![4]));
    expect(rows[0]![5]).toBe('0.00000000');
    rest.distort({ withhold: (openTime) => openTime === truth[1]![0], shift: 1 });
    const holed = await json<KlineRow[]>('klines?symbol=BTCUSDT&interval=1h&limit=3');
    expect(holed.map((row) => row[0])).toEqual([truth[1]![0], truth[2]![0] + 60 * MINUTE]);
    expect(rest.requests.at(-1)).toBe('GET /api/v3/klines?symbol=BTCUSDT&interval=1h&limit=3');
  });

  it('a question that hangs keeps nobody else waiting', async () => {
    const { connect, json, simulator } = await binance();
    simulator.binance.rest.hang(1);
    void fetch(`${simulator.restUrl}/api/v3/time`).catch(() => undefined);
    while (simulator.binance.rest.calls === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await json('ping')).toEqual({});
    expect(await command(await connect('/ws'), { method: 'LIST_SUBSCRIPTIONS', id: 1 })).toEqual({ result: [], id: 1 });
  });
});
