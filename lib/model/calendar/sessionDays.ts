import { fromWallClock, startOfDate, wallClock } from '../wallClock.js';
import type { Calendar } from './Calendar.js';
import { hoursOf, type DaySpan } from './hours.js';

const DAY = 86_400_000;

/** A stretch of time in epoch milliseconds; `to` is exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A trading span and the moments that belong to it: in a break, the nearer half. */
export interface Stretch extends Span {
  readonly since: number;
  readonly until: number;
}

/** One day of trading, resolved. A date is counted in days from 1970-01-01 in the exchange's calendar. */
export interface SessionDay {
  readonly date: number;
  /** The moments that belong to it: up to the next session day, so that nights, weekends and holidays are its own. */
  readonly since: number;
  readonly until: number;
  readonly stretches: readonly Stretch[];
  /** The end of its last auction or of its trading, whichever is later. */
  readonly settleTime: number;
}

/** The session days of a calendar. Zone rules are asked once per day and remembered. */
export interface SessionDays {
  readonly at: (time: number) => SessionDay;
  /** The session days of the dates from `first` to the one before `next`. */
  readonly between: (first: number, next: number) => readonly SessionDay[];
  /** The first moment of a date, traded or not: where its day bar would open. */
  readonly startOf: (date: number) => number;
}

const known = new WeakMap<Calendar, SessionDays>();

/** The session days of a calendar, the same object for the same calendar. Throws `InvalidOption` for an invalid one. */
export const sessionDays = (calendar: Calendar): SessionDays => {
  const days = known.get(calendar) ?? resolved(calendar);
  known.set(calendar, days);
  return days;
};

/** From 1, Monday, to 7, Sunday. */
export const weekdayOf = (date: number): number => ((((date + 3) % 7) + 7) % 7) + 1;

/** What a `Date` can hold, less the days that are looked ahead. */
const FURTHEST = 8.64e15 - 400 * DAY;

/** Two months of days, so that late events and month bars ask no zone twice. */
const MEMORY = 64;

const remembered = <V>(make: (date: number) => V): ((date: number) => V) => {
  const memory = new Map<number, V>();
  return (date) => {
    const found = memory.get(date) ?? make(date);
    if (memory.size >= MEMORY) memory.clear();
    memory.set(date, found);
    return found;
  };
};

const middle = (from: number, to: number): number => Math.ceil((from + to) / 2);

const resolved = (calendar: Calendar): SessionDays => {
  const { trading, settled, sessionStart, weekdays, holidays, closes, opens } = hoursOf(calendar);
  const { zone, eveningBefore } = calendar;
  const lastClose = Math.max(...trading.map(({ to }) => to));

  const nameOf = (date: number): string => new Date(date * DAY).toISOString().slice(0, 10);
  const midnight = remembered((date) => startOfDate(date * DAY, zone));

  /** The moment that is so long after the midnight of a date by the clocks; a date of 24 hours moves no clock. */
  const at = (date: number, offset: number): number => {
    const day = date + Math.floor(offset / DAY);
    const time = midnight(day) + offset - (day - date) * DAY;
    if (time === midnight(day) || midnight(day + 1) - midnight(day) === DAY) return time;
    return fromWallClock(date * DAY + offset, zone);
  };

  /** The date whose `-1` is the evening on which the session of this date begins. */
  const eveOf = (date: number): number => {
    if (eveningBefore !== 'weekday' && eveningBefore !== 'session') return date;
    let before = date - 1;
    while (!weekdays.has(weekdayOf(before)) || (eveningBefore === 'session' && holidays.has(nameOf(before))))
      before -= 1;
    return before + 1;
  };

  const startOf = remembered((date) => at(sessionStart < 0 ? eveOf(date) : date, sessionStart));

  /** Whether anything is traded on the evening of a date: in China not before a holiday, in Hong Kong not after a half day. */
  const isEvening = (name: string): boolean =>
    eveningBefore === 'weekday' ? !holidays.has(name) : eveningBefore === 'session' ? !closes.has(name) : true;

  /** The spans up to the last close. One in a break lets the span before run on to it. */
  const heldUntil = (close: number): readonly DaySpan[] => {
    const held = trading.filter(({ from }) => from < close);
    return held.map((span, index) => (index === held.length - 1 ? { from: span.from, to: close } : span));
  };

  const tradingOn = remembered((date): readonly Span[] => {
    const name = nameOf(date);
    if (!weekdays.has(weekdayOf(date)) || holidays.has(name)) return [];
    const close = closes.get(name) ?? lastClose;
    const open = opens.get(name) ?? -Infinity;
    const evening = eveOf(date);
    const hasEvening = isEvening(nameOf(evening - 1));
    return heldUntil(close)
      .filter(({ from, to }) => from < close && (from < 0 ? hasEvening : to > open))
      .map(({ from, to }) => {
        const day = from < 0 ? evening : date;
        return { from: at(day, to > open ? Math.max(from, open) : from), to: at(day, Math.min(to, close)) };
      })
      .filter(({ from, to }) => from < to);
  });

  const isSession = (date: number): boolean => tradingOn(date).length > 0;

  const dayOn = remembered((date): SessionDay => {
    let next = date + 1;
    while (!isSession(next)) next += 1;
    const [since, until] = [startOf(date), startOf(next)];
    const stretches = tradingOn(date).map(({ from, to }, index, spans): Stretch => {
      const [before, after] = [spans[index - 1], spans[index + 1]];
      return {
        from,
        to,
        since: before ? middle(before.to, from) : since,
        until: after ? middle(to, after.from) : until,
      };
    });
    const settleTime = Math.max(...stretches.map(({ to }) => to)) + settled - lastClose;
    return { date, since, until, stretches, settleTime };
  });

  /** The date a moment falls on, by the starts of the dates: where the hours cross midnight they are no midnights. */
  const dateAt = (time: number): number => {
    if (!(Math.abs(time) <= FURTHEST)) throw new RangeError(`${time} is no time in epoch milliseconds`);
    let date = Math.floor((wallClock(time, zone) - sessionStart) / DAY);
    while (time < startOf(date)) date -= 1;
    while (time >= startOf(date + 1)) date += 1;
    return date;
  };

  let last: SessionDay | undefined;
  return {
    at: (time) => {
      if (last !== undefined && time >= last.since && time < last.until) return last;
      let date = dateAt(time);
      while (!isSession(date)) date -= 1;
      last = dayOn(date);
      return last;
    },
    between: (first, next) =>
      Array.from({ length: next - first }, (_, index) => first + index)
        .filter(isSession)
        .map(dayOn),
    startOf,
  };
};
