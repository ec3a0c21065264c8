import type { Calendar } from '../../model/calendar/Calendar.js';
import { spanAt } from '../../model/calendar/tradingTime.js';
import type { Span } from '../../model/calendar/sessionDays.js';

/** Counts the trading time of a venue. */
export interface TradingClock {
  /** Milliseconds of trading up to a moment, from some beginning: of use as a difference. It never falls as moments grow. */
  readonly at: (time: number) => number;
  readonly isOpen: (time: number) => boolean;
}

/** More than that at once is no time that was watched: events made by hand begin at 0. */
const LONGEST = 400 * 86_400_000;

/** Two comparisons for a moment in the present hours; others cost a look at the calendar. */
export const tradingClock = (calendar: Calendar): TradingClock => {
  let span: Span = { from: 0, to: -Infinity };
  /** Trading before the span, and when that ended. */
  let before = 0;
  let ended = Infinity;

  const goTo = (time: number): void => {
    if (time - span.to > LONGEST) {
      before += Math.max(0, span.to - span.from);
      span = spanAt(calendar, time);
      ended = Math.min(span.from, time);
    }
    while (time >= span.to) {
      before += span.to - span.from;
      ended = span.to;
      span = spanAt(calendar, span.to);
    }
  };

  /** Trading from a moment up to the present span. */
  const since = (time: number): number => {
    if (time >= ended || span.from - time > LONGEST) return 0;
    let sum = 0;
    for (let next = spanAt(calendar, time); next.from < span.from; next = spanAt(calendar, next.to))
      sum += next.to - Math.max(time, next.from);
    return sum;
  };

  return {
    at: (time) => {
      if (time >= span.to) goTo(time);
      return time >= span.from ? before + time - span.from : before - since(time);
    },
    isOpen: (time) => {
      const { from, to } = spanAt(calendar, time);
      return from <= time && time < to;
    },
  };
};
