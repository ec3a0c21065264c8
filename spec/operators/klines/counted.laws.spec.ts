import fc from 'fast-check';
import { bucketing } from '../../../lib/model/calendar/bucketing.js';
import { calendarOf } from '../../../lib/model/calendar/calendars.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Kline, Trade } from '../../../lib/model/marketEvent.js';
import { boundaryOf, settingsOf, type CountedLength } from '../../../lib/operators/klines/boundary.js';
import { klineBuilder } from '../../../lib/operators/klines/klineBuilder.js';
import { aTrade } from '../../../lib/testing/builders.js';
import { aTape, MINUTE } from './aTape.js';

const runs = { numRuns: 1_000 };
const HOUR = 60 * MINUTE;

const isTrade = (event: FeedEvent): event is Trade => event.kind === 'trade';
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** All words on all bars; the clock stands still. */
const wordsOn = (events: readonly FeedEvent[], length: CountedLength): Kline<string>[] => {
  const bars: Kline<string>[] = [];
  const outlet = { emit: (bar: Kline<string>) => bars.push(bar), closeAt: () => undefined, beat: () => undefined };
  const boundary = boundaryOf(length);
  const builder = klineBuilder(boundary, settingsOf(boundary, { forming: 'each' }), 0, outlet);
  events.forEach(builder.accept);
  return bars;
};

/** The closed bars, and the last word on the one that forms. */
const barsOf = (events: readonly FeedEvent[], length: CountedLength): Kline<string>[] =>
  wordsOn(events, length).filter(({ closed }, index, words) => closed || index === words.length - 1);

const aLength: fc.Arbitrary<CountedLength> = fc.oneof(
  fc.integer({ min: 1, max: 7 }).map((ticks) => ({ ticks })),
  fc.integer({ min: 1, max: 200 }).map((volume) => ({ volume })),
  fc.integer({ min: 1, max: 20_000 }).map((turnover) => ({ turnover })),
  fc.integer({ min: 1, max: 20 }).map((range) => ({ range })),
);

/** Some days of trades, each of which may arrive after some later ones. */
const someDays: fc.Arbitrary<readonly Trade[]> = fc
  .tuple(
    fc.constantFrom('BTCUSDT.BA', 'AAPL.US', '700.HK', 'au2604.SHF'),
    fc.array(
      fc.record({
        wait: fc.constantFrom(0, 1, MINUTE, HOUR, 5 * HOUR, 30 * HOUR),
        price: fc.integer({ min: 90, max: 110 }),
        size: fc.integer({ min: 0, max: 50 }),
        delay: fc.constantFrom(0, 0, 0, 1.5, 3.5),
      }),
      { minLength: 1, maxLength: 40 },
    ),
  )
  .map(([symbol, steps]) => {
    let time = Date.parse('2026-03-05');
    return steps
      .map(({ wait, price, size, delay }, index) => {
        time += wait;
        return { place: index + delay, trade: aTrade({ symbol, time, receivedAt: time, price, size }) };
      })
      .sort((a, b) => a.place - b.place)
      .map(({ trade }) => trade);
  });

interface Seen extends Trade {
  /** The latest time so far. */
  readonly now: number;
}

/** What is of size 0 is no execution. */
const grouped = (trades: readonly Trade[], length: CountedLength): Seen[][] => {
  const { ticks = Infinity, volume = Infinity, turnover = Infinity, range = Infinity } = length;
  const dayOf = bucketing('1d', calendarOf(trades[0]!.symbol));
  const executions = trades.filter(({ size }) => size !== 0);
  const seen = executions.map((trade, i) => ({
    ...trade,
    now: Math.max(...executions.slice(0, i + 1).map(({ time }) => time)),
  }));
  return seen.reduce<Seen[][]>((groups, trade) => {
    const group = groups.at(-1) ?? [];
    const prices = group.map(({ price }) => price);
    const isFull =
      group.length >= ticks ||
      sum(group.map(({ size = 0 }) => size)) >= volume ||
      sum(group.map(({ size = 0, price }) => size * price)) >= turnover ||
      Math.max(...prices) - Math.min(...prices) >= range;
    const isOver = group.length === 0 || dayOf(group.at(-1)!.now) !== dayOf(trade.now);
    return isFull || isOver ? [...groups, [trade]] : [...groups.slice(0, -1), [...group, trade]];
  }, []);
};

const barOf = (group: readonly Seen[]) => ({
  openTime: group[0]!.now,
  closeTime: group.at(-1)!.now + 1,
  open: group[0]!.price,
  high: Math.max(...group.map(({ price }) => price)),
  low: Math.min(...group.map(({ price }) => price)),
  close: group.at(-1)!.price,
  volume: sum(group.map(({ size = 0 }) => size)),
  trades: group.length,
  revision: 0,
  missedVolume: 0,
});

describe('counted bars', () => {
  it('equal those of a naive grouping by count and day in the order of arrival, each closed once', () => {
    fc.assert(
      fc.property(someDays, aLength, (trades, length) => {
        expect(barsOf(trades, length)).toMatchObject(grouped(trades, length).map(barOf));
      }),
      runs,
    );
  });

  it('have exactly so many trades when closed, unless the day ended', () => {
    fc.assert(
      fc.property(someDays, fc.integer({ min: 1, max: 7 }), (trades, ticks) => {
        const dayOf = bucketing('1d', calendarOf(trades[0]!.symbol));
        const bars = barsOf(trades, { ticks });
        bars.forEach(({ closed, openTime, trades }, index) => {
          const next = bars[index + 1];
          if (!closed) expect(next).toBeUndefined();
          else if (next === undefined || dayOf(next.openTime) === dayOf(openTime)) expect(trades).toBe(ticks);
          else expect(trades).toBeLessThanOrEqual(ticks);
        });
      }),
      runs,
    );
  });

  it('sum to what was seen under any drop, duplication, reordering and loss of the link', () => {
    fc.assert(
      fc.property(aTape, aLength, ({ heard }, length) => {
        const seen = [...new Set(heard.filter(isTrade))];
        const bars = barsOf(heard, length);
        expect(sum(bars.map(({ volume }) => volume))).toBe(sum(seen.map(({ size = 0 }) => size)));
        expect(sum(bars.map(({ trades = 0 }) => trades))).toBe(seen.length);
      }),
      runs,
    );
  });

  const total = (trades: readonly Trade[]): number => {
    const figures = trades.map(({ volume = 0 }) => volume);
    const first = trades.reduce((a, b) => (a.time < b.time ? a : b));
    return Math.max(...figures) - first.volume! + first.size!;
  };
  const seenOrMissed = (bars: readonly Kline<string>[]): number =>
    sum(bars.map(({ volume, missedVolume }) => volume + missedVolume));

  it('sum to the truth with what they miss, whatever is dropped or comes twice', () => {
    fc.assert(
      fc.property(aTape, aLength, ({ heard }, length) => {
        const trades = heard.filter(isTrade).sort((a, b) => a.time - b.time);
        if (trades.length > 0) expect(seenOrMissed(barsOf(trades, length))).toBe(total(trades));
      }),
      runs,
    );
  });

  it('sum to the truth at the next cumulative figure, where not each trade has one', () => {
    const bareOnes = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(aTape, aLength, bareOnes, ({ truth, heard }, length, isBare) => {
        const seen = [...new Set(heard.filter(isTrade))].sort((a, b) => a.time - b.time);
        if (seen.length === 0) return;
        const hasFigure = (index: number): boolean =>
          index === 0 || index === seen.length - 1 || !isBare[index % isBare.length];
        const trades = seen.map((trade, i) => (hasFigure(i) ? trade : { ...trade, volume: undefined }));
        // A trade without a figure that comes behind one that was lost may be taken for that one, if the size is the same; and
        // a bar that was full then does not say again that it missed less.
        const known = new Set(seen.map(({ volume }) => volume));
        const lost = truth.filter(({ volume }) => !known.has(volume));
        const isDoubtful = ({ time }: Trade, index: number): boolean =>
          !hasFigure(index) && lost.some((other) => other.time <= time);
        const doubtful = sum(seen.filter(isDoubtful).map(({ size = 0 }) => size));
        const excess = seenOrMissed(barsOf(trades, length)) - total(seen);
        expect(excess).toBeGreaterThanOrEqual(0);
        expect(excess).toBeLessThanOrEqual(doubtful);
      }),
      runs,
    );
  });

  it('exceed it by what came late and a closed bar had missed, and by nothing else', () => {
    fc.assert(
      fc.property(aTape, aLength, ({ heard }, length) => {
        const trades = heard.filter(isTrade);
        if (trades.length === 0) return;
        expect(seenOrMissed(barsOf(trades, { ticks: 1_000 }))).toBe(total(trades));
        expect(seenOrMissed(barsOf(trades, length))).toBeGreaterThanOrEqual(total(trades));
      }),
      runs,
    );
  });
});
