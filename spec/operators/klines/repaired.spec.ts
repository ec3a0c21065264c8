import { asyncScheduler, Subject } from 'rxjs';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Kline } from '../../../lib/model/marketEvent.js';
import type { KlineOptions } from '../../../lib/operators/klines/KlineOptions.js';
import { resampleKlines } from '../../../lib/operators/klines/resampleKlines.js';
import { toKlines } from '../../../lib/operators/klines/toKlines.js';
import { aKline, aQuote, aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';

const MINUTE = 60_000;
const symbol = 'BTCUSDT.BA';

const at = (minute: number, second: number) => ({
  symbol,
  time: minute * MINUTE + second * 1_000,
  receivedAt: minute * MINUTE + second * 1_000,
});
const trade = (minute: number, second: number, price: number, size: number) =>
  aTrade({ ...at(minute, second), price, size });
const quote = (minute: number, second: number, last: number, volume: number) =>
  aQuote({ ...at(minute, second), last, volume });
const repaired = (minute: number, price: number, fields: Partial<Kline> = {}) =>
  aKline({
    ...at(minute, 0),
    openTime: minute * MINUTE,
    closeTime: (minute + 1) * MINUTE,
    open: price,
    high: price,
    low: price,
    close: price,
    volume: 100,
    closed: true,
    revision: 1,
    coverage: 0.5,
    source: 'backfill',
    ...fields,
  });

/** Events at their minute and second, the others when they are due; and the bars that come of them. */
const barsOf = (
  flush: () => void,
  events: readonly (readonly [ms: number, event: FeedEvent])[],
  options: KlineOptions = {},
) => {
  const feed$ = new Subject<FeedEvent>();
  const bars: string[] = [];
  const subscription = feed$.pipe(toKlines('1m', { forming: false, ...options })).subscribe((bar) => {
    bars.push(
      `${bar.openTime / MINUTE} ${bar.source} r${bar.revision} c${bar.close} v${bar.volume} m${bar.missedVolume} s${bar.coverage}`,
    );
  });
  for (const [ms, event] of events) asyncScheduler.schedule(() => feed$.next(event), ms);
  // Flat bars would go on for a month.
  asyncScheduler.schedule(() => subscription.unsubscribe(), 20 * MINUTE);
  flush();
  return bars;
};
const live = (...events: readonly FeedEvent[]) => events.map((event) => [event.receivedAt, event] as const);

describe('a repaired bar, in toKlines', () => {
  it(
    'corrects the closed one, beyond the horizon and before the first one too',
    marbles(({ flush }) => {
      const events = live(trade(1, 1, 10, 5), trade(2, 1, 11, 5), trade(3, 1, 12, 5));
      const repairs = [
        [4 * MINUTE, repaired(1, 20)],
        [4 * MINUTE, repaired(2, 21)],
        [4 * MINUTE, repaired(0, 19, { revision: 0 })],
      ] as const;
      expect(barsOf(flush, [...events, ...repairs], { horizon: 2 })).toEqual([
        '1 trades r0 c10 v5 m0 s0.9833333333333333',
        '2 trades r0 c11 v5 m0 s1',
        '1 backfill r1 c20 v100 m0 s0.5',
        '2 backfill r1 c21 v100 m0 s0.5',
        '0 backfill r0 c19 v100 m0 s0.5',
        '3 trades r0 c12 v5 m0 s1',
      ]);
    }),
  );

  it(
    'closes the one that forms, and is said once',
    marbles(({ flush }) => {
      const late = 2 * MINUTE + 5_000;
      const events = [
        ...live(trade(1, 1, 10, 5)),
        [late, repaired(1, 20)],
        [late, repaired(1, 20)],
        [late, repaired(1, 20, { coverage: 0.6 })],
      ] as const;
      expect(barsOf(flush, events, { grace: 30_000 })).toEqual([
        '1 backfill r0 c20 v100 m0 s0.5',
        '1 backfill r1 c20 v100 m0 s0.6',
      ]);
    }),
  );

  it.each([
    ['trade', trade(1, 50, 15, 7)],
    ['quote', quote(1, 50, 15, 7)],
  ])('holds a %s that comes late for it already', (_, event) =>
    marbles(({ flush }) => {
      const first = event.kind === 'trade' ? trade(1, 1, 10, 5) : quote(1, 1, 10, 5);
      const next = event.kind === 'trade' ? trade(3, 1, 12, 5) : quote(3, 1, 12, 10);
      const events = [
        ...live(first),
        [2 * MINUTE + 10_000, repaired(1, 20)],
        [2 * MINUTE + 20_000, event],
        ...live(next),
      ] as const;
      const bars = barsOf(flush, events);
      expect(bars.filter((bar) => bar.startsWith('1 '))).toHaveLength(2);
      expect(bars.at(-1)).toMatch(/^3 /);
    })(),
  );

  it(
    'gives its close to the flat bars behind it',
    marbles(({ flush }) => {
      const events = [...live(trade(1, 1, 10, 5), trade(4, 1, 12, 5)), [4 * MINUTE + 5_000, repaired(1, 20)]] as const;
      const bars = barsOf(flush, events, { empty: 'carry' });
      expect(bars.slice(0, 6).filter((bar) => / r1 /.test(bar))).toEqual([
        '1 backfill r1 c20 v100 m0 s0.5',
        '2 empty r1 c20 v0 m0 s1',
        '3 empty r1 c20 v0 m0 s1',
      ]);
    }),
  );

  it(
    'is the first word on a symbol, unless it is no bar or of another length',
    marbles(({ flush }) => {
      const events = [
        [1, repaired(1, 20)],
        [2, repaired(1, NaN)],
        [3, repaired(1, 20, { openTime: NaN })],
        [4, repaired(1, 20, { interval: '5m' })],
        [5, { ...repaired(1, 20), symbol: undefined as unknown as string }],
      ] as const;
      expect(barsOf(flush, events)).toEqual(['1 backfill r1 c20 v100 m0 s0.5']);
    }),
  );
});

describe('repaired parts, in resampleKlines', () => {
  const larger = (parts: readonly Kline[], options = {}) => {
    const parts$ = new Subject<Kline>();
    const bars: string[] = [];
    parts$.pipe(resampleKlines('5m', { forming: false, ...options })).subscribe((bar) => {
      bars.push(
        `${bar.openTime / MINUTE} ${bar.source} r${bar.revision} v${bar.volume} s${Math.round(bar.coverage * 100)}`,
      );
    });
    for (const part of parts) parts$.next(part);
    return bars;
  };
  const part = (minute: number, fields: Partial<Kline> = {}) =>
    repaired(minute, 10, { source: 'trades', coverage: 1, revision: 0, ...fields });
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => part(from + i));

  it('make the bar with a hole whole, beyond the horizon', () => {
    const parts = [
      ...range(0, 5),
      part(5),
      part(9, { coverage: 0.2 }),
      ...range(10, 40),
      repaired(7, 10, { coverage: 0 }),
    ];
    const bars = larger(parts, { horizon: 2 });
    expect(bars.at(-1)).toMatch(/^5 trades r1 v300 /);
  });

  it('make a bar that was never there, and none that is forgotten', () => {
    const parts = [...range(0, 5), ...range(20, 60), repaired(10, 10), repaired(2, 10)];
    expect(larger(parts, { horizon: 2 }).filter((bar) => /^(0|10) /.test(bar))).toEqual([
      '0 trades r0 v500 s100',
      '10 backfill r0 v100 s90',
    ]);
  });

  it('leave out a late part of a bar that is kept for repair alone', () => {
    const parts = [...range(0, 5), part(5, { coverage: 0.2 }), ...range(6, 40), part(6, { volume: 7 })];
    expect(larger(parts, { horizon: 2 }).filter((bar) => bar.startsWith('5 '))).toHaveLength(1);
  });
});
