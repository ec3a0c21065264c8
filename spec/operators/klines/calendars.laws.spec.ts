import fc from 'fast-check';
import { bucketing } from '../../../lib/model/calendar/bucketing.js';
import { calendarOf } from '../../../lib/model/calendar/calendars.js';
import { intervals, intradayLength, isIntraday, type Interval } from '../../../lib/model/interval.js';
import type { Kline, Trade } from '../../../lib/model/marketEvent.js';
import { aTrade } from '../../../lib/testing/builders.js';
import { barsOf, groupedBy, lastWords, MINUTE, resampled } from './aTape.js';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const symbols = ['600000.SH', '700.HK', 'AAPL.US', 'au2604.SHF', 'BTCUSDT.BA'];

/** Weeks in which the clocks change, the year ends, or February is long. */
const starts = ['2026-03-05', '2026-03-27', '2026-10-23', '2026-10-30', '2026-12-29', '2028-02-27'].map(Date.parse);

/** Some days of trades at any hour: in auctions, at lunch, at night and at the weekend too. */
const aWeek: fc.Arbitrary<readonly Trade[]> = fc
  .tuple(
    fc.constantFrom(...symbols),
    fc.constantFrom(...starts),
    fc.array(
      fc.record({
        wait: fc.constantFrom(1, MINUTE / 2, MINUTE, 7 * MINUTE, HOUR, 5 * HOUR, DAY),
        price: fc.integer({ min: 90, max: 110 }),
        size: fc.integer({ min: 1, max: 50 }),
      }),
      { minLength: 1, maxLength: 30 },
    ),
  )
  .map(([symbol, start, steps]) => {
    let time = start;
    return steps.map(({ wait, price, size }) => {
      time += wait;
      return aTrade({ symbol, time, receivedAt: time, price, size });
    });
  });

const shown = ({ openTime, closeTime, open, high, low, close, volume, trades, source }: Kline) => {
  return { openTime, closeTime, open, high, low, close, volume, trades, source };
};

const runs = { numRuns: 1_000 };

describe('bars by a calendar', () => {
  it('equal those of a naive grouping by bucket', () => {
    fc.assert(
      fc.property(aWeek, fc.constantFrom(...intervals), (week, interval) => {
        const bucketOf = bucketing(interval, calendarOf(week[0]!.symbol));
        const groups = groupedBy(week, ({ time }) => bucketOf(time).openTime);
        const naive = [...groups].map(([openTime, group]) => ({
          openTime,
          closeTime: bucketOf(group[0]!.time).closeTime,
          open: group[0]!.price,
          high: Math.max(...group.map(({ price }) => price)),
          low: Math.min(...group.map(({ price }) => price)),
          close: group.at(-1)!.price,
          volume: group.reduce((sum, { size = 0 }) => sum + size, 0),
          trades: group.length,
          source: 'trades',
        }));
        expect(lastWords(barsOf(week, interval)).map(shown)).toEqual(naive);
      }),
      runs,
    );
  });

  it('are the same, made of smaller bars or of the trades', () => {
    fc.assert(
      fc.property(aWeek, nested, (week, [small, large]) => {
        const joined = lastWords(resampled(barsOf(week, small), large)).map(shown);
        expect(joined).toEqual(lastWords(barsOf(week, large)).map(shown));
      }),
      runs,
    );
  });

  it('are the same, made in one step or in two', () => {
    fc.assert(
      fc.property(aWeek, (week) => {
        const minutes = barsOf(week, '1m');
        const direct = lastWords(resampled(minutes, '1d')).map(shown);
        expect(lastWords(resampled(resampled(minutes, '30m'), '1d')).map(shown)).toEqual(direct);
      }),
      runs,
    );
  });
});

/** Of what is no whole number of the others none are made: weeks of three days, months of weeks. */
const nested: fc.Arbitrary<readonly [Interval, Interval]> = fc
  .tuple(fc.constantFrom(...intervals), fc.constantFrom(...intervals))
  .filter(([small, large]) => intervals.indexOf(small) < intervals.indexOf(large))
  .filter(([small, large]) =>
    isIntraday(small) ? !isIntraday(large) || intradayLength[large] % intradayLength[small] === 0 : small === '1d',
  );
