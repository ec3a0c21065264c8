import type { Calendar } from './Calendar.js';
import { hoursOf } from './hours.js';

/** What the exchange announces for a year. */
export type Holidays = Pick<Calendar, 'holidays' | 'halfDays'>;

/**
 * The calendar with these holidays and half days besides those it has. Throws `InvalidOption` for one that is malformed.
 *
 * @example
 * withHolidays(calendars.hk, { holidays: ['2026-12-25'], halfDays: { '2026-12-24': '12:00' } })
 */
export const withHolidays = (calendar: Calendar, { holidays = [], halfDays = {} }: Holidays): Calendar => {
  const whole: Calendar = {
    ...calendar,
    holidays: [...(calendar.holidays ?? []), ...holidays],
    halfDays: { ...calendar.halfDays, ...halfDays },
  };
  hoursOf(whole);
  return whole;
};
