import type { RateRules } from '../rest/restControl.js';

/** How the simulated iTick behaves where its plans differ and its documents disagree. */
export interface ItickRules extends RateRules {
  /**
   * The one accepted token.
   *
   * @defaultValue `'demo'`
   */
  readonly token?: string;
  /**
   * Products per connection, whatever their types.
   *
   * @defaultValue `500`
   */
  readonly maxSymbols?: number;
  /**
   * Connections per cluster at most; one more kicks the oldest.
   *
   * @defaultValue `1`
   */
  readonly maxConnections?: number;
  /**
   * Close code of a kick.
   *
   * @defaultValue `1000`, as nothing is documented and a clean close is the worst case for a client
   */
  readonly kickCode?: number;
  /**
   * Milliseconds without an application ping after which the connection is closed.
   *
   * @defaultValue `60_000`
   */
  readonly heartbeatTimeout?: number;
  /**
   * Milliseconds before the answer to a login, `subscribe` or `unsubscribe`; data may overtake it.
   *
   * @defaultValue `0`
   */
  readonly ackAfter?: number;
  /**
   * Whether the login ack repeats the token, as older documents show.
   *
   * @defaultValue `false`
   */
  readonly echoToken?: boolean;
  /**
   * How pushes spell a symbol: `AAPL.US`; `AAPL` with `r`; `AAPL$US` with `r`; `aapl`.
   *
   * @defaultValue `'region'`
   */
  readonly symbolForm?: 'dotted' | 'region' | 'dollar' | 'lower';
  /**
   * Whether figures are JSON numbers or strings.
   *
   * @defaultValue `'number'`
   */
  readonly numbers?: 'number' | 'string';
  /**
   * Whether klines are the current flat row or the older nested one.
   *
   * @defaultValue `'flat'`
   */
  readonly klineForm?: 'flat' | 'nested';
  /**
   * Whether `data` is a row, an array of one row, or missing, with the row as the whole frame.
   *
   * @defaultValue `'object'`
   */
  readonly envelope?: 'object' | 'array' | 'bare';
  /**
   * Types that the plan does not include, such as `kline@1`.
   *
   * @defaultValue none
   */
  readonly refuseTypes?: readonly string[];
  /**
   * Whether quotes carry `p`, `ch` and `chp`, which the WebSocket page does not show.
   *
   * @defaultValue `false`
   */
  readonly previousClose?: boolean;
  /**
   * Whether the depth of currencies has five levels with sizes.
   *
   * @defaultValue `false`: one level, and its size is 0
   */
  readonly forexSizes?: boolean;
  /**
   * How REST refuses a token: HTTP 200 with code `E002`, or HTTP 401 with a message.
   *
   * @defaultValue `'code'`
   */
  readonly badToken?: 'code' | 'status';
  /**
   * Whether a REST kline that opens at `et` itself is among those that end there; sources disagree.
   *
   * @defaultValue `'exclusive'`
   */
  readonly endTime?: 'exclusive' | 'inclusive';
  /**
   * Klines in one REST answer, whatever `limit` says.
   *
   * @defaultValue `500`
   */
  readonly maxRows?: number;
  /**
   * Whether the REST klines of a mainland stock hold its auctions apart, at 09:25 and 15:00 as the stream does, or in the
   * minute next to them.
   *
   * @defaultValue `'apart'`
   */
  readonly auctions?: 'apart' | 'folded';
}

export const itickDefaults: Required<ItickRules> = {
  token: 'demo',
  maxSymbols: 500,
  maxConnections: 1,
  kickCode: 1000,
  heartbeatTimeout: 60_000,
  ackAfter: 0,
  echoToken: false,
  symbolForm: 'region',
  numbers: 'number',
  klineForm: 'flat',
  envelope: 'object',
  refuseTypes: [],
  previousClose: false,
  forexSizes: false,
  badToken: 'code',
  endTime: 'exclusive',
  maxRows: 500,
  auctions: 'apart',
  budget: { calls: Infinity, per: 60_000 },
  waitIn: 'header',
};
