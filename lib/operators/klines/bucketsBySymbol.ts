import { bucketing, type Bucket } from '../../model/calendar/bucketing.js';
import type { Calendar } from '../../model/calendar/Calendar.js';
import { calendarBy, type CalendarChoice } from '../../model/calendar/CalendarChoice.js';
import type { Interval } from '../../model/interval.js';
import type { LeftOut } from './leftOut.js';
import { tradingDays, type PeriodOf } from './tradingDays.js';

export type BucketOf = (time: number) => Bucket;

/** Where the bars and the trading days of a symbol begin and end. */
export interface Hours {
  readonly bucketOf: BucketOf;
  readonly periodOf: PeriodOf;
  /** The phases whose events are in no bar. */
  readonly without: LeftOut;
}

/** The hours of a symbol of a feed: of the calendar given, else of its own. Symbols of one calendar share them. */
export const hoursBySymbol = (
  interval: Interval,
  calendar: CalendarChoice | undefined,
): ((symbol: string, feed: string) => Hours) => {
  const calendarOf = calendarBy(calendar);
  const known = new Map<Calendar, Hours>();
  return (symbol, feed) => {
    const chosen = calendarOf(symbol, feed);
    const hours = known.get(chosen) ?? {
      bucketOf: bucketing(interval, chosen),
      periodOf: tradingDays(chosen),
      without: chosen.without,
    };
    known.set(chosen, hours);
    return hours;
  };
};

/** The buckets of a symbol of a feed: of the calendar given, else of its own. Symbols of one calendar share them. */
export const bucketsBySymbol = (
  interval: Interval,
  calendar: CalendarChoice | undefined,
): ((symbol: string, feed: string) => BucketOf) => {
  const hoursOf = hoursBySymbol(interval, calendar);
  return (symbol, feed) => hoursOf(symbol, feed).bucketOf;
};
