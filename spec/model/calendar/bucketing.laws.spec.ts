import fc from 'fast-check';
import { bucketing, nextBucket } from '../../../lib/model/calendar/bucketing.js';
import type { Calendar } from '../../../lib/model/calendar/Calendar.js';
import { calendars } from '../../../lib/model/calendar/calendars.js';
import { tradingTime } from '../../../lib/model/calendar/tradingTime.js';
import { withHolidays } from '../../../lib/model/calendar/withHolidays.js';
import { intervals, intradayLength, isIntraday, type Interval } from '../../../lib/model/interval.js';
import { clerk, type Bar } from './clerk.js';

const DAY = 86_400_000;
const runs = { numRuns: 1_000 };
const workdays = [1, 2, 3, 4, 5];

const market: Readonly<Record<string, Calendar>> = {
  ...calendars,
  'cn in October': withHolidays(calendars.cn, { holidays: ['2026-10-01', '2026-10-02', '2026-10-05'] }),
  'futures in October': withHolidays(calendars.cnFutures, { holidays: ['2026-10-01', '2026-10-02', '2026-10-05'] }),
  'hk at Christmas': withHolidays(calendars.hk, {
    holidays: ['2026-12-25', '2027-01-01'],
    halfDays: { '2026-12-24': '12:00', '2026-12-31': '11:47' },
  }),
  'hk in a typhoon': withHolidays(calendars.hk, {
    halfDays: { '2026-09-30': '15:30' },
    lateOpens: { '2026-09-30': '13:30', '2026-10-02': '11:00' },
  }),
  'hk futures in October': withHolidays(calendars.hkFutures, {
    holidays: ['2026-10-01', '2026-10-05'],
    lateOpens: { '2026-10-02': '13:30' },
  }),
  'globex at Christmas': withHolidays(calendars.cmeGlobex, {
    holidays: ['2026-12-25'],
    halfDays: { '2026-12-24': '13:15' },
    lateOpens: { '2026-12-28': '08:00' },
  }),
  globex: { zone: 'America/Chicago', weekdays: workdays, spans: [{ from: '17:00-1', to: '16:00' }] },
  osaka: {
    zone: 'Asia/Tokyo',
    weekdays: workdays,
    spans: [
      { from: '08:45', to: '15:45' },
      { from: '17:00', to: '06:00+1' },
    ],
  },
  riyadh: { zone: 'Asia/Riyadh', weekdays: [7, 1, 2, 3, 4], spans: [{ from: '10:00', to: '15:07' }] },
  'berlin around the clock': { ...calendars.always, zone: 'Europe/Berlin' },
};
const names = Object.keys(market);

/** Dates without a midnight, and with two; the last one of all is no date in Apia. */
const jumps: readonly (readonly [zone: string, week: string])[] = [
  ['America/Havana', '2026-03-05'],
  ['America/Havana', '2026-10-29'],
  ['America/Santiago', '2026-04-02'],
  ['America/Santiago', '2026-09-03'],
  ['Atlantic/Azores', '2026-03-26'],
  ['Atlantic/Azores', '2026-10-22'],
  ['Africa/Cairo', '2026-04-21'],
  ['Africa/Cairo', '2026-10-27'],
  ['Asia/Beirut', '2026-03-26'],
  ['Asia/Beirut', '2026-10-22'],
  ['America/Asuncion', '2023-09-28'],
  ['America/Asuncion', '2024-03-21'],
  ['Asia/Amman', '2021-03-24'],
  ['Asia/Amman', '2021-10-27'],
  ['Pacific/Apia', '2011-12-27'],
];
const jumping = jumps.map(([zone, week]) => [{ ...calendars.always, zone }, week] as const);

/** Both changes of the clocks on both sides of the Atlantic, Golden Week, the end of the year, a leap day. */
const weeks = [
  '2026-03-05',
  '2026-03-26',
  '2026-09-29',
  '2026-10-22',
  '2026-10-29',
  '2026-12-23',
  '2026-12-30',
  '2028-02-27',
];

const intraday = intervals.filter(isIntraday);
/** Those that a clerk can draw who looks once a minute, and of which a day has not 86,400. */
const minutes = intraday.filter((length) => length !== '1s');
const calendar = fc
  .constantFrom(...Object.values(market), ...jumping.map(([hours]) => hours))
  .map((hours): Calendar => ({ ...hours }));
const interval = fc.constantFrom(...intervals);
const moment = fc.oneof(
  fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2029, 0, 1) }),
  fc
    .tuple(fc.constantFrom(...weeks, ...jumps.map(([, week]) => week)), fc.integer({ min: 0, max: 7 * DAY }))
    .map(([week, ms]) => Date.parse(week) + ms),
);

describe('the bars that a clerk draws minute by minute', () => {
  const drawn = (name: string, length: number): readonly Bar[] =>
    weeks.flatMap((week) => {
      const from = Date.parse(week);
      return clerk(market[name]!, length, from, from + 7 * DAY);
    });

  it.each(names.flatMap((name) => minutes.map((length) => [name, length] as const)))(
    'are the buckets: %s %s',
    (name, length) => {
      const bucketOf = bucketing(length, market[name]!);
      const bars = drawn(name, intradayLength[length]);
      const wrong = bars.filter(({ openTime, closeTime }) => {
        const found = [openTime, openTime + 30_000, closeTime - 1].map(bucketOf);
        return found.some((bucket) => bucket.openTime !== openTime || bucket.closeTime !== closeTime);
      });
      expect(wrong).toEqual([]);
      expect(bars.length).toBeGreaterThan(weeks.length);
    },
  );

  it.each(
    jumping.flatMap(([hours, week]) =>
      (['5m', '4h'] as const).map((length) => [hours.zone, week, length, hours] as const),
    ),
  )('are the buckets where the clocks jump at midnight: %s %s %s', (_, week, length, hours) => {
    const from = Date.parse(week);
    const bucketOf = bucketing(length, hours);
    const bars = clerk(hours, intradayLength[length], from, from + 7 * DAY);
    const found = bars.map(({ openTime }) => bucketOf(openTime));
    expect(found.map(({ openTime, closeTime }) => ({ openTime, closeTime }))).toEqual(
      bars.map(({ openTime, closeTime }) => ({ openTime, closeTime })),
    );
    expect(bars.length).toBeGreaterThan(10);
  });

  it.each(jumping.map(([hours, week]) => [hours.zone, week, hours] as const))(
    'of a date are in one day where the clocks jump at midnight: %s %s',
    (_, week, hours) => {
      const from = Date.parse(week);
      const bucketOf = bucketing('1d', hours);
      const dates = new Map<number, Set<number>>();
      for (const { date, openTime } of clerk(hours, intradayLength['1h'], from, from + 7 * DAY))
        dates.set(date, (dates.get(date) ?? new Set()).add(bucketOf(openTime).openTime));
      const days = [...dates.values()].map((opens) => [...opens]);
      expect(days.filter(({ length }) => length !== 1)).toEqual([]);
      expect(new Set(days.flat()).size).toBe(dates.size);
    },
  );

  it.each(names)('of a session day are in one day: %s', (name) => {
    const days = new Map<number, Set<number>>();
    const bucketOf = bucketing('1d', market[name]!);
    for (const { date, openTime, closeTime } of drawn(name, intradayLength['1h'])) {
      const found = [openTime, closeTime - 1].map((time) => bucketOf(time).openTime);
      days.set(date, new Set([...(days.get(date) ?? []), ...found]));
    }
    expect([...days.values()].filter(({ size }) => size !== 1)).toEqual([]);
    expect(new Set([...days.values()].flatMap((opens) => [...opens])).size).toBe(days.size);
  });
});

describe('buckets', () => {
  it('of a second are the sixty of their minute, as far as it is traded', () => {
    fc.assert(
      fc.property(calendar, moment, (hours, time) => {
        const minute = bucketing('1m', hours)(time);
        const bucketOf = bucketing('1s', hours);
        let opens = minute.openTime;
        for (let bar = bucketOf(minute.openTime); bar.openTime < minute.closeTime; bar = nextBucket(bucketOf, bar)) {
          expect(bar.openTime).toBe(opens);
          opens = bar.closeTime;
        }
        expect(opens).toBe(minute.closeTime);
      }),
      { numRuns: 200 },
    );
  });

  it('tile time: each moment has one, and the next begins where it ends', () => {
    fc.assert(
      fc.property(calendar, interval, moment, (hours, length, time) => {
        const bucketOf = bucketing(length, hours);
        const bucket = bucketOf(time);
        const next = nextBucket(bucketOf, bucket);
        expect(bucket.since <= time && time < bucket.until).toBe(true);
        expect(next.since).toBe(bucket.until);
        expect(bucketOf(bucket.since - 1).until).toBe(bucket.since);
        expect(bucketing(length, hours)(next.since - 1)).toEqual(bucket);
      }),
      runs,
    );
  });

  it('do not overlap, and have trading time inside them', () => {
    fc.assert(
      fc.property(calendar, interval, moment, (hours, length, time) => {
        const bucketOf = bucketing(length, hours);
        const { openTime, closeTime, trading, settleTime } = bucketOf(time);
        expect(nextBucket(bucketOf, bucketOf(time)).openTime).toBeGreaterThanOrEqual(closeTime);
        expect(settleTime).toBeGreaterThanOrEqual(closeTime);
        expect(tradingTime(trading)).toBeGreaterThan(0);
        expect(tradingTime(trading, openTime, closeTime)).toBe(tradingTime(trading));
      }),
      runs,
    );
  });

  it('of a shorter interval nest in those of a longer one that holds a whole number of them', () => {
    const nests = (short: Interval, long: Interval): boolean =>
      isIntraday(short)
        ? !isIntraday(long) || intradayLength[long] % intradayLength[short] === 0
        : short === '1d' && long !== '1d';
    const pair = fc.tuple(interval, interval).filter(([short, long]) => rank(short) < rank(long) && nests(short, long));
    fc.assert(
      fc.property(calendar, pair, moment, (hours, [short, long], time) => {
        const [inner, outer] = [bucketing(short, hours)(time), bucketing(long, hours)(time)];
        expect(inner.openTime).toBeGreaterThanOrEqual(outer.openTime);
        expect(inner.closeTime).toBeLessThanOrEqual(outer.closeTime);
        expect(inner.since).toBeGreaterThanOrEqual(outer.since);
        expect(inner.until).toBeLessThanOrEqual(outer.until);
        expect(tradingTime(outer.trading, inner.openTime, inner.closeTime)).toBe(tradingTime(inner.trading));
      }),
      runs,
    );
  });

  it('are the same whatever was asked before', () => {
    fc.assert(
      fc.property(calendar, interval, fc.array(moment, { minLength: 1, maxLength: 4 }), (hours, length, times) => {
        const bucketOf = bucketing(length, hours);
        expect(times.map(bucketOf)).toEqual(times.map((time) => bucketing(length, { ...hours })(time)));
      }),
      runs,
    );
  });

  it('of a day have its trading time in sum', () => {
    fc.assert(
      fc.property(calendar, fc.constantFrom(...minutes), moment, (hours, length, time) => {
        const day = bucketing('1d', hours)(time);
        const bucketOf = bucketing(length, hours);
        let sum = 0;
        for (let bar = bucketOf(day.since); bar.since < day.until; bar = nextBucket(bucketOf, bar))
          sum += tradingTime(bar.trading);
        expect(sum).toBe(tradingTime(day.trading));
      }),
      runs,
    );
  });
});

describe('bars of three days', () => {
  const three = 3 * DAY;

  it('around the clock open at each third midnight of UTC since 1970', () => {
    fc.assert(
      fc.property(moment, (time) => {
        const { openTime, closeTime, since, until } = bucketing('3d', calendars.always)(time);
        expect([openTime, closeTime]).toEqual([time - (time % three), time - (time % three) + three]);
        expect([since, until]).toEqual([openTime, closeTime]);
      }),
      runs,
    );
  });

  it('of an exchange are the days of three dates, of which one at least is traded', () => {
    fc.assert(
      fc.property(calendar, moment, (hours, time) => {
        const [whole, day] = [bucketing('3d', hours)(time), bucketing('1d', hours)];
        const days = new Set<number>();
        for (let next = day(whole.since); next.since < whole.until; next = nextBucket(day, next))
          days.add(next.openTime);
        expect(days.size).toBeGreaterThanOrEqual(1);
        expect(days.size).toBeLessThanOrEqual(3);
        expect(days.has(day(time).openTime)).toBe(true);
      }),
      runs,
    );
  });
});

const rank = (length: Interval): number => intervals.indexOf(length);
