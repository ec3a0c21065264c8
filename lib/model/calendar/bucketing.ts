import { checkInterval } from '../check.js';
import { intradayLength, isIntraday, type Interval, type IntradayInterval } from '../interval.js';
import type { Calendar } from './Calendar.js';
import { sessionDays, weekdayOf, type SessionDays, type Span } from './sessionDays.js';

const DAY = 86_400_000;

/** The place of a bar in time. All are epoch milliseconds; ends are exclusive. */
export interface Bucket {
  readonly openTime: number;
  readonly closeTime: number;
  /** The trading time inside it: without auctions, breaks and nights. */
  readonly trading: readonly Span[];
  /** The moments whose events belong to it. They reach beyond the bar at breaks and nights, so that none is lost. */
  readonly since: number;
  readonly until: number;
  /** When nothing more is due: `closeTime`, or the end of the closing auction where that is later. */
  readonly settleTime: number;
}

/**
 * Finds the bucket of a moment. Every moment has exactly one.
 *
 * Up to `12h` bars are counted from the start of each trading span; the last of a span may be short. Days, weeks and
 * months are those of the exchange's calendar; `3d` are three of its dates, counted from 1970-01-01, traded or not. A moment outside the trading hours belongs to the nearest bar of its
 * session day, and one on a day without trading to the last bar before it. Zone rules are asked once per session day.
 * Throws `InvalidOption` for an invalid calendar, and for what is no interval.
 */
export const bucketing = (interval: Interval, calendar: Calendar): ((time: number) => Bucket) => {
  checkInterval(interval);
  const days = sessionDays(calendar);
  const find = isIntraday(interval) ? intraday(days, intradayLength[interval]) : calendarTrue(days, interval);
  const known = new Map<number, Bucket>();
  let last: Bucket | undefined;
  return (time) => {
    if (last !== undefined && time >= last.since && time < last.until) return last;
    const found = find(time);
    last = known.get(found.openTime) ?? found;
    if (known.size >= MEMORY) known.clear();
    known.set(last.openTime, last);
    return last;
  };
};

/** A day of minutes. */
const MEMORY = 1_440;

/** The first bucket after this one: nights, weekends and holidays are skipped. */
export const nextBucket = (bucketOf: (time: number) => Bucket, bucket: Bucket): Bucket => bucketOf(bucket.until);

const intraday =
  ({ at }: SessionDays, length: number) =>
  (time: number): Bucket => {
    const { stretches, until: end, settleTime } = at(time);
    const { from, to, since, until } = stretches.reduce((found, next) => (time < next.since ? found : next));
    const lastIndex = Math.ceil((to - from) / length) - 1;
    const index = Math.min(Math.max(Math.floor((time - from) / length), 0), lastIndex);
    const openTime = from + index * length;
    const closeTime = Math.min(openTime + length, to);
    const belongs = { since: index === 0 ? since : openTime, until: index === lastIndex ? until : closeTime };
    return {
      openTime,
      closeTime,
      trading: [{ from: openTime, to: closeTime }],
      ...belongs,
      settleTime: belongs.until === end ? settleTime : closeTime,
    };
  };

const calendarTrue =
  ({ at, between, startOf }: SessionDays, interval: Exclude<Interval, IntradayInterval>) =>
  (time: number): Bucket => {
    const [first, next] = period[interval](at(time).date);
    const days = between(first, next);
    const closeTime = startOf(next);
    return {
      openTime: startOf(first),
      closeTime,
      trading: days.flatMap(({ stretches }) => stretches.map(({ from, to }) => ({ from, to }))),
      since: Math.min(...days.map(({ since }) => since)),
      until: Math.max(...days.map(({ until }) => until)),
      settleTime: Math.max(closeTime, ...days.map(({ settleTime }) => settleTime)),
    };
  };

/** The first date of the day, three days, week or month of a date, and that of the next. */
const period: Readonly<Record<Exclude<Interval, IntradayInterval>, (date: number) => readonly [number, number]>> = {
  '1d': (date) => [date, date + 1],
  '3d': (date) => {
    const first = 3 * Math.floor(date / 3);
    return [first, first + 3];
  },
  '1w': (date) => {
    const monday = date + 1 - weekdayOf(date);
    return [monday, monday + 7];
  },
  '1M': (date) => {
    const day = new Date(date * DAY);
    const first = (month: number): number => Date.UTC(day.getUTCFullYear(), month, 1) / DAY;
    return [first(day.getUTCMonth()), first(day.getUTCMonth() + 1)];
  },
};
