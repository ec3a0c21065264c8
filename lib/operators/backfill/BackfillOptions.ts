import type { CalendarChoice } from '../../model/calendar/CalendarChoice.js';
import { checkDuration, checkInterval, checkWhole } from '../../model/check.js';
import { InvalidOption } from '../../model/errors.js';
import { isIntraday, type Interval } from '../../model/interval.js';
import { canonicalSymbol } from '../../model/symbol.js';

/** How holes are repaired. */
export interface BackfillOptions {
  /** The bars that are repaired: those of `toKlines` behind it, or what larger bars are made of. */
  readonly interval: Interval;
  /**
   * How many bars before the one in which a symbol is first seen are asked for, so that a chart starts full.
   *
   * @defaultValue `0`
   */
  readonly warm?: number | undefined;
  /**
   * The longest hole that is repaired, in milliseconds from its first bar to its last. A longer one is given up.
   *
   * @defaultValue a day for bars up to `12h`, of `1s` an hour; none for longer bars
   */
  readonly maxHole?: number | undefined;
  /**
   * Milliseconds after its end until a bar is taken as final.
   *
   * @defaultValue that of the history
   */
  readonly settle?: number | undefined;
  /**
   * How many times the history is asked for one hole.
   *
   * @defaultValue `5`
   */
  readonly attempts?: number | undefined;
  /**
   * Trading hours, as in `toKlines`: what lies outside them is not missing.
   *
   * @defaultValue `calendarOf`
   */
  readonly calendar?: CalendarChoice | undefined;
  /** Symbols that are asked for, by `warm`, before anything is received of them. */
  readonly symbols?: readonly string[] | undefined;
}

/** The options with their defaults. */
export type BackfillSettings = ReturnType<typeof backfillSettings>;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Fills in the defaults; throws `InvalidOption` for what makes no sense. */
export const backfillSettings = (
  { settle: final }: { readonly settle: number },
  { interval, warm = 0, maxHole, settle = final, attempts = 5, calendar, symbols = [] }: BackfillOptions,
) => {
  checkInterval(interval);
  if (warm !== 0) checkWhole('warm', warm, 'bars');
  if (maxHole !== undefined && !(maxHole > 0))
    throw new InvalidOption('maxHole', maxHole, 'it is a number of milliseconds above 0');
  checkDuration('settle', settle);
  checkWhole('attempts', attempts, 'attempts');
  if (symbols.length > 0 && warm === 0)
    throw new InvalidOption('symbols', symbols, 'it is for `warm`: say how many bars are asked for');
  const most = maxHole ?? (!isIntraday(interval) ? Infinity : interval === '1s' ? HOUR : DAY);
  return { interval, warm, maxHole: most, settle, attempts, calendar, symbols: symbols.map(canonicalSymbol) };
};
