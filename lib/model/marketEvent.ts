import type { Interval } from './interval.js';
import type { EventFacts } from './ownEvents.js';
import type { DepthSequence } from './sequence.js';

/** What every event of the market carries; data of a provider of your own may extend it. */
export interface MarketFacts extends EventFacts {
  /** `CODE.VENUE`, spelled as the caller spelled it in the topic. */
  readonly symbol: string;
  /**
   * When it happened, by the vendor, in epoch milliseconds; equals `receivedAt` when the vendor sends no time, or one that
   * is not believed (see `vendorTime`).
   */
  readonly time: number;
  /**
   * The vendor's stamp as it was sent, where it is not believed: it cannot be a time, or lies far ahead of what the other
   * stamps of the feed say. Absent otherwise.
   */
  readonly vendorTime?: number | string | undefined;
}

/**
 * What one unit of a size or volume is: a share, or a lot (100 shares on SH, SZ and BJ; a contract for futures).
 * Absent where the vendor trades in other units, such as forex and crypto.
 */
export type SizeUnit = 'shares' | 'lots';

/** Where in its day an instrument is. */
export type TradingPhase = 'pre_market' | 'regular' | 'lunch_break' | 'after_hours' | 'closed';

/** Whether an instrument can be traded. `normal` is a vendor's word for "not halted" that says nothing of the hour. */
export type QuoteStatus = TradingPhase | 'normal' | 'halted' | 'delisted';

/** One execution. */
export interface Trade extends MarketFacts {
  readonly kind: 'trade';
  /** In the instrument's currency, as all prices are. */
  readonly price: number;
  /**
   * The vendor's number of the execution, where it has one: no two of a symbol of a feed have the same, and it grows from one
   * to the next, not always by one. Two trades of one id are one execution, sent twice.
   */
  readonly id?: number | undefined;
  /** How much changed hands in this execution. */
  readonly size?: number | undefined;
  /** How much changed hands this trading day so far, this execution included. */
  readonly volume?: number | undefined;
  readonly sizeUnit?: SizeUnit | undefined;
  /**
   * Whether its price is not one of the moment: a late print or an odd lot, by the vendor's condition code. It counts in
   * volume, and not in open, high, low or close. Absent means no.
   */
  readonly volumeOnly?: boolean | undefined;
  /** Who crossed the spread; absent when unknown. */
  readonly aggressor?: 'buyer' | 'seller' | undefined;
  /** Where in its day the instrument was; absent when the vendor does not say. */
  readonly tradingPhase?: TradingPhase | undefined;
}

/**
 * What was traded in the last so many hours, up to the time of the quote: the window moves on, so that each figure may fall as
 * well as rise. None of it is a figure of a trading day, and no bar is made of it.
 */
export interface RollingFigures {
  /** How long the window is, in hours. */
  readonly hours: number;
  /** The first price in the window; the change over it is `last` less this. In the instrument's currency, as all prices are. */
  readonly open?: number | undefined;
  readonly high?: number | undefined;
  readonly low?: number | undefined;
  /** In `sizeUnit` of the quote. */
  readonly volume?: number | undefined;
  /** Its value, in the currency of the instrument. */
  readonly turnover?: number | undefined;
  /** How many executions it was. */
  readonly trades?: number | undefined;
}

/**
 * The running summary of a trading day, in the vendor's word. It holds no bid and no ask. A vendor that counts no days has the
 * last price and `rolling` figures only.
 */
export interface Quote extends MarketFacts {
  readonly kind: 'quote';
  /** The price of the last execution. */
  readonly last: number;
  readonly open?: number | undefined;
  readonly high?: number | undefined;
  readonly low?: number | undefined;
  /** The close of the trading day before; absent when the vendor sends none. */
  readonly previousClose?: number | undefined;
  /** Accumulated over the trading day, in `sizeUnit`. */
  readonly volume?: number | undefined;
  /** Accumulated value over the trading day, in the currency of the instrument. */
  readonly turnover?: number | undefined;
  readonly sizeUnit?: SizeUnit | undefined;
  /** Figures of the last hours instead of the day, of a vendor that counts so, as crypto exchanges do: mostly of 24. */
  readonly rolling?: RollingFigures | undefined;
  /** Whether it can be traded; absent when the vendor does not say. */
  readonly status?: QuoteStatus | undefined;
}

/** One rung of a ladder. */
export interface Level {
  readonly price: number;
  /**
   * The size offered at this price. Absent where the vendor gives no sizes, as iTick for forex; the price is still valid.
   * Zero is a vendor's placeholder for "no orders", as at limit-up, and is not a level.
   */
  readonly size?: number | undefined;
  /** How many orders make it up, as sent; some vendors repeat the size here. */
  readonly orders?: number | undefined;
}

/** Price levels as sent, best first. */
export interface Depth extends MarketFacts {
  readonly kind: 'depth';
  /** A snapshot replaces all that came before; an update sets absolute sizes. */
  readonly type: 'snapshot' | 'update';
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
  readonly sizeUnit?: SizeUnit | undefined;
  /** The vendor's numbers of what it covers, where it counts: a missing one is a hole in this book. */
  readonly sequence?: DepthSequence | undefined;
}

/** Best bid and offer: of a vendor who pushes it, or of a book, by `topOfBook`. */
export interface Bbo extends MarketFacts {
  readonly kind: 'bbo';
  /** Absent when there are no bids. */
  readonly bid?: Level | undefined;
  /** Absent when there are no asks. */
  readonly ask?: Level | undefined;
  /**
   * Whether it could be believed when it was said. That of a vendor always; that of a book is false from a gap until the next
   * snapshot. The vendor says nothing of a gap: what came before a `disconnected` may be wrong after it.
   */
  readonly valid: boolean;
  readonly sizeUnit?: SizeUnit | undefined;
  /** The vendor's number of the book it was taken from, where it has one. */
  readonly sequence?: number | undefined;
}

/** One bar, and how far it can be trusted. Its length is one by the clock, if not said otherwise. */
export interface Kline<I extends string = Interval> extends MarketFacts {
  readonly kind: 'kline';
  readonly interval: I;
  /** First moment of the bar, epoch milliseconds. */
  readonly openTime: number;
  /** First moment after the bar, so that bars join. */
  readonly closeTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** What was seen in the bar. */
  readonly volume: number;
  /** Its value in the currency of the instrument, by the vendor's bar or by quotes; bars of trades have none. */
  readonly turnover?: number | undefined;
  /**
   * Volume-weighted average price of what was seen: of its trades, else of turnover and volume where a unit of volume is
   * known to be a share. Absent where neither tells.
   */
  readonly vwap?: number | undefined;
  /** What of the volume buyers and sellers crossed the spread for; absent unless a trade said who did. */
  readonly buyVolume?: number | undefined;
  readonly sellVolume?: number | undefined;
  /** How many executions made it; absent when the vendor does not say. */
  readonly trades?: number | undefined;
  /** Whether the bar is final. Vendors that give no such flag always say false. */
  readonly closed: boolean;
  /** How many times a closed bar was corrected. */
  readonly revision: number;
  /** Share of the bar's trading time that the link was live, 0 to 1. */
  readonly coverage: number;
  /** What the bar was made of. `backfill` is a bar of the vendor's history in place of one that has a hole. */
  readonly source: 'trades' | 'quotes' | 'provider' | 'backfill' | 'empty';
  /** What cumulative volume proves happened unseen. */
  readonly missedVolume: number;
  /** Where another line of a `standby` took over: the feed that served before, and the provider whose volume the bar has. */
  readonly left?: { readonly feed: string; readonly volumeOf: string } | undefined;
}

/** What the market says. */
export type MarketEvent = Trade | Quote | Depth | Bbo | Kline;
