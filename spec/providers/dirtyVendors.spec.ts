import { asyncScheduler, tap, type Observable } from 'rxjs';
import {
  calendars,
  depths,
  klines,
  mid,
  quotes,
  toKlines,
  type Depth,
  type FeedEvent,
  type Kline,
} from '../../lib/index.js';
import { itick, type ItickOptions } from '../../lib/providers/itick/index.js';
import { tickflow } from '../../lib/providers/tickflow/index.js';
import { aQuote, fakeNetwork, marbles } from '../../lib/testing/index.js';

/** All that comes until `until`. */
const collected = <T>(source$: Observable<T>, until: number): readonly T[] => {
  const said: T[] = [];
  const subscription = source$.subscribe((value) => said.push(value));
  asyncScheduler.schedule(() => subscription.unsubscribe(), until);
  return said;
};

/** An iTick that accepts everything and then says frames, one a millisecond from 10 ms on. */
const saying = (...frames: readonly (string | ArrayBuffer)[]) =>
  fakeNetwork((connection) => {
    connection.received$.subscribe((text) => {
      if (text.includes('"subscribe"')) connection.say('{"code":1,"resAc":"subscribe","msg":"ok"}');
    });
    connection.open();
    connection.say('{"code":1,"resAc":"auth","msg":"authenticated"}');
    frames.forEach((frame, i) => asyncScheduler.schedule(() => connection.say(frame), 10 + i));
  }).openSocket;

const push = (data: object): string => JSON.stringify({ code: 1, data: { s: 'AAPL', r: 'US', ...data } });
const hour = Date.UTC(2024, 10, 15, 15);
const bar = (minute: number): string =>
  push({ t: hour + minute * 60_000, o: 1, h: 4, l: 1, c: 3, v: 10, type: 'kline@3' });
const kindOf = (event: FeedEvent): string => (event.kind === 'kline' ? `kline ${event.interval}` : event.kind);

describe('bars of code 3 of iTick', () => {
  const heard = (interval: '10m' | '15m', frames: readonly string[], options: Partial<ItickOptions> = {}) => {
    let said: readonly FeedEvent[] = [];
    marbles(() => {
      const openSocket = saying(...frames);
      const topics = klines(interval, 'AAPL.US');
      said = collected(itick({ token: 'demo', market: 'stock', topics, openSocket, ...options }), 100);
    })();
    return said;
  };

  it.each([10, 20, 40, 50])('are of ten minutes once one opens at :%d: a list for 10m is served', (minute) => {
    const said = heard('10m', [bar(minute), bar(0), bar(30)]);
    expect(said.map(kindOf)).toEqual(['connected', 'subscribed', 'kline 10m', 'kline 10m', 'kline 10m']);
    expect(said[2]).toMatchObject({ openTime: hour + minute * 60_000, closeTime: hour + (minute + 10) * 60_000 });
  });

  it.each([10, 20, 40, 50])('are of ten minutes once one opens at :%d: a list for 15m is refused', (minute) => {
    const said = heard('15m', [bar(0), bar(minute), bar(0)]);
    expect(said.map(kindOf)).toEqual(['connected', 'subscribed', 'kline 15m', 'refused']);
    expect(said[3]).toMatchObject({ topics: klines('15m', 'AAPL.US') });
    expect(said[3]?.kind === 'refused' && said[3].reason).toMatch(/resampleKlines.*5m/);
  });

  it('are what the option says, from the first on', () => {
    expect(heard('10m', [bar(0)], { klineCode3: '10m' }).map(kindOf)).toContain('kline 10m');
    expect(heard('15m', [bar(0), bar(10)], { klineCode3: '15m' }).map(kindOf)).toContain('kline 15m');
    expect(() => heard('15m', [], { klineCode3: '10m' })).toThrow(/resampleKlines.*5m/);
  });
});

describe('a stamp hours ahead', () => {
  const symbol = '600000.SH';
  const feeds = {
    itick: (openSocket: ReturnType<typeof saying>) =>
      itick({ token: 'demo', market: 'stock', topics: quotes(symbol), openSocket }),
    tickflow: (openSocket: ReturnType<typeof saying>) =>
      tickflow({ apiKey: 'demo', topics: quotes(symbol), openSocket }),
  };

  it.each(['itick', 'tickflow'] as const)('of %s stops no bar, and the event says what was sent', (name) => {
    let bars: readonly Kline[] = [];
    const events: FeedEvent[] = [];
    marbles(({ server }) => {
      const vendor = server(name);
      const at = (receivedAt: number, last: number, time = receivedAt): void => {
        asyncScheduler.schedule(() => vendor.act(aQuote({ symbol, time, last, volume: receivedAt })), receivedAt);
      };
      at(1_000, 10);
      at(2_000, 11, 21_600_000);
      at(3_000, 12);
      at(65_000, 13);
      at(125_000, 14);
      const heard$ = feeds[name](vendor.openSocket).pipe(tap((event) => events.push(event)));
      bars = collected(heard$.pipe(toKlines('1m', { calendar: calendars.always })), 130_000);
    })();
    const prices = new Map(bars.map(({ openTime, open, high, close }) => [openTime, [open, high, close]]));
    expect([...prices]).toEqual([
      [0, [10, 12, 12]],
      [60_000, [13, 13, 13]],
      [120_000, [14, 14, 14]],
    ]);
    expect(events.find((event) => event.kind === 'quote' && event.last === 11)).toMatchObject({
      time: 2_000,
      vendorTime: 21_600,
    });
  });
});

describe('a frame behind a byte order mark', () => {
  const quote = `\ufeff${push({ ld: 7, type: 'quote', t: hour })}`;
  const bytes = new TextEncoder().encode(quote);

  it.each<readonly [string, string | ArrayBuffer]>([
    ['text', quote],
    ['binary', bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)],
  ])('is read like any other: %s', (_, frame) => {
    let said: readonly FeedEvent[] = [];
    marbles(() => {
      const openSocket = saying(frame);
      said = collected(itick({ token: 'demo', market: 'stock', topics: quotes('AAPL.US'), openSocket }), 100);
    })();
    expect(said.map(kindOf)).toEqual(['connected', 'subscribed', 'quote']);
    expect(said[2]).toMatchObject({ last: 7 });
  });
});

describe('a depth of iTick forex, of one level without sizes', () => {
  it('has a mid', () => {
    let said: readonly FeedEvent[] = [];
    marbles(() => {
      const data = { s: 'EURUSD', r: 'GB', a: [{ po: 1, p: 1.143, v: 0 }], b: [{ po: 1, p: 1.1428, v: 0 }], t: hour };
      const openSocket = saying(push({ ...data, type: 'depth' }));
      said = collected(itick({ token: 'demo', market: 'forex', topics: depths('EURUSD.GB'), openSocket }), 100);
    })();
    const depth = said.find((event): event is Depth => event.kind === 'depth');
    expect(depth && mid(depth)).toBeCloseTo(1.1429, 10);
    expect(depth?.asks).toEqual([{ price: 1.143 }]);
  });
});
