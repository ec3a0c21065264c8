/** What one can subscribe to on TickFlow's stream. */
export type TickflowChannel = 'quotes' | 'depth';

/** How the simulated TickFlow behaves where its plans differ. */
export interface TickflowRules {
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
}
