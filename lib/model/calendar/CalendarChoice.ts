import type { Calendar } from './Calendar.js';
import { calendarOf } from './calendars.js';

/**
 * Trading hours of all symbols, or a function that knows those of each symbol of each feed. It is asked once for each;
 * symbols of the same hours cost least where it returns the same object. `feed` is the name of the feed, such as
 * `itick:future`: hand it on to `calendarOf`, as a symbol alone does not tell a future from a stock.
 */
export type CalendarChoice = Calendar | ((symbol: string, feed: string) => Calendar);

/** Looks the calendar of a symbol of a feed up; without a choice it is `calendarOf`. */
export const calendarBy = (choice: CalendarChoice = calendarOf): ((symbol: string, feed: string) => Calendar) =>
  typeof choice === 'function' ? choice : () => choice;
