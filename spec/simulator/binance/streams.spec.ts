import { refusedUpgrade, shapeOf } from '../rawClient.js';
import { binance, closeAll, command, drained, START, type Payload } from './binanceClient.js';

afterEach(closeAll);

const streams = (...names: string[]) => ({ method: 'SUBSCRIBE', params: names, id: 1 });

describe('Binance: addresses', () => {
  it('serves wrapped payloads at /stream and bare ones at /ws, also with streams in the address', async () => {
    const { connect, steps, simulator } = await binance();
    const [wrapped, bare, later, encoded] = [
      await connect('/stream?streams=btcusdt@bookTicker/ethusdt@bookTicker'),
      await connect('/ws/btcusdt@bookTicker/ethusdt@bookTicker'),
      await connect('/stream'),
      await connect('/ws/btcusdt%40bookTicker'),
    ];
    expect(simulator.binance.topics).toEqual(['bookTicker BTCUSDT.BA', 'bookTicker ETHUSDT.BA']);
    await command(later, streams('btcusdt@bookTicker'));
    steps(20);
    const first = JSON.parse(await wrapped.text()) as { stream: string; data: Payload };
    expect(first.stream).toBe(`${first.data.s.toLowerCase()}@bookTicker`);
    expect(JSON.parse(await bare.text())).toEqual(first.data);
    const mine = JSON.parse(await later.text()) as { stream: string; data: Payload };
    expect(mine.stream).toBe('btcusdt@bookTicker');
    expect(JSON.parse(await encoded.text())).toEqual(mine.data);
  });

  it.each(['/ws/btcusdt', '/stream?streams=btcusdt@trade/%20', '/ws/btcusdt@trade?timeUnit=MICROSECOND'])(
    'refuses the upgrade to %s',
    async (path) => {
      const { simulator } = await binance();
      expect(await refusedUpgrade(simulator.url + path)).toMatchObject({ status: 400 });
    },
  );

  it('leaves the paths of the others alone', async () => {
    const { simulator, connect } = await binance();
    await connect('/v1/ws/stream?api_key=demo');
    await connect('/crypto?token=demo');
    expect(simulator).toMatchObject({ binance: { accepted: 0 }, tickflow: { accepted: 1 }, itick: { accepted: 1 } });
    expect(await refusedUpgrade(`${simulator.url}/wss`)).toMatchObject({ status: 404 });
  });
});

describe('Binance: commands', () => {
  it('confirms, lists and ends streams; an answer is never wrapped', async () => {
    const { connect, simulator } = await binance();
    const client = await connect('/stream');
    expect(await command(client, streams('btcusdt@aggTrade', 'btcusdt@depth'))).toEqual({ result: null, id: 1 });
    expect(await command(client, streams('btcusdt@aggTrade', 'btcusdt@kline_1m'))).toEqual({ result: null, id: 1 });
    expect(await command(client, { method: 'UNSUBSCRIBE', params: ['btcusdt@depth'], id: 312 })).toEqual({
      result: null,
      id: 312,
    });
    expect(await command(client, { method: 'LIST_SUBSCRIPTIONS', id: 3 })).toEqual({
      result: ['btcusdt@aggTrade', 'btcusdt@kline_1m'],
      id: 3,
    });
    expect(simulator.binance.topics).toEqual(['aggTrade BTCUSDT.BA', 'kline_1m BTCUSDT.BA']);
    client.ws.close();
    await client.closed;
    expect(simulator.binance).toMatchObject({ live: 0, accepted: 1, topics: [] });
  });

  it('takes streams that never say anything without a word', async () => {
    const { connect, simulator, steps } = await binance();
    const client = await connect('/ws');
    const silent = ['nopeusdt@trade', 'BTCUSDT@trade', 'btcusdt@kline_7m', 'btcusdt@avgPrice', '!miniTicker@arr'];
    expect(await command(client, streams(...silent))).toEqual({ result: null, id: 1 });
    expect(await command(client, { method: 'LIST_SUBSCRIPTIONS', id: 2 })).toEqual({ result: silent, id: 2 });
    steps(40);
    expect([await drained(client), simulator.binance.topics]).toEqual([[], []]);
  });

  it('gives back the id as it came', async () => {
    const { connect } = await binance();
    const client = await connect('/ws');
    for (const id of [
      'null',
      '0',
      '-9223372036854775808',
      '9223372036854775807',
      '"abcDEF123"',
      `"${'x'.repeat(36)}"`,
    ]) {
      client.send(`{"method":"LIST_SUBSCRIPTIONS","id":${id}}`);
      expect(await client.text()).toBe(`{"result":[],"id":${id}}`);
    }
  });

  const badId = 'Invalid request: request ID must be an unsigned integer';
  it.each([
    [{ code: 2, msg: badId }, '{"method":"LIST_SUBSCRIPTIONS"}'],
    [{ code: 2, msg: badId }, '{"method":"LIST_SUBSCRIPTIONS","id":1.5}'],
    [{ code: 2, msg: badId }, '{"method":"LIST_SUBSCRIPTIONS","id":9223372036854775808}'],
    [{ code: 2, msg: badId }, '{"method":"LIST_SUBSCRIPTIONS","id":"0b1e7a52-3f9c-4f54-8d7e-6c0f7d1a2b3c"}'],
    [{ code: 2, msg: badId }, `{"method":"LIST_SUBSCRIPTIONS","id":"${'x'.repeat(37)}"}`],
    [{ code: 2, msg: badId }, '{"method":"LIST_SUBSCRIPTIONS","id":{}}'],
    [{ code: 2, msg: 'Invalid request: too many parameters' }, '{"method":"LIST_SUBSCRIPTIONS","params":["a"],"id":1}'],
    [{ code: 2, msg: 'Invalid request: property name must be a string' }, '{"method":"GET_PROPERTY","id":1}'],
    [{ code: 0, msg: 'Unknown property', id: 7 }, '{"method":"GET_PROPERTY","params":["colour"],"id":7}'],
    [
      { code: 1, msg: 'Invalid value type: expected Boolean' },
      '{"method":"SET_PROPERTY","params":["combined",1],"id":1}',
    ],
    [
      { code: 2, msg: expect.stringMatching(/^Invalid request: missing field `method` at line 1 column \d+$/) },
      '{"id":1}',
    ],
    [
      {
        code: 2,
        msg: expect.stringMatching(
          /^Invalid request: unknown variant BUY, expected one of `SUBSCRIBE`, .* at line 1 column 15$/,
        ),
      },
      '{"method":"BUY","id":1}',
    ],
    [{ code: 3, msg: expect.stringMatching(/^Invalid JSON: expected value at line 2 column \d+$/) }, '{\n"method"'],
    [
      { code: 2, msg: expect.stringContaining('Invalid request: ') },
      '{"method":"SUBSCRIBE","params":["btcusdt"],"id":1}',
    ],
    [{ code: 2, msg: expect.stringContaining('Invalid request: ') }, '{"method":"SUBSCRIBE","params":[1],"id":1}'],
    [
      { code: 2, msg: expect.stringContaining('Invalid request: ') },
      '{"method":"SUBSCRIBE","params":"btcusdt@trade","id":1}',
    ],
    [{ code: 2, msg: expect.stringContaining('Invalid request: ') }, '[]'],
  ])('answers %j', async (error, sent) => {
    const { connect, simulator } = await binance();
    const client = await connect('/ws');
    client.send(sent);
    expect(await client.next()).toEqual(error);
    expect(simulator.binance.topics).toEqual([]);
    expect(await command(client, { method: 'LIST_SUBSCRIPTIONS', id: 1 })).toEqual({ result: [], id: 1 });
  });

  it('can put errors beside the id, as clients have met them', async () => {
    const { connect } = await binance({ errorForm: 'nested' });
    const client = await connect('/ws');
    client.send({ method: 'SUBSCRIBE', params: ['btcusdt'], id: 5 });
    expect(await client.next()).toEqual({ error: { code: 2, msg: 'Invalid request: not a stream name' }, id: 5 });
  });

  it('applies nothing of a command that asks for too many streams', async () => {
    const { connect, simulator } = await binance({ maxStreams: 2 });
    const client = await connect('/ws/btcusdt@trade');
    expect(await command(client, streams('btcusdt@depth', 'btcusdt@ticker'))).toMatchObject({ code: 2 });
    expect(simulator.binance.topics).toEqual(['trade BTCUSDT.BA']);
    expect(await command(client, streams('btcusdt@depth', 'btcusdt@trade'))).toEqual({ result: null, id: 1 });
    expect(await refusedUpgrade(`${simulator.url}/ws/a@trade/b@trade/c@trade`)).toMatchObject({ status: 400 });
  });

  it('wraps payloads, or not, as the property says', async () => {
    const { connect, steps } = await binance();
    const client = await connect('/ws/btcusdt@depth@100ms');
    expect(await command(client, { method: 'GET_PROPERTY', params: ['combined'], id: 1 })).toEqual({
      result: false,
      id: 1,
    });
    await command(client, { method: 'SET_PROPERTY', params: ['combined', true], id: 2 });
    expect(await command(client, { method: 'GET_PROPERTY', params: ['combined'], id: 3 })).toEqual({
      result: true,
      id: 3,
    });
    steps(8);
    expect(JSON.parse(await client.text())).toMatchObject({
      stream: 'btcusdt@depth@100ms',
      data: { e: 'depthUpdate' },
    });
  });
});

describe('Binance: payloads', () => {
  const samples: Readonly<Record<string, object>> = {
    aggTrade: { e: '', E: 0, s: '', a: 0, p: '', q: '', f: 0, l: 0, T: 0, m: true, M: true },
    trade: { e: '', E: 0, s: '', t: 0, p: '', q: '', T: 0, m: true, M: true },
    bookTicker: { u: 0, s: '', b: '', B: '', a: '', A: '' },
    depth: { e: '', E: 0, s: '', U: 0, u: 0, b: [['', '']], a: [['', '']] },
    kline_1m: {
      ...{ e: '', E: 0, s: '' },
      k: {
        ...{
          t: 0,
          T: 0,
          s: '',
          i: '',
          f: 0,
          L: 0,
          o: '',
          c: '',
          h: '',
          l: '',
          v: '',
          n: 0,
          x: false,
          q: '',
          V: '',
          Q: '',
        },
        B: '',
      },
    },
    ticker: {
      ...{
        e: '',
        E: 0,
        s: '',
        p: '',
        P: '',
        w: '',
        x: '',
        c: '',
        Q: '',
        b: '',
        B: '',
        a: '',
        A: '',
        o: '',
        h: '',
        l: '',
      },
      ...{ v: '', q: '', O: 0, C: 0, F: 0, L: 0, n: 0 },
    },
  };

  it.each(Object.keys(samples))('of %s have the keys of the page, in their order, and their types', async (channel) => {
    const { connect, steps } = await binance();
    const client = await connect(`/ws/btcusdt@${channel}`);
    steps(40);
    const payloads = await drained(client);
    expect(payloads.length).toBeGreaterThan(4);
    const full = payloads.find((payload) => channel !== 'depth' || (payload.b.length > 0 && payload.a.length > 0));
    expect(shapeOf(full)).toEqual(shapeOf(samples[channel]));
    expect(payloads.every(({ s }) => s === 'BTCUSDT')).toBe(true);
  });

  it('come once in a second, in two, or at once', async () => {
    const { connect, steps } = await binance();
    const timesOf = async (stream: string): Promise<readonly number[]> => {
      const client = await connect(`/ws/btcusdt@${stream}`);
      steps(80);
      return (await drained(client))
        .filter(({ k }) => (k as Payload['k'] | undefined)?.['x'] !== true)
        .map(({ E }) => E);
    };
    const periods = async (stream: string): Promise<readonly number[]> => {
      const times = await timesOf(stream);
      return [...new Set(times.slice(1).map((time, at) => time - times[at]!))];
    };
    expect(await periods('depth')).toEqual([1_000]);
    expect(await periods('ticker')).toEqual([1_000]);
    expect(await periods('kline_1s')).toEqual([1_000]);
    expect(await periods('kline_5m')).toEqual([2_000]);
    expect((await timesOf('depth@100ms')).length).toBeGreaterThan(50);
  });

  it('trades count up by one, and an aggregate names its first and last', async () => {
    const { connect, steps } = await binance();
    const client = await connect('/ws/btcusdt@trade/btcusdt@aggTrade');
    steps(200);
    const payloads = await drained(client);
    const trades = payloads.filter(({ e }) => e === 'trade');
    const aggregates = payloads.filter(({ e }) => e === 'aggTrade') as unknown as {
      a: number;
      f: number;
      l: number;
      q: string;
    }[];
    expect(trades.length).toBeGreaterThan(aggregates.length);
    trades.slice(1).forEach(({ t }, at) => expect(t).toBe(trades[at]!.t + 1));
    aggregates
      .slice(1)
      .forEach(({ a, f }, at) => expect([a, f]).toEqual([aggregates[at]!.a + 1, aggregates[at]!.l + 1]));
    for (const { f, l, q } of aggregates) {
      const parts = trades.filter(({ t }) => t >= f && t <= l);
      expect(parts.reduce((sum, part) => sum + Number(part.q), 0)).toBeCloseTo(Number(q), 8);
      expect(parts.every((part) => Number(part.q) > 0)).toBe(true);
    }
  });

  it('the best bid and ask are those of the book, and come whenever they are new', async () => {
    const { connect, json, steps } = await binance();
    const client = await connect('/ws/btcusdt@bookTicker');
    let last: unknown;
    for (let round = 0; round < 40; round += 1) {
      steps(1);
      const { b, B, a, A, u, lastUpdateId } = Object.assign(
        {},
        (await drained(client)).at(-1) as unknown as Record<string, unknown>,
        await json<{ lastUpdateId: number }>('depth?symbol=BTCUSDT&limit=1'),
      ) as unknown as Record<string, unknown>;
      last = u === undefined ? last : [b, B, a, A];
      if (u !== undefined) expect(u).toBe(lastUpdateId);
      const best = await json<Record<string, string>>('ticker/bookTicker?symbol=BTCUSDT');
      if (last !== undefined) expect(Object.values(best)).toEqual(['BTCUSDT', ...(last as string[])]);
    }
    expect(last).toBeDefined();
  });

  it('are the same for every connection, in the same order', async () => {
    const { connect, steps, simulator } = await binance();
    const names = ['aggTrade', 'trade', 'depth', 'depth@100ms', 'bookTicker', 'kline_1s', 'kline_1m', 'ticker'];
    const path = names.map((name) => `btcusdt@${name}`).join('/');
    const [one, other] = [await connect(`/ws/${path}`), await connect(`/stream?streams=${path}`)];
    steps(40);
    simulator.sweep('BTCUSDT.BA', 'seller');
    steps(300);
    const third = await connect(`/ws/${path}`);
    const before = await drained(one);
    expect(before.length).toBeGreaterThan(500);
    expect(await drained(other)).toEqual(before);
    steps(300);
    const after = await drained(one);
    expect(await drained(other)).toEqual(after);
    expect(await drained(third)).toEqual(after);
    expect(Math.max(...after.map(({ E }) => (E as number | undefined) ?? START))).toBeGreaterThan(START + 150_000);
  });
});
