import type { CalendarChoice } from '../model/calendar/CalendarChoice.js';
import { checkTimeout, checkWord } from '../model/check.js';
import { InvalidOption } from '../model/errors.js';
import type { StalenessOptions } from '../operators/staleness/StalenessOptions.js';
import { stalenessSettings } from '../operators/staleness/StalenessOptions.js';

/** When `standby` goes to the other line, and when back. */
export interface StandbyOptions {
  /** What makes the other line serve. */
  readonly promote?:
    | {
        /**
         * `disconnected`: the link is lost; the whole feed goes over. `stale`: also a symbol that is silent while it trades, and of
         * which the other line has spoken since. What two lines say within a third of `after` of each other, a second at most, is no
         * difference: a symbol that trades seldom stays where it is.
         *
         * @defaultValue `disconnected`
         */
        readonly on?: 'disconnected' | 'stale' | undefined;
        /**
         * For how many milliseconds; above 0. A shorter loss of the link makes no switch.
         *
         * @defaultValue `3_000`
         */
        readonly after?: number | undefined;
        /**
         * Trading hours of all symbols, or a function of the symbol and the name of its feed; for `stale`.
         *
         * @defaultValue `calendarOf`
         */
        readonly calendar?: CalendarChoice | undefined;
      }
    | undefined;
  /**
   * `hot`: both lines are connected all the time. `cold`: the secondary is connected when it is needed, and closed when the
   * primary serves again.
   *
   * @defaultValue `hot`
   */
  readonly mode?: 'hot' | 'cold' | undefined;
  /**
   * Back to the primary once it has been fresh for `after` ms, above 0, and at most once in that time; `never` only when the
   * secondary fails.
   *
   * @defaultValue `{ after: 60_000 }`
   */
  readonly back?: { readonly after: number } | 'never' | undefined;
  /**
   * Says `diverged` of a symbol whose last prices differ by more than `tolerance`, as a share of the larger one, for longer
   * than `after` ms in which both lines have spoken. Of `hot` only.
   *
   * @defaultValue `undefined`: it does not
   */
  readonly diverged?: { readonly tolerance: number; readonly after: number } | undefined;
}

/** The options with their defaults. */
export interface StandbySettings {
  readonly after: number;
  readonly isHot: boolean;
  /** Of what is silent; undefined where only a lost link counts. */
  readonly stale: StalenessOptions | undefined;
  /** Infinity is never. */
  readonly backAfter: number;
  readonly diverged: { readonly tolerance: number; readonly after: number } | undefined;
}

/** Throws `InvalidOption`. */
export const standbySettings = ({
  promote: { on = 'disconnected', after = 3_000, calendar } = {},
  mode = 'hot',
  back = { after: 60_000 },
  diverged,
}: StandbyOptions): StandbySettings => {
  checkWord('promote.on', on, ['disconnected', 'stale']);
  checkTimeout('promote.after', after);
  checkWord('mode', mode, ['hot', 'cold']);
  const stale = on === 'stale' ? { after, calendar } : undefined;
  if (stale) stalenessSettings(stale);
  if (back !== 'never') checkAfter('back.after', (back as Partial<typeof back> | null)?.after);
  if (diverged) {
    const { tolerance } = diverged;
    if (mode === 'cold')
      throw new InvalidOption('diverged', diverged, 'both lines are heard only where the mode is hot');
    if (!(typeof tolerance === 'number' && tolerance > 0 && tolerance < 1)) {
      throw new InvalidOption('diverged.tolerance', tolerance, 'it is a share of the price, between 0 and 1');
    }
    checkAfter('diverged.after', diverged.after);
  }
  return { after, isHot: mode === 'hot', stale, backAfter: back === 'never' ? Infinity : back.after, diverged };
};

const checkAfter = (option: string, value: number | undefined): void => checkTimeout(option, value ?? NaN);
