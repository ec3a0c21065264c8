import { shapeOf } from '../rawClient.js';
import { asking, closeAll, key, MINUTE, START, type Columns } from '../rest/asking.js';

afterEach(closeAll);

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 15:00 in Shanghai on the day before the market begins. */
const CLOSE = START - DAY + 5 * HOUR;

describe("TickFlow's REST interface", () => {
  it('answers in columns, quotes and depth as its types say', async () => {
    const { ask } = await asking();
    const shape = async (path: string): Promise<unknown> => shapeOf((await ask(path, { headers: key })).json);
    const columns = { timestamp: [1], open: [1], high: [1], low: [1], close: [1], volume: [1], amount: [1] };
    const ext = { type: '', name: '', change_pct: 1, change_amount: 1, amplitude: 1, turnover_rate: 1 };
    const quote = {
      ...{ symbol: '', region: '', last_price: 1, prev_close: 1, open: 1, high: 1, low: 1, volume: 1, amount: 1 },
      ...{ timestamp: 1, session: '', ext },
    };
    const depth = {
      symbol: '',
      region: '',
      timestamp: 1,
      bid_prices: [1],
      bid_volumes: [1],
      ask_prices: [1],
      ask_volumes: [1],
    };
    expect(await shape('/v1/klines?symbol=600000.SH&period=1m&adjust=none')).toEqual(shapeOf({ data: columns }));
    expect(await shape('/v1/klines?symbol=600000.SH')).toEqual(shapeOf({ data: { ...columns, prev_close: [1] } }));
    expect(await shape('/v1/klines/batch?symbols=600000.SH,00700.HK&period=5m')).toEqual(
      shapeOf({ data: { '600000.SH': columns, '00700.HK': columns } }),
    );
    expect(await shape('/v1/quotes?symbols=600000.SH')).toEqual(shapeOf({ data: [quote] }));
    expect(await shape('/v1/depth?symbol=600000.SH')).toEqual(shapeOf({ data: depth }));
    expect(await shape('/v1/depth/batch?symbols=600000.SH')).toEqual(shapeOf({ data: { '600000.SH': depth } }));
  });

  it('serves what its cumulative figures grow by, in lots', async () => {
    const { simulator, tickflow } = await asking();
    const before = simulator.snapshot('600000.SH');
    for (let step = 0; step < 1_210; step += 1) simulator.step();
    const after = simulator.snapshot('600000.SH');
    const { timestamp, volume, amount, close } = await tickflow<Columns>(
      `/v1/klines?symbol=600000.SH&period=1m&count=100&start_time=${START}&end_time=${START + HOUR}&adjust=none`,
    );
    expect(timestamp).toEqual([0, 1, 2, 3, 4, 5].map((minute) => START + minute * MINUTE));
    const sum = (figures: readonly number[]): number => figures.reduce((total, figure) => total + figure, 0);
    expect(sum(volume)).toBe(after.volume / 100);
    expect(sum(amount)).toBeCloseTo(after.turnover, 2);
    expect(before.volume).toBeLessThan(after.volume);
    expect(close.at(-1)).toBe(after.last);
    const [quote] = await tickflow<{ volume: number }[]>('/v1/quotes?symbols=600000.SH');
    expect(quote).toMatchObject({ volume: after.volume / 100, last_price: after.last, session: 'regular' });
  });

  it('adjusts prices forward unless it is told not to', async () => {
    const { tickflow } = await asking();
    const closes = async (adjust: string): Promise<readonly number[]> =>
      (await tickflow<Columns>(`/v1/klines?symbol=600519.SH&period=1m&count=5&end_time=${START}${adjust}`)).close;
    const [raw, forward, backward] = [await closes('&adjust=none'), await closes(''), await closes('&adjust=backward')];
    expect(forward).toEqual(raw.map((close) => Number((close * 0.98).toFixed(2))));
    expect(backward).toEqual(raw.map((close) => Number((close / 0.98).toFixed(2))));
    expect(await closes('&adjust=forward')).toEqual(forward);
  });

  it('keeps the newest rows of the time asked for, both of its ends included', async () => {
    const { tickflow } = await asking();
    const path = '/v1/klines?symbol=600000.SH&period=1m&adjust=none';
    const times = async (query: string): Promise<readonly number[]> =>
      (await tickflow<Columns>(path + query)).timestamp.map((time) => (time - START) / MINUTE);
    expect(await times(`&count=3&end_time=${START - 10 * MINUTE}`)).toEqual([-12, -11, -10]);
    expect(await times(`&start_time=${START - 3 * MINUTE}`)).toEqual([-3, -2, -1, 0]);
    expect(await times('')).toHaveLength(100);
    expect(await times('&count=20000')).toHaveLength(10_000);
    expect(await times(`&start_time=${START + HOUR}`)).toEqual([]);
  });

  it('stamps the closing auction at the close, and counts that of the opening into the first minute', async () => {
    const path = `/v1/klines?symbol=600000.SH&period=1m&count=3&end_time=${CLOSE}&adjust=none`;
    const apart = await asking({ market: 'sessions' });
    expect((await apart.tickflow<Columns>(path)).timestamp).toEqual([CLOSE - 5 * MINUTE, CLOSE - 4 * MINUTE, CLOSE]);
    const folded = await asking({ market: 'sessions', tickflow: { auctions: 'folded' } });
    const { timestamp } = await folded.tickflow<Columns>(path);
    expect(timestamp).toEqual([CLOSE - 5 * MINUTE, CLOSE - 4 * MINUTE, CLOSE - MINUTE]);
    const opening = await apart.tickflow<Columns>(
      `/v1/klines?symbol=600000.SH&period=1m&start_time=${CLOSE - 6 * HOUR}&end_time=${CLOSE - 5.5 * HOUR}&adjust=none`,
    );
    expect(opening.timestamp).toEqual([CLOSE - 5.5 * HOUR]);
  });

  it('shows no minute that is still to come: the first one has its auction when it begins', async () => {
    const start = Date.UTC(2026, 3, 21, 1, 24, 59);
    const { simulator, tickflow } = await asking({ market: 'sessions', start });
    const today = async () => (await tickflow<Columns>('/v1/klines/intraday?symbol=600000.SH')).timestamp;
    for (let step = 0; step < 8; step += 1) simulator.step();
    expect(simulator.snapshot('600000.SH').trades).toBe(1);
    expect(await today()).toEqual([]);
    for (let step = 0; step < 5 * 240; step += 1) simulator.step();
    expect(await today()).toEqual([Date.UTC(2026, 3, 21, 1, 30)]);
  });

  it('says the close before each day, also before the first', async () => {
    const { tickflow } = await asking();
    const { close, prev_close } = await tickflow<Columns>('/v1/klines?symbol=600000.SH&count=5&adjust=none');
    const { close: more } = await tickflow<Columns>('/v1/klines?symbol=600000.SH&count=6&adjust=none');
    expect(prev_close).toEqual(more.slice(0, 5));
    expect(close).toEqual(more.slice(1));
  });

  it('serves today only where that is asked for, as it is', async () => {
    const { tickflow } = await asking({ market: 'sessions' });
    const path = `/v1/klines/intraday/batch?symbols=600000.SH&count=500&start_time=0&end_time=1`;
    const { timestamp } = (await tickflow<Record<string, Columns>>(path))['600000.SH']!;
    expect(timestamp[0]).toBe(START - HOUR / 2);
    expect(timestamp).toHaveLength(31);
  });

  it('takes a long list of symbols by POST, and drops those that do not exist', async () => {
    const { tickflow } = await asking();
    const symbols = ['600000.SH', 'NOPE.SH', '700.HK', '00700.HK'];
    const body = JSON.stringify({ symbols });
    const rows = await tickflow<{ symbol: string }[]>('/v1/quotes', { method: 'POST', body, headers: key });
    expect(rows.map(({ symbol }) => symbol)).toEqual(['600000.SH', '00700.HK']);
    expect(Object.keys(await tickflow<object>(`/v1/klines/batch?symbols=${symbols.join()}`))).toEqual([
      '600000.SH',
      '00700.HK',
    ]);
  });

  it.each([
    ['/v1/klines?symbol=NOPE.SH', 404, 'NOT_FOUND', 'symbol not found: NOPE.SH'],
    ['/v1/klines', 400, 'BAD_REQUEST', 'missing parameter: symbol'],
    ['/v1/klines/batch', 400, 'BAD_REQUEST', 'missing parameter: symbols'],
    ['/v1/klines?symbol=600000.SH&period=3m', 400, 'BAD_REQUEST', /^unknown period; it is one of 1m, /],
    ['/v1/klines?symbol=600000.SH&count=0', 400, 'BAD_REQUEST', /^count /],
    ['/v1/klines?symbol=600000.SH&count=1e3', 400, 'BAD_REQUEST', /^count /],
    ['/v1/klines?symbol=600000.SH&start_time=x', 400, 'BAD_REQUEST', /^start_time /],
    ['/v1/klines?symbol=600000.SH&adjust=maybe', 400, 'BAD_REQUEST', /^unknown adjust; /],
    [
      `/v1/quotes?symbols=${Array.from({ length: 101 }, (_, at) => `A${at}.US`).join()}`,
      400,
      'BAD_REQUEST',
      'exceeded max 100 symbols',
    ],
  ])('says what is wrong with a question: %s', async (path, status, code, message) => {
    const { ask } = await asking();
    const answer = await ask(path, { headers: key });
    const said = typeof message === 'string' ? message : (expect.stringMatching(message) as string);
    expect([answer.status, answer.json]).toEqual([status, { code, message: said }]);
  });

  it('refuses a wrong key, and one in the query', async () => {
    const { ask } = await asking();
    for (const init of [{}, { headers: { 'x-api-key': 'wrong' } }]) {
      const { status, text } = await ask('/v1/quotes?symbols=600000.SH&api_key=demo', init);
      expect([status, text]).toEqual([401, '{"code":"UNAUTHORIZED","message":"invalid api key"}']);
    }
  });
});
