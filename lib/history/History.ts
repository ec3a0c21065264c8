import type { Observable } from 'rxjs';
import type { Interval } from '../model/interval.js';
import type { Depth, Kline, Quote, Trade } from '../model/marketEvent.js';

/** Which bars are asked for. */
export interface HistoryQuery {
  readonly interval: Interval;
  readonly symbols: readonly string[];
  /** The first moment of the time asked for, epoch milliseconds: bars that open at it or later. */
  readonly from: number;
  /** The first moment after it, epoch milliseconds: bars that open before it. */
  readonly to: number;
}

/** Which trades are asked for. */
export interface TradesQuery {
  readonly symbol: string;
  /** The id of the first trade. */
  readonly fromId: number;
  /** The id of the last one. */
  readonly toId: number;
}

/** What a vendor's REST interface knows of the past, and of now for those who have no stream. */
export interface History {
  /** The vendor, as in the `provider` of events. */
  readonly provider: string;
  /**
   * The name of the vendor's feed of these instruments, as in the `feed` of events.
   *
   * @defaultValue the `provider`
   */
  readonly feed?: string | undefined;
  /** At most `calls` requests in any `per` milliseconds. */
  readonly budget: { readonly calls: number; readonly per: number };
  /** Milliseconds after its end until a bar is taken as final. */
  readonly settle: number;
  /**
   * How many symbols one request may carry.
   *
   * @defaultValue 1
   */
  readonly batch?: number | undefined;
  /**
   * The bars of the symbols that open in [from, to) and are over, oldest first, however many calls it takes.
   *
   * Cold: each subscription asks anew, and unsubscribing aborts the request. Fails with `HistoryRefused` where the vendor
   * answers that it will not, and with `HistoryUnavailable` where no answer comes or none that can be read.
   */
  readonly klines: (query: HistoryQuery) => Observable<Kline>;
  /**
   * The trades of a symbol from one id to another, both included, oldest first, however many calls it takes; absent where the
   * vendor gives none by id, or where ids do not count up by one.
   *
   * Cold; unsubscribing aborts the request. Fails as `klines` does.
   */
  readonly trades?: ((query: TradesQuery) => Observable<Trade>) | undefined;
  /** The newest quote of each symbol, once; absent where the vendor has none. */
  readonly quotes?: ((symbols: readonly string[]) => Observable<Quote>) | undefined;
  /** The newest depth of each symbol, once; absent where the vendor has none. */
  readonly depths?: ((symbols: readonly string[]) => Observable<Depth>) | undefined;
}
