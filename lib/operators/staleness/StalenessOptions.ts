import type { CalendarChoice } from '../../model/calendar/CalendarChoice.js';
import { sessionDays } from '../../model/calendar/sessionDays.js';
import { InvalidOption } from '../../model/errors.js';
import { checkDuration } from '../../model/check.js';

/** How to learn what silence is normal for a symbol. */
export interface AdaptiveSilence {
  /** How many times the mean time between its events a symbol may be silent; above 0. */
  readonly factor: number;
  /** The shortest and the longest silence that is learnt, in milliseconds; `minAfter` is above 0. */
  readonly minAfter: number;
  readonly maxAfter: number;
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
  readonly forgetAfter?: number | undefined;
}

export type StalenessSettings = StalenessOptions & { readonly forgetAfter: number };

const DAY = 86_400_000;

/** With whole milliseconds, so that a timer is never early by less than one. Throws `InvalidOption`. */
export const stalenessSettings = ({
  after,
  calendar,
  adaptive,
  forgetAfter = DAY,
}: StalenessOptions): StalenessSettings => {
  checkSilence('after', after);
  if (adaptive) checkAdaptive(adaptive);
  checkDuration('forgetAfter', forgetAfter);
  if (forgetAfter <= Math.max(after, adaptive?.maxAfter ?? 0)) {
    throw new InvalidOption('forgetAfter', forgetAfter, 'it is longer than any silence that makes a symbol stale');
  }
  if (calendar && typeof calendar !== 'function') sessionDays(calendar);
  return { after: Math.ceil(after), calendar, adaptive, forgetAfter: Math.ceil(forgetAfter) };
};

const checkAdaptive = ({ factor, minAfter, maxAfter }: AdaptiveSilence): void => {
  if (!(factor > 0 && factor < Infinity)) throw new InvalidOption('adaptive.factor', factor, 'it is a number above 0');
  checkSilence('adaptive.minAfter', minAfter);
  checkSilence('adaptive.maxAfter', maxAfter);
  if (maxAfter < minAfter) throw new InvalidOption('adaptive.maxAfter', maxAfter, 'it is not less than `minAfter`');
};

const checkSilence = (option: string, value: number): void => {
  checkDuration(option, value);
  if (value === 0) throw new InvalidOption(option, value, 'it is above 0');
};
