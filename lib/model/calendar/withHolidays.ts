import { InvalidOption } from '../errors.js';
import type { Calendar } from './Calendar.js';
import { hoursOf } from './hours.js';

/** What the exchange announces: for a year, or on the morning of a typhoon. */
export type Holidays = Pick<Calendar, 'holidays' | 'halfDays' | 'lateOpens'>;

const known: ReadonlySet<string> = new Set<keyof Holidays>(['holidays', 'halfDays', 'lateOpens']);

/**
 * The calendar with these holidays, half days and late opens besides those it has. Throws `InvalidOption` for one that is
 * malformed, and for a key that is none of the three.
 *
 * @example
 * withHolidays(calendars.hk, { holidays: ['2026-12-25'], halfDays: { '2026-12-24': '12:00' } })
 */
export const withHolidays = (calendar: Calendar, added: Holidays): Calendar => {
  checkAdded(added);
  hoursOf(calendar);
  // Checked before they are spread: a text has parts as well.
  hoursOf({ ...calendar, ...added });
  const { holidays = [], halfDays = {}, lateOpens = {} } = added;
  const whole: Calendar = {
    ...calendar,
    holidays: [...(calendar.holidays ?? []), ...holidays],
    halfDays: { ...calendar.halfDays, ...halfDays },
    ...((calendar.lateOpens ?? added.lateOpens) && { lateOpens: { ...calendar.lateOpens, ...lateOpens } }),
  };
  hoursOf(whole);
  return whole;
};

const checkAdded = (added: unknown): void => {
  if (typeof added !== 'object' || added === null || Array.isArray(added))
    throw new InvalidOption('calendar', added, 'add an object with holidays, halfDays or lateOpens');
  for (const [key, value] of Object.entries(added)) {
    if (!known.has(key))
      throw new InvalidOption(`calendar.${key.slice(0, 64)}`, value, 'add holidays, halfDays or lateOpens');
  }
};
