import type { Calendar } from './Calendar.js';
import { sessionDays, type Span } from './sessionDays.js';

/** Milliseconds of trading from one moment to another, of the trading time given: a bucket's `trading`, for example. */
export const tradingTime = (trading: readonly Span[], from = -Infinity, to = Infinity): number =>
  trading.reduce((sum, span) => sum + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)), 0);

/** The trading span that a moment is in, or else the next one. */
export const spanAt = (calendar: Calendar, time: number): Span => {
  const { stretches, until } = sessionDays(calendar).at(time);
  return stretches.find(({ to }) => time < to) ?? spanAt(calendar, until);
};

/** Whether a venue trades at a moment: not in an auction, a break, or a night. */
export const isOpen = (calendar: Calendar, time: number): boolean =>
  sessionDays(calendar)
    .at(time)
    .stretches.some(({ from, to }) => from <= time && time < to);
