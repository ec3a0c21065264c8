import { calendars } from '../../../lib/model/calendar/calendars.js';
import { InvalidOption } from '../../../lib/model/errors.js';
import { depths, klines, quotes, trades } from '../../../lib/model/topic.js';
import { healthFold, type HealthEvent } from '../../../lib/operators/health/healthFold.js';
import { aQuote } from '../../../lib/testing/builders.js';
import { at, folded, healthOf, numbered } from './stage.js';

const trade = trades('AAPL.US');
const quote = quotes('AAPL.US');
const depth = depths('AAPL.US');

/** Shares to three digits, as spans are in milliseconds. */
const shares = (now: number, events: readonly HealthEvent[], options = {}) => {
  const { verified, clean, watched } = healthOf(now, events, options);
  return { verified, clean, watched };
};

describe('what health counts', () => {
  it('is every event by its kind, those of a provider of one’s own too', () => {
    const { events } = healthOf(9, [
      at.connected(1),
      at.trade(2, 1),
      at.trade(3, 2),
      at.quote(4, 10),
      at.depth(5),
      at.bbo(6),
      at.kline(7),
      at.said({ kind: 'funding', symbol: 'AAPL.US' }),
    ]);
    expect(events).toEqual({ connected: 1, trade: 2, quote: 1, depth: 1, bbo: 1, kline: 1, funding: 1 });
  });

  it('is in a second what was added since the report before', () => {
    const fold = folded([at.connected(1), at.trade(2, 1)]);
    const before = fold.report(1_000);
    [at.trade(1_100, 2), at.trade(1_200, 3), at.quote(1_300, 1)].forEach(fold.accept);
    expect(before.perSecond).toBeUndefined();
    expect(fold.report(3_000, before).perSecond).toEqual({ connected: 0, trade: 1, quote: 0.5 });
    expect(fold.report(3_000, before).feeds[0]?.perSecond).toEqual({ connected: 0, trade: 1, quote: 0.5 });
    expect(fold.report(1_000, before).perSecond).toBeUndefined();
  });

  it('is refused topics, unreadable frames, and each event that was never asked for', () => {
    const health = healthOf(9, [
      at.refused(1, ...trade, ...quote),
      at.refused(2),
      at.said({ kind: 'undecodable', frame: '', problems: [] }),
      at.said({ kind: 'unexpected', topic: trade[0], count: 3 }),
      at.said({ kind: 'unexpected', topic: quote[0], count: 1 }),
    ]);
    expect(health).toMatchObject({ refused: 3, undecodable: 1, unexpected: 4, topics: { refused: 2, wanted: 2 } });
  });

  it('is the lag of what the vendor stamped, bars excepted', () => {
    const { lag } = healthOf(9, [
      at.quote(1_000, 1, { time: 993 }),
      at.quote(1_000, 1, { time: 400 }),
      at.quote(1_000, 1),
      at.kline(1_000, { time: 0 }),
    ]);
    expect(lag).toMatchObject({ count: 2, sum: 607, latest: 600, worst: 600, p50: 10, p99: 600 });
    expect(lag.bounds).toEqual([5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000]);
    expect(lag.counts).toEqual([0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
  });

  it('is the lag less what the clock of the vendor is off, once a pong has told it', () => {
    const health = healthOf(9, [
      at.said({ kind: 'latency', roundTrip: 40, clockOffset: 300 }),
      at.said({ kind: 'latency', roundTrip: 60 }),
      at.quote(1_000, 1, { time: 1_200 }),
    ]);
    expect(health.lag.latest).toBe(100);
    expect(health.clockOffset).toBe(300);
    expect(health.roundTrip).toMatchObject({ count: 2, worst: 60, p50: 50, p99: 60 });
  });

  it('is nothing, and no share, of nothing', () => {
    const health = healthOf(5, []);
    expect(health).toMatchObject({ at: 5, events: {}, feeds: [], watched: 0, inSession: false, isLagging: false });
    expect([health.verified, health.clean, health.heardAt, health.lag.p50, health.perSecond]).toEqual(
      Array(5).fill(undefined),
    );
  });

  it('is what bounded buffers say', () => {
    const { buffer } = healthOf(9, [
      { kind: 'slowConsumer', waiting: 80, receivedAt: 1 },
      { kind: 'dropped', count: 7, receivedAt: 2 },
      { kind: 'slowConsumerCleared', waiting: 20, receivedAt: 3 },
      { kind: 'slowConsumer', waiting: 90, receivedAt: 4 },
      { kind: 'dropped', count: 1, receivedAt: 5 },
    ]);
    expect(buffer).toEqual({ waiting: 90, isSlow: true, slowTimes: 2, dropped: 8 });
  });

  it('is what a standby says, and a feed of which only its data are known is live', () => {
    const health = healthOf(9, [
      at.connected(1),
      at.said({ kind: 'switched', symbols: 'all', from: 'primary', to: 'secondary', cause: { _tag: 'Stale' } }),
      at.said({ kind: 'standbyLost', cause: { _tag: 'ConnectionLost' } }),
      at.said({ kind: 'diverged', symbol: 'AAPL.US', prices: { primary: 1, secondary: 2 }, for: 5 }),
      aQuote({ provider: 'other', receivedAt: 3 }),
    ]);
    expect(health).toMatchObject({
      switches: [{ from: 'primary', to: 'secondary', cause: 'Stale', count: 1 }],
      standbyLosses: 1,
      divergences: 1,
    });
    expect(health.feeds.map(({ feed, state }) => [feed, state])).toEqual([
      ['test', 'live'],
      ['other', 'live'],
    ]);
  });

  it('is how often the data fell behind, and whether they are', () => {
    const behind = [at.said({ kind: 'lagging', lag: 6_000 })];
    expect(healthOf(9, behind)).toMatchObject({ lags: 1, isLagging: true });
    expect(healthOf(9, [...behind, at.said({ kind: 'caughtUp', lag: 6_000, from: 0 })])).toMatchObject({
      lags: 1,
      isLagging: false,
    });
  });

  it('is each link event once, however often it is heard', () => {
    const twice = (event: HealthEvent) => [event, event];
    const events = [at.connected(1), at.lost(5), at.lost(9, 2), at.connected(12, 4)].flatMap(twice);
    const { connects, disconnects, holes, holeLengths } = healthOf(20, events);
    expect({ connects, disconnects, holes }).toEqual({
      connects: 2,
      disconnects: [{ cause: 'ConnectionLost', code: 1006, count: 2 }],
      holes: { open: 0, whole: 0, partial: 0, none: 1 },
    });
    expect(holeLengths).toMatchObject({ count: 1, worst: 8 });
  });

  it('is no hole before the first connection', () => {
    const health = healthOf(9, [at.lost(1), at.lost(2, 2), at.connected(3)]);
    expect(health.holes).toEqual({ open: 0, whole: 0, partial: 0, none: 0 });
    expect(health.disconnects).toEqual([{ cause: 'ConnectionLost', code: 1006, count: 2 }]);
    expect(health.feeds[0]?.state).toBe('live');
  });

  it('is of each feed, and of all together', () => {
    const other = { provider: 'test', feed: 'test:2' };
    const health = healthOf(10, [
      at.connected(0),
      at.quote(0, 1),
      at.quote(10, 2),
      { ...at.connected(0), ...other },
      { ...at.quote(0, 1), ...other },
      { ...at.lost(5), ...other },
    ]);
    expect(health.feeds.map(({ feed, state, clean, verified }) => [feed, state, clean, verified])).toEqual([
      ['test', 'live', 1, 1],
      ['test:2', 'down', 0, 0.5],
    ]);
    expect(health).toMatchObject({ clean: 0.5, verified: 0.75, events: { quote: 3 }, holes: { open: 1 }, heardAt: 10 });
  });

  it('rejects options that make no sense', () => {
    expect(() => healthFold({ staleAfter: 0 })).toThrow(InvalidOption);
    expect(() => healthFold({ calendar: { ...calendars.cn, zone: 'Mars' } })).toThrow(InvalidOption);
  });
});

describe('verified and clean', () => {
  it('are between two data that would show what is missing', () => {
    const begun = [at.connected(0), at.served(0, ...trade)];
    expect(shares(10, begun)).toEqual({ verified: 0, clean: 0, watched: 10 });
    expect(shares(10, [...begun, at.trade(2, 7)])).toEqual({ verified: 0, clean: 0, watched: 10 });
    expect(shares(10, [...begun, at.trade(2, 7), at.trade(8, 8)])).toEqual({ verified: 0.6, clean: 0.6, watched: 10 });
  });

  it('are nothing where nothing can be detected, but for a known hole', () => {
    const seen = [at.connected(0), at.bbo(0), at.bbo(5), at.bbo(10)];
    expect(shares(10, seen)).toEqual({ verified: 0, clean: 0, watched: 10 });
    expect(shares(10, [...seen.slice(0, 3), at.lost(6), at.connected(9, 5)])).toEqual({
      verified: 0.4,
      clean: 0,
      watched: 10,
    });
  });

  it.each([
    ['ids', [at.trade(0, 1), at.trade(10, 2)]],
    ['numbers of a book', [at.snapshot(0, 4), at.update(10, 5)]],
    ['cumulative figures', [at.quote(0, 5), at.quote(10, 9)]],
  ])('go by %s', (_, events) => {
    expect(shares(10, events)).toEqual({ verified: 1, clean: 1, watched: 10 });
    expect(shares(10, events, { capabilities: [{ ...numbered, channels: {} }] })).toMatchObject({ verified: 0 });
  });

  it('go by figures and numbered books where nothing is said of the vendor, and by ids once 16 went up by one', () => {
    const capabilities: [] = [];
    expect(shares(10, [at.quote(0, 5), at.quote(10, 9)], { capabilities })).toMatchObject({ clean: 1 });
    expect(shares(10, [at.snapshot(0, 4), at.update(10, 5)], { capabilities })).toMatchObject({ clean: 1 });
    const ids = Array.from({ length: 18 }, (_, i) => at.trade(i, 100 + i));
    expect(shares(16, ids.slice(0, 17), { capabilities })).toMatchObject({ clean: 0 });
    expect(shares(18, [...ids, at.trade(18, 118)], { capabilities })).toMatchObject({ clean: 1 / 18 });
    const even = Array.from({ length: 40 }, (_, i) => at.trade(i, 100 + 2 * i));
    expect(healthOf(40, even, { capabilities })).toMatchObject({ verified: 0, missedEvents: { missed: 0 } });
  });

  it('count a known hole as verified and not as clean, while it lasts and after it', () => {
    const events = [at.connected(0), at.served(0, ...quote), at.quote(0, 1), at.quote(4, 2), at.lost(6)];
    expect(shares(10, events)).toEqual({ verified: 0.8, clean: 0.4, watched: 10 });
    const back = [...events, at.connected(8, 5), at.served(9, ...quote)];
    expect(shares(10, back)).toEqual({ verified: 0.8, clean: 0.4, watched: 10 });
    expect(shares(10, [...back, at.quote(10, 3)])).toEqual({ verified: 1, clean: 0.6, watched: 10 });
  });

  it('take a topic that is not served again as lost since the first of two losses', () => {
    const events = [
      at.connected(0),
      at.served(0, ...quote, ...trade),
      at.quote(0, 1),
      at.lost(2),
      at.connected(3, 2),
      at.served(3, ...trade),
      at.lost(6),
      at.connected(7, 6),
      at.served(7, ...trade, ...quote),
    ];
    const { verified, watched, holes } = healthOf(10, events);
    expect(watched).toBe(20);
    // 2 to 7 of the quotes, 2 to 3 and 6 to 7 of the trades.
    expect(verified).toBeCloseTo(7 / 20);
    expect(holes).toEqual({ open: 0, whole: 0, partial: 0, none: 1 });
    expect(healthOf(6, events.slice(0, 6)).holes.open).toBe(1);
    expect(healthOf(6, events.slice(0, 6)).topics).toMatchObject({ wanted: 2, served: 1 });
  });

  it('end with the topic', () => {
    const events = [at.connected(0), at.served(0, ...quote), at.quote(0, 1), at.quote(4, 2), at.left(5, ...quote)];
    expect(shares(100, events)).toEqual({ verified: 0.8, clean: 0.8, watched: 5 });
    expect(shares(100, [...events, at.served(90, ...quote)])).toMatchObject({ watched: 15 });
    expect(shares(100, [...events, at.left(60, ...quote), at.refused(60, ...depth)])).toMatchObject({ watched: 5 });
    const lost = [...events.slice(0, 4), at.lost(4), at.connected(6, 4), at.left(8, ...quote)];
    expect(shares(100, lost)).toEqual({ verified: 1, clean: 0.5, watched: 8 });
  });

  it('count trading time alone', () => {
    const noon = Date.UTC(2026, 10, 27, 4);
    const hour = 3_600_000;
    const symbol = '700.HK';
    const hk = (time: number, volume: number) => at.quote(time, volume, { symbol });
    const events = [hk(noon - hour, 1), hk(noon - hour / 2, 2), hk(noon + 2 * hour, 3)];
    // An hour before the break, and one after it.
    const options = { calendar: undefined };
    expect(shares(noon + 2 * hour, events, options)).toEqual({ verified: 1, clean: 1, watched: 2 * hour });
    expect(healthOf(noon + hour / 2, events.slice(0, 2), options)).toMatchObject({
      watched: hour,
      clean: 0.5,
      inSession: false,
      topics: { stale: 1 },
    });
    expect(healthOf(noon + hour / 2, [hk(noon - 1_000, 1)], options).topics.stale).toBe(0);
    expect(healthOf(noon + 1.5 * hour, events, options).inSession).toBe(true);
  });

  it('go back across a break to where a link was lost', () => {
    const noon = Date.UTC(2026, 10, 27, 4);
    const minute = 60_000;
    const hk = (time: number, volume: number) => at.quote(time, volume, { symbol: '700.HK' });
    const events = [
      at.connected(noon - 60 * minute),
      hk(noon - 60 * minute, 1),
      hk(noon - 30 * minute, 2),
      at.lost(noon + 70 * minute),
      at.connected(noon + 80 * minute, noon - 10 * minute),
      hk(noon + 90 * minute, 3),
    ];
    const { watched, verified, clean } = healthOf(noon + 90 * minute, events, { calendar: undefined });
    expect(watched).toBe(90 * minute);
    expect(verified).toBe(1);
    // 10 minutes of the morning and 20 of the afternoon.
    expect(clean).toBeCloseTo(60 / 90);
  });

  it('know several spellings of an instrument as one, and intervals of bars as topics of their own', () => {
    const { topics, watched } = healthOf(10, [
      at.connected(0),
      at.served(0, ...quotes('00700.HK'), ...klines('1m', '700.HK'), ...klines('5m', '700.HK')),
      at.quote(4, 1, { symbol: '700.HK' }),
      at.kline(5, { symbol: '700.HK' }),
      at.kline(5, { symbol: '700.HK', interval: '5m' }),
      at.kline(5, { symbol: 'MSFT.US', source: 'backfill' }),
      at.bbo(5, { symbol: 'MSFT.US', valid: false }),
      at.quote(NaN, 1, { symbol: 'MSFT.US' }),
      at.quote(5, 1, { symbol: undefined }),
    ]);
    expect(topics).toMatchObject({ served: 3 });
    expect(watched).toBe(30);
  });

  it('do not judge what came too fast to be looked at', () => {
    const burst = Array.from({ length: 6_000 }, (_, i) => at.quote(1, i));
    const fold = folded([at.connected(0), at.served(0, ...quote, ...depth), ...burst]);
    const health = fold.report(100_000);
    expect(health.events['quote']).toBe(6_000);
    expect(health.unlooked).toBe(1_000);
    expect(health.topics).toMatchObject({ served: 2, stale: 0 });
    fold.accept(at.depth(50_000));
    expect(fold.report(100_000).topics.stale).toBe(1);
    [at.trade(50_000, 1), at.snapshot(50_000, 1)].forEach(fold.accept);
    expect(fold.report(60_000).unlooked).toBe(1_000);
  });
});
