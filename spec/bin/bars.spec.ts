import { jsonBars, liveBars, plainBars, withBars, type BarOptions } from '../../lib/bin/views/klines.js';
import type { SourceEvent } from '../../lib/bin/sources.js';
import { ConnectionLost, trades, type FeedEvent } from '../../lib/index.js';
import { aTrade, marbles } from '../../lib/testing/index.js';
import { fakeIo, FakeOutput } from './fakeIo.js';

const MINUTE = 60_000;
const making: BarOptions = { interval: '1m', simulated: true, forming: false };
const heard = (event: FeedEvent, source = 'itick:stock'): SourceEvent => ({ source, event });
const trade = (minute: number, price: number, source?: string): SourceEvent =>
  heard(aTrade({ provider: 'itick', price, size: 2, time: minute * MINUTE, receivedAt: 0 }), source);
const link = { provider: 'itick', receivedAt: 0 } as const;
const connected = heard({ ...link, kind: 'connected', attempt: 1, resumed: undefined });
const lost = heard({ ...link, kind: 'disconnected', cause: new ConnectionLost(1006), attempt: 1, retryAt: 500 });
const events = { c: connected, d: lost, o: trade(1, 10), h: trade(1, 12), n: trade(2, 11), l: trade(1, 9) };

/** The end of the turn uncorks a fake stream. */
const written = async (out: FakeOutput): Promise<string[]> => {
  await Promise.resolve();
  return out.lines();
};

describe('jsonBars', () => {
  it('writes a bar when it is closed, and again when it is corrected', async () => {
    const out = new FakeOutput();
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('cohnl|', events).pipe(withBars(making), jsonBars(out))).toBe('-----|');
    })();
    const bars = (await written(out)).map((line): unknown => JSON.parse(line));
    expect(bars).toMatchObject([
      { kind: 'kline', openTime: MINUTE, open: 10, high: 12, low: 10, close: 12, volume: 4, closed: true, revision: 0 },
      { openTime: MINUTE, low: 9, volume: 6, revision: 1 },
    ]);
    expect(bars).toHaveLength(2);
  });

  it('makes bars of each source alone', async () => {
    const out = new FakeOutput();
    const two = { a: trade(1, 10, 'itick:stock'), b: trade(1, 20, 'itick:fund'), n: trade(2, 10, 'itick:stock') };
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('abn|', two).pipe(withBars(making), jsonBars(out))).toBe('---|');
    })();
    expect(await written(out)).toEqual([expect.stringContaining('"high":10,')]);
  });

  it('closes bars of a real market by the clock too', async () => {
    const out = new FakeOutput();
    const btc = heard(aTrade({ symbol: 'BTCUSDT.BA', time: 0 }));
    marbles(({ cold, expectObservable }) => {
      const real: BarOptions = { ...making, simulated: false };
      expectObservable(cold('b 2m |', { b: btc }).pipe(withBars(real), jsonBars(out))).toBe('- 2m |');
    })();
    expect(await written(out)).toEqual([expect.stringContaining('"closed":true')]);
  });
});

describe('plainBars', () => {
  it('writes a line for each closed bar, and for what happens to a link', async () => {
    const out = new FakeOutput();
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('cohdnl|', events).pipe(withBars(making), plainBars(out))).toBe('------|');
    })();
    expect((await written(out)).map((line) => line.slice('12:00:00.000 '.length))).toEqual([
      'itick:stock connected',
      'itick:stock disconnected: the connection was lost (close code 1006); retry 1 in 0.5 s',
      expect.stringMatching(/^itick AAPL\.US kline 1m \d\d:\d\d o 10 h 12 l 10 c 12 vol 4/),
      expect.stringMatching(/ o 10 h 12 l 9 c 9 vol 6 .*revision 1$/),
    ]);
  });
});

describe('liveBars', () => {
  it(
    'keeps the bars on a terminal as they form',
    marbles(({ cold, expectObservable, flush }) => {
      const io = fakeIo({ terminal: true });
      const source = {
        name: 'itick:stock',
        vendor: 'itick',
        variant: 'stock',
        topics: trades('AAPL.US'),
        credential: 'demo',
        url: undefined,
      } as const;
      const display = liveBars({ sources: [source], title: '1m', colors: 'none', blocks: true }, io);
      expectObservable(cold('cohn', events).pipe(withBars({ ...making, forming: true }), display), '1s !').toBe('');
      flush();
      const [, left] = io.stdout.text.split('\u001b[?1049l');
      expect(left).toMatch(/^rxtape 1m\s+SYMBOL[^]*itick:stock +live[^]*AAPL\.US [^]* 11 .*▅/);
    }),
  );
});
