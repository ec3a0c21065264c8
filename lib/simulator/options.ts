import type { ItickRules } from './itick/options.js';
import type { SimulatedSymbol } from './market/listing.js';
import type { TickflowRules } from './tickflow/options.js';

/** What is traded, how fast, and by which rules of the vendors. */
export interface SimulatorOptions {
  /**
   * Decides every price and size; same seed and start, same market.
   *
   * @defaultValue `1`
   */
  readonly seed?: number;
  /**
   * How many times faster the market and its vendors' timers run; 0 stops the market but for `step()`, and leaves the
   * timers at their own pace.
   *
   * @defaultValue `1`
   */
  readonly speed?: number;
  /**
   * On 127.0.0.1.
   *
   * @defaultValue `0`: any free port
   */
  readonly port?: number;
  /**
   * What trades from the start; more is made up when somebody subscribes.
   *
   * @defaultValue some of every cluster
   */
  readonly symbols?: readonly SimulatedSymbol[];
  /**
   * Symbols that do not exist, besides all whose code starts with `NOPE`.
   *
   * @defaultValue none
   */
  readonly unknown?: readonly string[];
  /**
   * Whether venues keep their hours, or never close so that something always moves.
   *
   * @defaultValue `'always'`
   */
  readonly market?: 'always' | 'sessions';
  /**
   * When the market begins, epoch milliseconds.
   *
   * @defaultValue now
   */
  readonly start?: number;
  /**
   * The rules of iTick.
   *
   * @defaultValue those of its pages
   */
  readonly itick?: ItickRules;
  /** The rules of TickFlow, likewise. */
  readonly tickflow?: TickflowRules;
}
