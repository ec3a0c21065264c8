import { bucketing } from '../../model/calendar/bucketing.js';
import type { Calendar } from '../../model/calendar/Calendar.js';
import { calendarOf } from '../../model/calendar/calendars.js';
import type { Interval } from '../../model/interval.js';
import type { BucketOf } from './Series.js';

/** The buckets of a symbol: of the calendar given, else of its venue's. Symbols of one calendar share them. */
export const bucketsBySymbol = (interval: Interval, calendar: Calendar | undefined): ((symbol: string) => BucketOf) => {
  const known = new Map<Calendar, BucketOf>();
  return (symbol) => {
    const hours = calendar ?? calendarOf(symbol);
    const bucketOf = known.get(hours) ?? bucketing(interval, hours);
    known.set(hours, bucketOf);
    return bucketOf;
  };
};
