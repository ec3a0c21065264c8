import type { RateRules } from '../rest/restControl.js';

/** What one can subscribe to on TickFlow's stream. */
export type TickflowChannel = 'quotes' | 'depth';

/** How the simulated TickFlow behaves where its plans differ. */
export interface TickflowRules extends RateRules {
  /**
   * The one accepted key.
   *
   * @defaultValue `'demo'`
   */
  readonly apiKey?: string;
  /**
   * Symbols per channel and connection.
   *
   * @defaultValue `100`
   */
  readonly maxSymbols?: number;
  /**
   * Channels that the plan includes.
   *
   * @defaultValue both
   */
  readonly channels?: readonly TickflowChannel[];
  /**
   * Milliseconds between two Ping frames; without a Pong by the next one the connection ends.
   *
   * @defaultValue `30_000`
   */
  readonly pingEvery?: number;
  /**
   * Whether `subscribed` holds only `total`, as has been seen.
   *
   * @defaultValue `false`
   */
  readonly terse?: boolean;
  /**
   * Whether quotes carry `session`, which the WebSocket page does not show.
   *
   * @defaultValue `false`
   */
  readonly session?: boolean;
  /**
   * Rows of a symbol in one REST answer, whatever `count` says.
   *
   * @defaultValue `10_000`
   */
  readonly maxRows?: number;
  /**
   * Symbols of one REST request.
   *
   * @defaultValue `100`
   */
  readonly maxBatch?: number;
  /**
   * Whether the closing auction of a mainland stock is a REST row of its own, stamped at the close, or in the minute
   * before. That of the opening is always in the first minute.
   *
   * @defaultValue `'apart'`
   */
  readonly auctions?: 'apart' | 'folded';
  /**
   * By what the prices of forward adjustment, which is REST's default, differ from those of `adjust=none`: a factor.
   *
   * @defaultValue `0.98`
   */
  readonly adjustment?: number;
}

export const tickflowDefaults: Required<TickflowRules> = {
  apiKey: 'demo',
  maxSymbols: 100,
  channels: ['quotes', 'depth'],
  pingEvery: 30_000,
  terse: false,
  session: false,
  maxRows: 10_000,
  maxBatch: 100,
  auctions: 'apart',
  adjustment: 0.98,
  budget: { calls: Infinity, per: 60_000 },
  waitIn: 'text',
};
