import type { CalendarChoice } from '../../model/calendar/CalendarChoice.js';
import { sessionDays } from '../../model/calendar/sessionDays.js';
import { InvalidOption } from '../../model/errors.js';
import { checkDuration } from '../../model/check.js';

/** How to learn what silence is normal for a symbol. */
export interface AdaptiveSilence {
  /** How many times the mean time between its events a symbol may be silent; above 0. */
  readonly factor: number;
  /** The least and the most that is learnt, milliseconds. */
  readonly floor: number;
  readonly cap: number;
}

/** How long a silence `staleness` lets pass, and by which trading hours. */
export interface StalenessOptions {
  /** Milliseconds of trading time without an event that make a symbol stale; above 0. */
  readonly after: number;
  /**
   * Trading hours of all symbols, or a function of the symbol and the name of its feed.
   *
   * @defaultValue `calendarOf`
   */
  readonly calendar?: CalendarChoice | undefined;
  /**
   * Learns `after` from the events of each symbol; the given one holds up to its second event.
   *
   * @defaultValue `undefined`: it does not
   */
  readonly adaptive?: AdaptiveSilence | undefined;
  /**
   * Milliseconds of trading time without an event after which a symbol is forgotten.
   *
   * @defaultValue 24 hours of it
   */
  readonly idle?: number | undefined;
}

export type StalenessSettings = StalenessOptions & { readonly idle: number };

const DAY = 86_400_000;

/** With whole milliseconds, so that a timer is never early by less than one. Throws `InvalidOption`. */
export const stalenessSettings = ({ after, calendar, adaptive, idle = DAY }: StalenessOptions): StalenessSettings => {
  checkSilence('after', after);
  if (adaptive) checkAdaptive(adaptive);
  checkDuration('idle', idle);
  if (idle <= Math.max(after, adaptive?.cap ?? 0)) {
    throw new InvalidOption('idle', idle, 'it is longer than any silence that makes a symbol stale');
  }
  if (calendar && typeof calendar !== 'function') sessionDays(calendar);
  return { after: Math.ceil(after), calendar, adaptive, idle: Math.ceil(idle) };
};

const checkAdaptive = ({ factor, floor, cap }: AdaptiveSilence): void => {
  if (!(factor > 0 && factor < Infinity)) throw new InvalidOption('adaptive.factor', factor, 'it is a number above 0');
  checkSilence('adaptive.floor', floor);
  checkSilence('adaptive.cap', cap);
  if (cap < floor) throw new InvalidOption('adaptive.cap', cap, 'it is not below the floor');
};

const checkSilence = (option: string, value: number): void => {
  checkDuration(option, value);
  if (value === 0) throw new InvalidOption(option, value, 'it is above 0');
};
