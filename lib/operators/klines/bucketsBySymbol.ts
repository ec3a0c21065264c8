import { bucketing } from '../../model/calendar/bucketing.js';
import type { Calendar } from '../../model/calendar/Calendar.js';
import { calendarBy, type CalendarChoice } from '../../model/calendar/CalendarChoice.js';
import type { Interval } from '../../model/interval.js';
import type { BucketOf } from './Series.js';

/** The buckets of a symbol of a feed: of the calendar given, else of its own. Symbols of one calendar share them. */
export const bucketsBySymbol = (
  interval: Interval,
  calendar: CalendarChoice | undefined,
): ((symbol: string, feed: string) => BucketOf) => {
  const calendarOf = calendarBy(calendar);
  const known = new Map<Calendar, BucketOf>();
  return (symbol, feed) => {
    const hours = calendarOf(symbol, feed);
    const bucketOf = known.get(hours) ?? bucketing(interval, hours);
    known.set(hours, bucketOf);
    return bucketOf;
  };
};
