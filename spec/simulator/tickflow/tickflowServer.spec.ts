import { once } from 'node:events';
import {
  startSimulator,
  type Simulator,
  type SimulatorOptions,
  type TickflowRules,
} from '../../../lib/simulator/index.js';
import { rawClient, refusedUpgrade, rowsOf, shapeOf, type RawClient, type Row } from '../rawClient.js';

const START = Date.UTC(2026, 3, 21, 2);

let simulator: Simulator;
const start = async (rules: TickflowRules = {}, options: SimulatorOptions = {}): Promise<Simulator> => {
  simulator = await startSimulator({ speed: 0, start: START, tickflow: rules, ...options });
  return simulator;
};
afterEach(() => simulator.close());

const stream = (): Promise<RawClient> => rawClient(`${simulator.url}/v1/ws/stream?api_key=demo`);

describe('the TickFlow server: connecting', () => {
  it('answers a wrong or missing key with 401 and a JSON body', async () => {
    await start({ apiKey: 'secret' });
    const refused = { status: 401, body: '{"code":"UNAUTHORIZED","message":"invalid api key"}' };
    expect(await refusedUpgrade(`${simulator.url}/v1/ws/stream?api_key=demo`)).toEqual(refused);
    expect(await refusedUpgrade(`${simulator.url}/v1/ws/quotes`)).toEqual(refused);
    expect(simulator.tickflow.accepted).toBe(0);
  });

  it('says nothing until it is asked', async () => {
    await start();
    const client = await stream();
    client.send({ op: 'subscribe', channel: 'quotes', symbols: [] });
    expect(await client.text()).toBe('{"op":"subscribed","channel":"quotes","symbols":[],"total":0}');
    expect(simulator.tickflow).toMatchObject({ live: 1, accepted: 1, sent: 1 });
  });

  it('pings, and keeps a connection that answers', async () => {
    await start({ pingEvery: 60 });
    const client = await stream();
    await once(client.ws, 'ping');
    await once(client.ws, 'ping');
    await once(client.ws, 'ping');
    expect(simulator.tickflow.live).toBe(1);
  });

  it('ends a connection whose pong does not come by the next ping', async () => {
    await start({ pingEvery: 10 });
    const client = await rawClient(`${simulator.url}/v1/ws/stream?api_key=demo`, { autoPong: false });
    expect((await client.closed).code).toBe(1006);
  });

  it('need not ping at all', async () => {
    await start({ pingEvery: Infinity });
    await stream();
    expect(simulator.tickflow.live).toBe(1);
  });
});

describe('the TickFlow server: commands', () => {
  it('confirms the full list of the channel, then sends a snapshot of what is new', async () => {
    await start();
    const client = await stream();
    client.send({ op: 'subscribe', channel: 'quotes', symbols: ['600000.SH', '000001.SZ'] });
    expect(await client.text()).toBe(
      '{"op":"subscribed","channel":"quotes","symbols":["600000.SH","000001.SZ"],"total":2}',
    );
    expect(rowsOf(await client.next()).map(({ symbol }) => symbol)).toEqual(['600000.SH', '000001.SZ']);
    client.send({ op: 'subscribe', channel: 'quotes', symbols: ['600000.SH', 'AAPL.US', 'AAPL.US'] });
    expect(await client.text()).toBe(
      '{"op":"subscribed","channel":"quotes","symbols":["600000.SH","000001.SZ","AAPL.US"],"total":3}',
    );
    expect(rowsOf(await client.next()).map(({ symbol }) => symbol)).toEqual(['AAPL.US']);
    client.send({ op: 'subscribe', channel: 'depth', symbols: ['600000.SH'] });
    expect(await client.next()).toEqual({ op: 'subscribed', channel: 'depth', symbols: ['600000.SH'], total: 1 });
    expect(await client.next()).toMatchObject({ op: 'depth', data: [{ symbol: '600000.SH' }] });
    expect(simulator.tickflow.topics).toEqual([
      'depth 600000.SH',
      'quote 000001.SZ',
      'quote 600000.SH',
      'quote AAPL.US',
    ]);
  });

  it('confirms what is left after an unsubscribe, without a snapshot', async () => {
    await start();
    const client = await stream();
    client.send({ op: 'subscribe', channel: 'quotes', symbols: ['600000.SH', '000001.SZ'] });
    await client.until(({ op }) => op === 'quotes');
    client.send({ op: 'unsubscribe', channel: 'quotes', symbols: ['600000.SH', 'TSLA.US'] });
    client.send({ op: 'unsubscribe', channel: 'depth', symbols: ['600000.SH'] });
    expect([await client.text(), await client.text()]).toEqual([
      '{"op":"subscribed","channel":"quotes","symbols":["000001.SZ"],"total":1}',
      '{"op":"subscribed","channel":"depth","symbols":[],"total":0}',
    ]);
  });

  it('drops symbols that do not exist without a word', async () => {
    await start({}, { unknown: ['GONE.US'] });
    const client = await stream();
    const symbols = ['NOPE.US', 'GONE.US', '700.HK', '00700.HK', 'AU2604.SHF', 'au2604.SHF', 'BTCUSDT.BA', 'x'];
    client.send({ op: 'subscribe', channel: 'quotes', symbols });
    expect(await client.next()).toMatchObject({ symbols: ['00700.HK', 'au2604.SHF'], total: 2 });
    expect(simulator.tickflow.topics).toEqual(['quote 700.HK', 'quote au2604.SHF']);
  });

  it('speaks without channels on the old path', async () => {
    await start();
    const client = await rawClient(`${simulator.url}/v1/ws/quotes?api_key=demo`);
    client.send({ op: 'subscribe', symbols: ['600000.SH', '000001.SZ'] });
    expect(await client.text()).toBe('{"op":"subscribed","symbols":["600000.SH","000001.SZ"],"total":2}');
    expect(await client.next()).toMatchObject({ op: 'quotes' });
    client.send({ op: 'unsubscribe', symbols: ['600000.SH'] });
    expect(await client.text()).toBe('{"op":"subscribed","symbols":["000001.SZ"],"total":1}');
  });

  it('confirms with a number only when told to', async () => {
    await start({ terse: true });
    const client = await stream();
    client.send({ op: 'subscribe', channel: 'quotes', symbols: ['600000.SH'] });
    expect(await client.text()).toBe('{"op":"subscribed","total":1}');
  });

  it.each([
    ['invalid message: expected value', 'hello'],
    ['invalid message: unknown op', { op: 'buy', channel: 'quotes', symbols: [] }],
    ['invalid message: symbols is not a list of strings', { op: 'subscribe', channel: 'quotes', symbols: 'AAPL.US' }],
    ['invalid message: symbols is not a list of strings', { op: 'subscribe', channel: 'quotes', symbols: [1] }],
    ['invalid message: missing field `channel`', { op: 'subscribe', symbols: ['AAPL.US'] }],
    ['unknown channel: trades', { op: 'subscribe', channel: 'trades', symbols: ['AAPL.US'] }],
    ['no permission for channel: depth', { op: 'subscribe', channel: 'depth', symbols: ['AAPL.US'] }],
    ['exceeded max 2 symbols', { op: 'subscribe', channel: 'quotes', symbols: ['AAPL.US', 'TSLA.US', '00700.HK'] }],
  ])('answers "%s"', async (message, command) => {
    await start({ channels: ['quotes'], maxSymbols: 2 });
    const client = await stream();
    client.send(command);
    expect(await client.next()).toEqual({ op: 'error', message });
    expect(simulator.tickflow.topics).toEqual([]);
  });

  it('counts the symbols of each channel by themselves', async () => {
    await start({ maxSymbols: 1 });
    const client = await stream();
    client.send({ op: 'subscribe', channel: 'quotes', symbols: ['AAPL.US'] });
    client.send({ op: 'subscribe', channel: 'depth', symbols: ['TSLA.US'] });
    client.send({ op: 'subscribe', channel: 'depth', symbols: ['AAPL.US'] });
    expect(await client.until(({ op }) => op === 'error')).toEqual({
      op: 'error',
      message: 'exceeded max 1 symbols',
    });
    expect(simulator.tickflow.topics).toEqual(['depth TSLA.US', 'quote AAPL.US']);
  });

  it('forgets subscriptions with the connection', async () => {
    await start();
    const client = await stream();
    client.send({ op: 'subscribe', channel: 'quotes', symbols: ['600000.SH'] });
    await client.next();
    simulator.tickflow.close();
    await client.closed;
    expect(simulator.tickflow).toMatchObject({ live: 0, topics: [] });
  });
});

describe('the TickFlow server: pushes', () => {
  const asked = async (channel: string, symbols: string[]): Promise<[RawClient, readonly Row[]]> => {
    const client = await stream();
    client.send({ op: 'subscribe', channel, symbols });
    await client.next();
    return [client, rowsOf(await client.next())];
  };

  it('has the shapes of the vendor page', async () => {
    await start();
    const [, quotes] = await asked('quotes', ['600000.SH']);
    expect(shapeOf(quotes)).toEqual(
      shapeOf([
        {
          symbol: '600000.SH',
          region: 'CN',
          last_price: 9.72,
          prev_close: 9.78,
          open: 9.78,
          high: 9.78,
          low: 9.68,
          volume: 426585,
          amount: 422430500,
          timestamp: 1776754802000,
          ext: {
            type: 'cn_equity',
            name: '浦发银行',
            change_pct: -0.006135,
            change_amount: -0.06,
            amplitude: 0.010225,
            turnover_rate: 0.001281,
          },
        },
      ]),
    );
    const [, depth] = await asked('depth', ['600000.SH']);
    expect(shapeOf(depth)).toEqual(
      shapeOf([
        {
          symbol: '600000.SH',
          region: 'CN',
          timestamp: 1776754802000,
          bid_prices: [9.72, 9.71, 9.7, 9.69, 9.68],
          bid_volumes: [3192, 3870, 26168, 5849, 5480],
          ask_prices: [9.73, 9.74, 9.75, 9.76, 9.77],
          ask_volumes: [74, 1602, 1148, 1209, 1109],
        },
      ]),
    );
    expect(depth[0]?.bid_prices).toHaveLength(5);
  });

  it('says what is true: mainland volumes in lots, changes as fractions, five levels', async () => {
    await start();
    simulator.sweep('600000.SH', 'seller');
    simulator.step();
    const [, [quote]] = await asked('quotes', ['600000.SH']);
    const [, [depth]] = await asked('depth', ['600000.SH']);
    const truth = simulator.snapshot('600000.SH');
    expect(quote).toMatchObject({
      last_price: truth.last,
      prev_close: 9.78,
      volume: truth.volume / 100,
      amount: truth.turnover,
      timestamp: truth.time,
    });
    expect(quote?.ext).toMatchObject({ type: 'cn_equity', name: '浦发银行' });
    expect(quote?.ext.change_pct).toBeCloseTo((truth.last - 9.78) / 9.78, 6);
    expect(quote?.ext.amplitude).toBeCloseTo((truth.high - truth.low) / 9.78, 6);
    expect(depth?.ask_volumes).toEqual(truth.asks.slice(0, 5).map(({ size }) => size / 100));
    expect(Number.isInteger(quote?.volume)).toBe(true);
  });

  it('counts shares abroad, and has no ext for futures', async () => {
    await start();
    const [, quotes] = await asked('quotes', ['00700.HK', 'AAPL.US', 'SPY.US', 'au2604.SHF']);
    expect(quotes).toMatchObject([
      { region: 'HK', volume: simulator.snapshot('700.HK').volume, ext: { type: 'hk_equity', name: '腾讯控股' } },
      { region: 'US', volume: simulator.snapshot('AAPL.US').volume, ext: { type: 'us_equity' } },
      { region: 'US', ext: { name: 'SPDR S&P 500 ETF' } },
      { region: 'CN', volume: simulator.snapshot('au2604.SHF').volume },
    ]);
    expect(quotes[3]).not.toHaveProperty('ext');
  });

  it('sends only what is subscribed and has changed, many symbols in one frame', async () => {
    await start();
    const [client] = await asked('quotes', ['AAPL.US', 'TSLA.US', '00700.HK']);
    for (let steps = 0; steps < 20; steps += 1) {
      const before = ['AAPL.US', 'TSLA.US', '700.HK'].map((symbol) => simulator.snapshot(symbol).trades);
      simulator.step();
      const changed = ['AAPL.US', 'TSLA.US', '700.HK'].filter(
        (symbol, at) => simulator.snapshot(symbol).trades > before[at]!,
      );
      if (changed.length === 0) continue;
      const rows = rowsOf(await client.next());
      expect(rows.map(({ symbol }) => symbol.replace(/^00/, '')).sort()).toEqual(changed.sort());
    }
  });

  it('sends one level of nothing where nobody sells, or nobody buys', async () => {
    await start();
    const [client] = await asked('depth', ['600000.SH', '000001.SZ']);
    simulator.sweep('600000.SH', 'buyer');
    expect(await client.next()).toMatchObject({ data: [{ ask_prices: [0], ask_volumes: [0] }] });
    simulator.sweep('000001.SZ', 'seller');
    expect(await client.next()).toMatchObject({ data: [{ bid_prices: [0], bid_volumes: [0] }] });
  });

  it('has no price before the open', async () => {
    await start({ session: true }, { market: 'sessions', start: Date.UTC(2026, 3, 21, 1, 20) });
    const [, [quote]] = await asked('quotes', ['600000.SH']);
    const change = { change_pct: 0, change_amount: 0, amplitude: 0 };
    const figures = { last_price: 0, open: 0, high: 0, low: 0, volume: 0, amount: 0 };
    expect(quote).toMatchObject({ ...figures, session: 'pre_market', prev_close: expect.any(Number), ext: change });
    expect((quote as unknown as { prev_close: number }).prev_close).toBeGreaterThan(0);
  });

  it('names the session when told to', async () => {
    await start({ session: true }, { market: 'sessions', start: Date.UTC(2026, 3, 21, 4) });
    simulator.halt('600000.SH');
    const [, quotes] = await asked('quotes', ['000001.SZ', '600000.SH']);
    expect(quotes).toMatchObject([{ session: 'lunch_break' }, { session: 'halted' }]);
  });
});
