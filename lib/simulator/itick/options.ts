/** How the simulated iTick behaves where its plans differ and its documents disagree. */
export interface ItickRules {
  /** The one accepted token. Default `demo`. */
  readonly token?: string;
  /** Products per connection, whatever their types. Default 500. */
  readonly maxSymbols?: number;
  /** Connections per cluster; one more kicks the oldest. Default 1. */
  readonly connections?: number;
  /** Close code of a kick. Default 1000, as nothing is documented and a clean close is the worst case for a client. */
  readonly kickCode?: number;
  /** Milliseconds without an application ping after which the connection is closed. Default 60,000. */
  readonly heartbeatLimit?: number;
  /** Milliseconds before the answer to a login, `subscribe` or `unsubscribe`; data may overtake it. Default 0. */
  readonly ackDelay?: number;
  /** Whether the login ack repeats the token, as older documents show. Default false. */
  readonly echoToken?: boolean;
  /** How pushes spell a symbol: `AAPL.US`; `AAPL` with `r`; `AAPL$US` with `r`; `aapl`. Default `region`. */
  readonly symbolForm?: 'dotted' | 'region' | 'dollar' | 'lower';
  /** Whether figures are JSON numbers or strings. Default `number`. */
  readonly numbers?: 'number' | 'string';
  /** Whether klines are the current flat row or the older nested one. Default `flat`. */
  readonly klineForm?: 'flat' | 'nested';
  /** Whether `data` is a row, an array of one row, or missing, with the row as the whole frame. Default `object`. */
  readonly envelope?: 'object' | 'array' | 'bare';
  /** Types that the plan does not include, such as `kline@1`. Default none. */
  readonly refuseTypes?: readonly string[];
  /** Whether quotes carry `p`, `ch` and `chp`, which the WebSocket page does not show. Default false. */
  readonly previousClose?: boolean;
  /** Whether the depth of currencies has five levels with sizes. Default false: one level, and its size is 0. */
  readonly forexSizes?: boolean;
}

export const itickDefaults: Required<ItickRules> = {
  token: 'demo',
  maxSymbols: 500,
  connections: 1,
  kickCode: 1000,
  heartbeatLimit: 60_000,
  ackDelay: 0,
  echoToken: false,
  symbolForm: 'region',
  numbers: 'number',
  klineForm: 'flat',
  envelope: 'object',
  refuseTypes: [],
  previousClose: false,
  forexSizes: false,
};
