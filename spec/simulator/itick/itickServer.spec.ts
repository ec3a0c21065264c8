import {
  startSimulator,
  type ItickRules,
  type SimulatedLevel,
  type Simulator,
  type SimulatorOptions,
} from '../../../lib/simulator/index.js';
import { rawClient, shapeOf, type Frame, type RawClient, type Row } from '../rawClient.js';

const START = Date.UTC(2026, 3, 21, 2);
const HELLO = '{"code":1,"msg":"Connected Successfully"}';
const AUTHENTICATED = '{"code":1,"resAc":"auth","msg":"authenticated"}';
const SUBSCRIBED = '{"code":1,"resAc":"subscribe","msg":"subscribe Successfully"}';
const UNRESOLVED = '{"code":0,"resAc":"subscribe","msg":"cannot be resolved action"}';

let simulator: Simulator;
const start = async (rules: ItickRules = {}, options: SimulatorOptions = {}): Promise<Simulator> => {
  simulator = await startSimulator({ speed: 0, start: START, itick: rules, ...options });
  return simulator;
};
afterEach(() => simulator.close());

const loggedIn = async (cluster = 'stock'): Promise<RawClient> => {
  const client = await rawClient(`${simulator.url}/${cluster}`, { headers: { token: 'demo' } });
  expect([await client.text(), await client.text()]).toEqual([HELLO, AUTHENTICATED]);
  return client;
};
const subscribed = async (cluster: string, params: string, types: string): Promise<RawClient> => {
  const client = await loggedIn(cluster);
  client.send({ ac: 'subscribe', params, types });
  expect(await client.text()).toBe(SUBSCRIBED);
  return client;
};
/** The next push of that type, after as many market steps as it takes. */
const pushed = async (client: RawClient, type: string): Promise<Frame & { readonly data: Row }> => {
  for (let steps = 0; steps < 40; steps += 1) simulator.step();
  const frame = await client.until((candidate) => [candidate.type, candidate.data?.type].includes(type));
  return { ...frame, data: frame.data ?? (frame as Row) };
};

describe('the iTick server: login', () => {
  it('greets, and accepts a token in the header', async () => {
    await start();
    await loggedIn();
    expect(simulator.itick).toMatchObject({ live: 1, accepted: 1, sent: 2, commands: [] });
  });

  it('accepts a token in the query', async () => {
    await start({ token: 'secret' });
    const client = await rawClient(`${simulator.url}/forex?token=secret`);
    expect([await client.text(), await client.text()]).toEqual([HELLO, AUTHENTICATED]);
  });

  it('waits for a token in a message when none came with the upgrade', async () => {
    await start();
    const client = await rawClient(`${simulator.url}/crypto`);
    expect(await client.text()).toBe(HELLO);
    client.send({ ac: 'subscribe', params: 'BTCUSDT$BA', types: 'quote' });
    expect(await client.text()).toBe('{"code":0,"resAc":"subscribe","msg":"not authenticated"}');
    expect(simulator.itick.live).toBe(0);
    client.send({ ac: 'auth', params: 'demo' });
    expect(await client.text()).toBe(AUTHENTICATED);
    client.send({ ac: 'auth', params: 'demo' });
    expect(await client.text()).toBe(AUTHENTICATED);
    expect(simulator.itick.live).toBe(1);
  });

  it.each([
    ['header', '/stock', { headers: { token: 'wrong' } }],
    ['query', '/stock?token=wrong', {}],
  ])('refuses a wrong token in the %s, and closes', async (_where, path, options) => {
    await start();
    const client = await rawClient(simulator.url + path, options);
    expect([await client.text(), await client.text()]).toEqual([
      HELLO,
      '{"code":0,"resAc":"auth","msg":"auth failed"}',
    ]);
    expect((await client.closed).code).toBe(1000);
    expect(simulator.itick.live).toBe(0);
  });

  it('refuses a wrong token in a message, and remembers no token', async () => {
    await start();
    const client = await rawClient(`${simulator.url}/stock`);
    client.send({ ac: 'auth', params: 'guess' });
    client.send({ ac: 'note', params: 'is demo' });
    await client.closed;
    expect(simulator.itick.commands.join()).not.toMatch(/guess|demo/);
    expect(simulator.itick.commands[0]).toBe('{"ac":"auth","params":"***"}');
  });

  it('repeats the token in the ack when told to', async () => {
    await start({ echoToken: true });
    const client = await rawClient(`${simulator.url}/stock?token=demo`);
    await client.next();
    expect(await client.next()).toEqual({
      code: 1,
      resAc: 'auth',
      msg: 'authenticated',
      data: { params: 'demo' },
    });
  });

  it('kicks the older of two logins to a cluster with a clean close, and leaves other clusters alone', async () => {
    await start();
    const [stock, forex] = [await loggedIn('stock'), await loggedIn('forex')];
    await loggedIn('stock');
    expect(await stock.closed).toEqual({ code: 1000, reason: '' });
    expect(simulator.itick.live).toBe(2);
    expect(forex.ws.readyState).toBe(forex.ws.OPEN);
  });

  it('kicks only above the number of connections, with the code it is told', async () => {
    await start({ maxConnections: 2, kickCode: 4001 });
    const first = await loggedIn();
    const second = await loggedIn();
    await loggedIn();
    expect((await first.closed).code).toBe(4001);
    expect(second.ws.readyState).toBe(second.ws.OPEN);
  });
});

describe('the iTick server: commands', () => {
  it('subscribes every product to every type, and adds up', async () => {
    await start();
    const client = await subscribed('stock', 'AAPL$US,TSLA$US', 'depth,quote');
    client.send({ ac: 'subscribe', params: '700$hk', types: 'kline@3,tick' });
    expect(await client.text()).toBe(SUBSCRIBED);
    expect(simulator.itick.topics).toEqual([
      'depth AAPL.US',
      'depth TSLA.US',
      'kline@15m 700.HK',
      'quote AAPL.US',
      'quote TSLA.US',
      'trade 700.HK',
    ]);
    expect(simulator.itick.commands).toEqual([
      '{"ac":"subscribe","params":"AAPL$US,TSLA$US","types":"depth,quote"}',
      '{"ac":"subscribe","params":"700$hk","types":"kline@3,tick"}',
    ]);
  });

  it('unsubscribes what it is told, and forgets the rest with the connection', async () => {
    await start();
    const client = await subscribed('stock', 'AAPL$US,TSLA$US', 'quote,tick');
    client.send({ ac: 'unsubscribe', params: 'AAPL$US,BRK.B$US', types: 'quote' });
    expect(await client.text()).toBe('{"code":1,"resAc":"unsubscribe","msg":"unsubscribe Successfully"}');
    expect(simulator.itick.topics).toEqual(['quote TSLA.US', 'trade AAPL.US', 'trade TSLA.US']);
    client.send({ ac: 'unsubscribe', params: '', types: 'quote' });
    expect(await client.text()).toBe('{"code":0,"resAc":"unsubscribe","msg":"cannot be resolved action"}');
    await loggedIn('stock');
    await client.closed;
    expect(simulator.itick.topics).toEqual([]);
  });

  it('sends nothing for what is not subscribed any more', async () => {
    await start();
    const client = await subscribed('stock', 'AAPL$US', 'quote,tick');
    client.send({ ac: 'unsubscribe', params: 'AAPL$US', types: 'quote' });
    await client.next();
    for (let steps = 0; steps < 20; steps += 1) simulator.step();
    client.send({ ac: 'ping' });
    await client.until(({ resAc }) => resAc === 'pong');
    expect(simulator.itick.topics).toEqual(['trade AAPL.US']);
    expect(client.rest().filter(({ data }) => data?.type !== 'tick')).toEqual([]);
  });

  it.each([
    ['three parts', 'stock', 'RELIANCE$NSE$IN', 'quote RELIANCE.NSE.IN'],
    ['a code with a dot', 'stock', 'BRK.B$US', 'quote BRK.B.US'],
    ['lower case', 'forex', 'eurusd$gb', 'quote EURUSD.GB'],
    ['a bare code of the cluster', 'forex', 'XAUUSD', 'quote XAUUSD.GB'],
    ['spaces', 'crypto', ' BTCUSDT$BA ', 'quote BTCUSDT.BA'],
    ['an index', 'indices', 'SPX$GB', 'quote SPX.GB'],
    ['a future', 'future', 'NQ$US', 'quote NQ.US'],
    ['a fund', 'fund', 'SPY$US', 'quote SPY.US'],
    ['one nobody has listed', 'stock', 'MSFT$US', 'quote MSFT.US'],
  ])('understands %s', async (_name, cluster, params, topic) => {
    await start();
    await subscribed(cluster, params, 'quote');
    expect(simulator.itick.topics).toEqual([topic]);
  });

  it.each([
    ['no JSON', 'ping'],
    ['no object', '[]'],
    ['an unknown action', { ac: 'sell', params: 'AAPL$US', types: 'quote' }],
    ['the wrong words', { action: 'subscribe', codes: ['AAPL$US'] }],
    ['an unknown product', { ac: 'subscribe', params: 'AAPL$US,NOPE$US', types: 'quote' }],
    ['a banned product', { ac: 'subscribe', params: 'GONE$US', types: 'quote' }],
    ['two parts for India', { ac: 'subscribe', params: 'RELIANCE$IN', types: 'quote' }],
    ['a padded code of Hong Kong', { ac: 'subscribe', params: '00700$HK', types: 'quote' }],
    ['a product of another cluster', { ac: 'subscribe', params: 'BTCUSDT$BA', types: 'quote' }],
    ['a bare code nobody has', { ac: 'subscribe', params: 'XAUUSD', types: 'quote' }],
    ['four parts', { ac: 'subscribe', params: 'A$B$C$D', types: 'quote' }],
    ['an unknown type', { ac: 'subscribe', params: 'AAPL$US', types: 'quote,trade' }],
    ['an unknown kline', { ac: 'subscribe', params: 'AAPL$US', types: 'kline@11' }],
    ['no types', { ac: 'subscribe', params: 'AAPL$US' }],
    ['lists that are no strings', { ac: 'subscribe', params: ['AAPL$US'], types: ['quote'] }],
  ])('refuses %s as a whole', async (_name, command) => {
    await start({}, { unknown: ['GONE.US'] });
    const client = await loggedIn();
    client.send(command);
    expect(await client.text()).toBe(UNRESOLVED);
    expect(simulator.itick.topics).toEqual([]);
  });

  it('refuses a command above the quota as a whole, counting products and not types', async () => {
    await start({ maxSymbols: 2 });
    const client = await subscribed('stock', 'AAPL$US,TSLA$US', 'quote,depth,tick');
    client.send({ ac: 'subscribe', params: 'AAPL$US,700$HK', types: 'kline@1' });
    expect(await client.text()).toBe('{"code":0,"resAc":"subscribe","msg":"exceeding the maximum subscription limit"}');
    expect(simulator.itick.topics).toHaveLength(6);
    client.send({ ac: 'subscribe', params: 'AAPL$US', types: 'kline@1' });
    expect(await client.text()).toBe(SUBSCRIBED);
  });

  it('refuses types that the plan does not include', async () => {
    await start({ refuseTypes: ['kline@1', 'depth'] });
    const client = await loggedIn();
    client.send({ ac: 'subscribe', params: 'AAPL$US', types: 'quote,kline@1' });
    expect(await client.text()).toBe(
      '{"code":0,"resAc":"subscribe","msg":"package only supports subscribing to quote,tick"}',
    );
  });

  it('echoes what a ping carries, whatever that is', async () => {
    await start();
    const client = await loggedIn();
    client.send('{"ac":"ping","params":"1731688569840"}');
    expect(await client.text()).toBe('{"resAc":"pong","data":{"params":"1731688569840"}}');
    client.send('{"ac":"ping","params":1731688569840}');
    expect(await client.text()).toBe('{"resAc":"pong","data":{"params":1731688569840}}');
  });

  it('lets data overtake a delayed ack', async () => {
    await start({ ackAfter: 20 }, { speed: 100 });
    const client = await rawClient(`${simulator.url}/stock?token=demo`);
    expect(await client.text()).toBe(HELLO);
    client.send({ ac: 'subscribe', params: 'AAPL$US', types: 'depth' });
    const first = await client.until(({ data, resAc }) => data?.type === 'depth' || resAc === 'subscribe');
    expect(first).toHaveProperty('data.type', 'depth');
    await client.until(({ resAc }) => resAc === 'subscribe');
  });

  it('closes a connection that sends no application ping, however fast the market runs', async () => {
    await start({ heartbeatTimeout: 120 }, { speed: 500 });
    const client = await loggedIn();
    client.ws.ping();
    expect(await client.closed).toEqual({ code: 1000, reason: '' });
  });

  it('gives a client a minute of this machine, not of the market', async () => {
    // A minute of the market is 60 ms of this machine: it passes many times while the client waits for data.
    await start({}, { speed: 1_000 });
    const client = await loggedIn();
    client.send({ ac: 'subscribe', params: 'AAPL$US', types: 'tick' });
    const since = performance.now();
    while (performance.now() - since < 300) await client.next();
    expect(client.ws.readyState).toBe(client.ws.OPEN);
  });

  it('keeps a connection that pings, and one without a limit', async () => {
    await start({ heartbeatTimeout: 80 });
    const [quiet, lively] = [await loggedIn('stock'), await loggedIn('forex')];
    while (quiet.ws.readyState === quiet.ws.OPEN) {
      lively.send({ ac: 'ping', params: '1' });
      await lively.next();
    }
    expect(lively.ws.readyState).toBe(lively.ws.OPEN);
    await simulator.close();
    await start({ heartbeatTimeout: Infinity });
    await loggedIn();
  });
});

describe('the iTick server: pushes', () => {
  it('has the shapes of the vendor page', async () => {
    await start({ symbolForm: 'dotted' });
    const client = await subscribed('stock', 'AAPL$US', 'tick,quote,depth');
    expect(shapeOf(await pushed(client, 'tick'))).toEqual(
      shapeOf({
        code: 1,
        data: { s: 'AAPL.US', ld: 225.215, v: 16742235, t: 1731689407000, d: 1, te: 0, type: 'tick' },
      }),
    );
    expect(shapeOf(await pushed(client, 'quote'))).toEqual(
      shapeOf({
        code: 1,
        data: {
          s: 'AAPL.US',
          ld: 225.215,
          o: 226.27,
          h: 226.92,
          l: 224.44,
          t: 1731689407000,
          v: 16742235,
          tu: 3774688301.452,
          ts: 0,
          type: 'quote',
        },
      }),
    );
    expect(shapeOf(await pushed(client, 'depth'))).toEqual(
      shapeOf({
        code: 1,
        data: {
          s: 'AAPL.US',
          a: [{ po: 1, p: 3034.01, v: 10.6023, o: 10.6023 }],
          b: [{ po: 1, p: 3034, v: 20.9758, o: 20.9758 }],
          type: 'depth',
        },
      }),
    );
  });

  it('has the shape of the nested kline of the vendor page', async () => {
    await start({ klineForm: 'nested', symbolForm: 'dotted' });
    const client = await subscribed('stock', 'AAPL$US', 'kline@1');
    simulator.sweep('AAPL.US', 'buyer');
    const frame = await client.next();
    expect(shapeOf(frame)).toEqual(
      shapeOf({
        code: 0,
        msg: null,
        data: {
          s: 'AAPL.US',
          t: 1,
          k: { tu: 157513, c: 3059.39, t: 1731660060000, v: 28, h: 3061.41, l: 3055.24, o: 3055.36 },
        },
      }),
    );
    expect(frame).toMatchObject({ code: 0, msg: null, data: { s: 'AAPL.US', t: 1 } });
  });

  it('has the shape of the flat kline of the current documents', async () => {
    await start();
    const client = await subscribed('forex', 'EURUSD$GB', 'kline@5');
    const frame = await pushed(client, 'kline@5');
    expect(shapeOf(frame)).toEqual(
      shapeOf({
        code: 1,
        data: {
          tu: 157513,
          c: 3059.39,
          t: 1731660060000,
          v: 28,
          h: 3061.41,
          l: 3055.24,
          o: 3055.36,
          type: 'kline@1',
          s: 'EURUSD',
          r: 'GB',
        },
      }),
    );
    expect(frame).toMatchObject({ data: { type: 'kline@5', s: 'EURUSD', r: 'GB', t: START } });
  });

  it('says what is true: the day cumulative in stock ticks, ten levels, order counts', async () => {
    await start();
    const client = await subscribed('stock', '700$HK', 'tick,quote,depth,kline@8');
    for (let steps = 0; steps < 40; steps += 1) simulator.step();
    client.send({ ac: 'ping' });
    const frames: Frame[] = [];
    await client.until((frame) => {
      frames.push(frame);
      return frame.resAc === 'pong';
    });
    const latest = (type: string) => frames.filter(({ data }) => data?.type === type).at(-1)?.data;
    const truth = simulator.snapshot('700.HK');
    expect(latest('tick')).toMatchObject({ ld: truth.last, v: truth.volume, t: truth.time });
    expect(latest('quote')).toEqual({
      s: '700',
      r: 'HK',
      ld: truth.last,
      o: truth.open,
      h: truth.high,
      l: truth.low,
      t: truth.time,
      v: truth.volume,
      tu: truth.turnover,
      ts: 0,
      type: 'quote',
    });
    const level = ({ price, size, orders }: SimulatedLevel, at: number) => ({
      po: at + 1,
      p: price,
      v: size,
      o: orders,
    });
    expect(latest('depth')).toEqual({
      s: '700',
      r: 'HK',
      a: truth.asks.map(level),
      b: truth.bids.map(level),
      type: 'depth',
    });
    expect(latest('kline@8')).toMatchObject({ o: truth.open, c: truth.last, v: truth.volume, tu: truth.turnover });
  });

  it('gives the size of each trade, five levels and no order counts outside exchanges', async () => {
    await start();
    const client = await subscribed('crypto', 'ETHUSDT$BA', 'tick,depth');
    const before = simulator.snapshot('ETHUSDT.BA').volume;
    const { data: tick } = await pushed(client, 'tick');
    expect(tick).toEqual({
      s: 'ETHUSDT',
      r: 'BA',
      ld: expect.any(Number),
      v: expect.any(Number),
      t: expect.any(Number),
      type: 'tick',
    });
    expect(tick.v).toBeLessThan(before * 10);
    const { data: depth } = await pushed(client, 'depth');
    expect([depth.a.length, depth.b.length, depth.a[0]?.o]).toEqual([5, 5, depth.a[0]?.v]);
  });

  it('gives one level without a size for currencies, five with sizes when told to', async () => {
    await start();
    const client = await subscribed('forex', 'EURUSD$GB', 'depth');
    simulator.sweep('EURUSD.GB', 'buyer');
    const { data } = await client.next();
    const { asks, bids } = simulator.snapshot('EURUSD.GB');
    const unsized = (levels: readonly SimulatedLevel[]) => [{ po: 1, p: levels[0]?.price, v: 0, o: 0 }];
    expect(data).toEqual({ s: 'EURUSD', r: 'GB', a: unsized(asks), b: unsized(bids), type: 'depth' });
    await simulator.close();
    await start({ forexSizes: true });
    const { data: sized } = await pushed(await subscribed('forex', 'EURUSD$GB', 'depth'), 'depth');
    expect([sized.a.length, sized.b.length, sized.a[0]!.v > 0]).toEqual([5, 5, true]);
  });

  it('has no price before the open, the auction at 09:25, and the closing print at 15:00', async () => {
    const shanghai = (hour: number, minute: number): number => Date.UTC(2026, 3, 21, hour - 8, minute);
    await start({ previousClose: true }, { market: 'sessions', start: shanghai(9, 24) });
    const client = await subscribed('stock', '600000$SH', 'tick,quote');
    simulator.halt('600000.SH');
    simulator.resume('600000.SH');
    const zero = { ld: 0, o: 0, h: 0, l: 0, v: 0, tu: 0, ch: 0, chp: 0 };
    expect([await client.next(), await client.next()]).toMatchObject([{ data: zero }, { data: zero }]);
    for (let steps = 0; steps < 241; steps += 1) simulator.step();
    const { data: open } = await client.next();
    expect(open).toMatchObject({
      type: 'tick',
      t: shanghai(9, 25),
      d: 0,
      te: 0,
      v: simulator.snapshot('600000.SH').volume,
    });
    expect(await client.next()).toMatchObject({ data: { type: 'quote', ld: open!.ld, o: open!.ld, v: open!.v } });
    await simulator.close();
    await start({}, { market: 'sessions', start: shanghai(14, 57) });
    const late = await subscribed('stock', '600000$SH', 'tick');
    for (let steps = 0; steps < 3 * 240 + 100; steps += 1) simulator.step();
    expect(await late.next()).toMatchObject({ data: { type: 'tick', t: shanghai(15, 0), d: 0, te: 0 } });
    late.send({ ac: 'ping' });
    expect(await late.next()).toMatchObject({ resAc: 'pong' });
  });

  it('names the exchange where the region does not: RELIANCE of NSE', async () => {
    await start();
    const { data } = await pushed(await subscribed('stock', 'RELIANCE$NSE$IN', 'quote'), 'quote');
    expect(data).toMatchObject({ s: 'RELIANCE', r: 'IN', e: 'NSE' });
  });

  it('says who crossed the spread, and in which session', async () => {
    await start({}, { market: 'sessions', start: Date.UTC(2026, 3, 21, 13, 30) - 500 });
    const client = await subscribed('stock', 'AAPL$US', 'tick');
    simulator.sweep('AAPL.US', 'buyer');
    expect(await client.next()).toMatchObject({ data: { d: 2, te: 1 } });
    client.rest();
    simulator.step();
    simulator.step();
    simulator.sweep('AAPL.US', 'seller');
    expect(await client.until(({ data }) => data?.te === 0 && data.d === 1)).toBeDefined();
  });

  it('sends one level of nothing where nobody sells', async () => {
    await start();
    const client = await subscribed('stock', '600000$SH', 'depth');
    simulator.sweep('600000.SH', 'buyer');
    expect((await client.next()).data).toMatchObject({ a: [{ po: 1, p: 0, v: 0, o: 0 }] });
  });

  it('says that a halted symbol is suspended, once, and when it is not any more', async () => {
    await start();
    const client = await subscribed('stock', 'AAPL$US', 'quote,tick,depth,kline@1');
    simulator.halt('AAPL.US');
    for (let steps = 0; steps < 20; steps += 1) simulator.step();
    simulator.resume('AAPL.US');
    const [halted, resumed] = [await client.next(), await client.next()];
    expect([halted, resumed]).toMatchObject([{ data: { type: 'quote', ts: 1 } }, { data: { type: 'quote', ts: 0 } }]);
  });

  it.each([
    ['dotted', { s: 'AAPL.US' }],
    ['region', { s: 'AAPL', r: 'US' }],
    ['dollar', { s: 'AAPL$US', r: 'US' }],
    ['lower', { s: 'aapl' }],
  ] as const)('spells symbols %s', async (symbolForm, spelled) => {
    await start({ symbolForm });
    const { data } = await pushed(await subscribed('stock', 'AAPL$US', 'quote'), 'quote');
    expect({ s: data.s, ...('r' in data && { r: data.r }) }).toEqual(spelled);
  });

  it('spells three parts with two dollars', async () => {
    await start({ symbolForm: 'dollar' });
    const { data } = await pushed(await subscribed('stock', 'RELIANCE$NSE$IN', 'quote'), 'quote');
    expect(data).toMatchObject({ s: 'RELIANCE$NSE$IN', r: 'IN' });
  });

  it('writes figures as strings when told to', async () => {
    await start({ numbers: 'string' });
    const { code, data } = await pushed(await subscribed('stock', 'AAPL$US', 'quote'), 'quote');
    expect(code).toBe(1);
    expect(data).toMatchObject({ ld: expect.stringMatching(/^\d+(\.\d+)?$/), v: expect.stringMatching(/^\d+$/) });
  });

  it('wraps rows in an array, or not at all', async () => {
    await start({ envelope: 'array' });
    const client = await subscribed('stock', 'AAPL$US', 'depth');
    simulator.sweep('AAPL.US', 'buyer');
    expect(await client.next()).toMatchObject({ code: 1, data: [{ s: 'AAPL', r: 'US', type: 'depth' }] });
    await simulator.close();
    await start({ envelope: 'bare' });
    expect(await pushed(await subscribed('stock', 'AAPL$US', 'quote'), 'quote')).toMatchObject({ s: 'AAPL', r: 'US' });
  });

  it('adds the previous close and the change when told to', async () => {
    await start({ previousClose: true });
    const { data } = await pushed(await subscribed('stock', '700$HK', 'quote'), 'quote');
    expect(data).toMatchObject({ p: 608 });
    expect(data.ch).toBeCloseTo(data.ld - 608, 8);
    expect(data.chp).toBeCloseTo((100 * (data.ld - 608)) / 608, 2);
  });

  it('serves several connections from one rendering', async () => {
    await start({ maxConnections: 2 });
    const [one, two] = [await subscribed('stock', 'AAPL$US', 'depth'), await subscribed('stock', 'AAPL$US', 'depth')];
    simulator.halt('AAPL.US');
    simulator.resume('AAPL.US');
    simulator.sweep('AAPL.US', 'buyer');
    expect(await one.text()).toBe(await two.text());
  });
});
