import type { RefusalOptions } from '../refusal.js';

/** How often a credential may ask, and how the refusal says when to ask again. */
export interface RateRules {
  /**
   * What the plan allows: at most `calls` requests in any `per` milliseconds; those above it get 429. The time is of this
   * machine, whatever the `speed`, and a twentieth of it is left for requests that take different times on their way.
   *
   * @defaultValue no limit
   */
  readonly budget?: { readonly calls: number; readonly per: number };
  /**
   * Where a 429 says how long to wait: a `Retry-After` header of whole seconds, milliseconds in its text, or neither.
   *
   * @defaultValue `'header'` for iTick, `'text'` for TickFlow
   */
  readonly waitIn?: 'header' | 'text' | 'neither';
}

/** How a refused request looks. */
export interface RestRefusal extends RefusalOptions {
  /**
   * Milliseconds to wait that the text of the answer names, as TickFlow writes them.
   *
   * @defaultValue the text names none
   */
  readonly wait?: number;
}

/** An answer that cannot be read: a page of HTML, JSON that ends halfway, or a connection that does. */
export type Garbage = 'html' | 'truncated' | 'cut';

/** What is wrong with the history that is served. All at once, where several are set; what is left out is right. */
export interface HistoryFaults {
  /** Milliseconds of the market after its end in which the newest closed bar still changes. */
  readonly moving?: number;
  /** Rows in one answer, below what was asked for. */
  readonly cap?: number;
  /** Prices are multiplied by it, as those of an adjusted history. */
  readonly prices?: number;
  /** Volumes are multiplied by it: 100 for lots that are taken for shares. */
  readonly volumes?: number;
  /** Stamps are so many bars late; early when it is negative. */
  readonly shift?: number;
  /** Bars that the vendor does not have, by their true opening and the symbol as the market spells it: `700.HK`. */
  readonly withhold?: (openTime: number, symbol: string) => boolean;
  /**
   * The order of the rows.
   *
   * @defaultValue `'ascending'`
   */
  readonly order?: 'ascending' | 'descending' | 'shuffled';
  /**
   * Whether figures are JSON numbers or strings.
   *
   * @defaultValue `'number'`
   */
  readonly numbers?: 'number' | 'string';
}

/** One vendor's REST interface: what it was asked, and faults on demand. */
export interface RestControl {
  /** Requests received, oldest first, the last 10,000: `GET /stock/kline?region=US&code=AAPL&kType=1`; credentials read `***`. */
  readonly requests: readonly string[];
  /** Requests ever received, those that were refused as well. */
  readonly calls: number;
  /** How many of them each path of the vendor has had: `{ '/stock/kline': 2 }`. */
  readonly callsTo: Readonly<Record<string, number>>;
  /** How many of them came above the rate limit and were answered with 429. */
  readonly violations: number;
  /** Answers requests with an HTTP status instead. Ends what `hang` and `garble` began. */
  refuse(status: number, options?: RestRefusal): void;
  /** Leaves requests without any answer: so many, or all until `mend()`. */
  hang(times?: number): void;
  /** Answers requests with what cannot be read: so many, or all until `mend()`. */
  garble(garbage: Garbage, times?: number): void;
  /** Sends answers so many milliseconds after they were made, until `mend()`; 0 ends it. */
  delay(milliseconds: number): void;
  /** Serves a wrong history, until it is told otherwise. */
  distort(faults: HistoryFaults): void;
  /** Ends all faults. */
  mend(): void;
}
