import type { Calendar } from './Calendar.js';
import { calendarOf } from './calendars.js';

/**
 * Trading hours of all symbols, or a function that knows those of each. It is asked once for a symbol; symbols of the same
 * hours cost least where it returns the same object.
 */
export type CalendarChoice = Calendar | ((symbol: string) => Calendar);

/** Looks the calendar of a symbol up; without a choice it is that of its venue. */
export const calendarBy = (choice: CalendarChoice = calendarOf): ((symbol: string) => Calendar) =>
  typeof choice === 'function' ? choice : () => choice;
