import type { TradingPhase } from '../marketEvent.js';

/** A stretch of the day in the exchange's wall clock. */
export interface TradingSpan {
  /** `'09:30'`; `'21:00-1'` is the evening before the session day. */
  readonly from: string;
  /** Exclusive: `'16:00'`, `'24:00'`, or `'02:30+1'` for the night after the session day. */
  readonly to: string;
  /**
   * `continuous` is trading time and is cut into bars. An `auction` is neither: what it trades belongs to the nearest bar,
   * and the last bar of a day is not final before the auction after it is over.
   *
   * @defaultValue `'continuous'`
   */
  readonly kind?: 'auction' | 'continuous' | undefined;
}

/** Trading hours of a venue, as data. */
export interface Calendar {
  /** IANA name of the exchange's time zone, such as `America/New_York`. */
  readonly zone: string;
  /** The spans of an ordinary session day in order. Bars are counted anew from the start of each continuous one. */
  readonly spans: readonly TradingSpan[];
  /** On which days of the week it trades: 1 is Monday, 7 is Sunday. */
  readonly weekdays: readonly number[];
  /**
   * Which evening the `-1` of a span means. `day` is the day before: Monday's session opens on Sunday.
   * `weekday` is the weekday before: Monday's opens on Friday, and a session after a holiday has no such span. `session` is
   * the session day before, however many holidays lie between.
   *
   * @defaultValue `'day'`
   */
  readonly eveningBefore?: 'day' | 'weekday' | 'session' | undefined;
  /**
   * Dates without trading, as the exchange writes them: `'2026-10-01'`.
   *
   * @defaultValue none
   */
  readonly holidays?: readonly string[] | undefined;
  /** The last close of days that end early: `{ '2026-12-24': '12:00' }`. The closing auction moves with it. */
  readonly halfDays?: Readonly<Record<string, string>> | undefined;
  /**
   * The first open of days that begin late: `{ '2020-08-19': '13:30' }`. What would have been traded before it on that date
   * is not held; a session of the evening before that was over by then stays.
   */
  readonly lateOpens?: Readonly<Record<string, string>> | undefined;
  /**
   * Trades and quotes that are in no bar, by the phase that the event itself says: `calendars.us` leaves out
   * `pre_market` and `after_hours`. An event that says no phase goes by its time.
   *
   * @defaultValue none
   */
  readonly without?: readonly TradingPhase[] | undefined;
}
