import type { CalendarChoice } from '../../model/calendar/CalendarChoice.js';
import { sessionDays } from '../../model/calendar/sessionDays.js';
import { checkWhole, checkWord } from '../../model/check.js';
import { InvalidOption } from '../../model/errors.js';
import { checkIdle, DAY } from '../idleLooks.js';

/** How bars are made. */
export interface KlineOptions {
  /**
   * Trading hours of all symbols, or a function of the symbol and the name of its feed.
   *
   * @defaultValue `calendarOf`
   */
  readonly calendar?: CalendarChoice | undefined;
  /**
   * Milliseconds after its end at which a bar is closed by the clock, if no later event closed it.
   *
   * @defaultValue `1_000`
   */
  readonly grace?: number | undefined;
  /**
   * How many milliseconds the vendor's times are behind: bars are closed by the feed's own clock, so much later.
   * `measured` tells it for each symbol by how long after their time events come; a live feed has none.
   *
   * @defaultValue `'measured'`
   */
  readonly delay?: 'measured' | number | undefined;
  /**
   * What becomes of a trade whose bar is closed. `revise` corrects the bar and emits it again with a higher revision.
   * `report` leaves its prices and volume as they were, and adds the size to its `missedVolume`. `drop` ignores the trade;
   * cumulative volume still tells that it is missing.
   *
   * @defaultValue `'revise'`
   */
  readonly late?: 'revise' | 'report' | 'drop' | undefined;
  /**
   * How many closed bars of each symbol can still be corrected. Anything later is dropped.
   *
   * @defaultValue `5`
   */
  readonly horizon?: number | undefined;
  /**
   * Whether a bucket without events has no bar (`skip`) or a flat one at the last close (`carry`), up to the clock's now:
   * events of long ago belong under `replay`'s clock, or virtual time.
   *
   * @defaultValue `'skip'`
   */
  readonly empty?: 'skip' | 'carry' | undefined;
  /**
   * When forming bars are emitted: at most once in so many milliseconds, all that changed on one beat; with `each`
   * event; or never (`false`).
   *
   * @defaultValue `1_000`
   */
  readonly forming?: number | 'each' | false | undefined;
  /**
   * Milliseconds without an event of its own after which a symbol is forgotten, at most a sixteenth of it (and 1 ms at least)
   * later, once its bar is closed and its trading day is over. `Infinity` is never. When it comes back it begins anew, as far as
   * the feed served it: what is older than the bars of a forgotten symbol is dropped, as is what comes later than the `horizon`.
   *
   * @defaultValue `86_400_000`, a day; never with `empty: 'carry'`
   */
  readonly idleAfter?: number | undefined;
}

/** The options with their defaults. */
export interface KlineSettings extends Required<Omit<KlineOptions, 'calendar'>> {
  readonly calendar: CalendarChoice | undefined;
  readonly grace: number;
  readonly delay: 'measured' | number;
  readonly horizon: number;
  readonly forming: number | 'each' | false;
  readonly idleAfter: number;
}

/** Fills in the defaults; throws `InvalidOption` for what makes no sense. */
export const klineSettings = (options: KlineOptions = {}): KlineSettings => {
  const { calendar, grace = 1_000, delay = 'measured', late = 'revise', horizon = 5 } = options;
  const { empty = 'skip', forming = 1_000 } = options;
  const { idleAfter = empty === 'carry' ? Infinity : DAY } = options;
  if (!isWait(grace)) throw new InvalidOption('grace', grace, 'it is a number of milliseconds, 0 or more');
  if (delay !== 'measured' && !isWait(delay))
    throw new InvalidOption('delay', delay, 'it is measured, or a number of milliseconds, 0 or more');
  checkWord('late', late, ['revise', 'report', 'drop']);
  checkWhole('horizon', horizon, 'bars');
  checkWord('empty', empty, ['skip', 'carry']);
  if (forming !== false && forming !== 'each' && !(isWait(forming) && forming > 0))
    throw new InvalidOption('forming', forming, 'it is false, each, or a number of milliseconds above 0');
  if (calendar !== undefined && typeof calendar !== 'function') sessionDays(calendar);
  checkIdle(idleAfter);
  return { calendar, grace, delay, late, horizon, empty, forming, idleAfter };
};

const isWait = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
