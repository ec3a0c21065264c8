import { bucketing, type Bucket } from '../../model/calendar/bucketing.js';
import type { Calendar } from '../../model/calendar/Calendar.js';
import { calendarBy, type CalendarChoice } from '../../model/calendar/CalendarChoice.js';
import type { Interval } from '../../model/interval.js';
import type { TradingPhase } from '../../model/marketEvent.js';
import { hoursOf } from '../../model/calendar/hours.js';
import { sessionDays, type SessionDay } from '../../model/calendar/sessionDays.js';
import type { Period } from './Volumes.js';

/** The phases whose trades and quotes a calendar leaves out of its bars, if any. */
export type LeftOut = readonly TradingPhase[] | undefined;

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

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * The trading day of a moment, from its first trades to those of the next one: what is stamped between is still of the
 * day before. Undefined for hours without a break, as figures may be of any 24 hours there.
 */
export type PeriodOf = (time: number) => Period | undefined;

/** Trading before the hours of a calendar, in milliseconds after midnight: vendors count it into the day. */
const EARLIEST: ReadonlyMap<string, number> = new Map([['America/New_York', 4 * HOUR]]);

/** The trading days of a calendar. */
export const tradingDays = (calendar: Calendar): PeriodOf => {
  const { begins, trading, settled } = hoursOf(calendar);
  if (settled - begins >= DAY) return () => undefined;
  const days = sessionDays(calendar);
  const first = trading[0]?.from ?? begins;
  const early = Math.max(0, begins - (EARLIEST.get(calendar.zone) ?? begins));
  const openOf = ({ stretches, since }: SessionDay): number => (stretches[0]?.from ?? since) - (first - begins);

  const find = (time: number): Period => {
    let day = days.at(time);
    while (time < openOf(day) - early) day = days.at(day.since - 1);
    const opened = openOf(day);
    const next = days.at(day.until);
    const until = openOf(next) - early;
    const nextUntil = openOf(days.at(next.until)) - early;
    return { from: opened - early, until, nextUntil, opens: opened, closes: day.settleTime };
  };

  let last: Period | undefined;
  return (time) => {
    if (last === undefined || time < last.from || time >= last.until) last = find(time);
    return last;
  };
};
