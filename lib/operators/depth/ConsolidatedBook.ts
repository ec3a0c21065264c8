import type { Level } from '../../model/marketEvent.js';

/** What one feed has at a price. */
export interface SourceSize {
  readonly provider: string;
  /** The name of the feed, where its events carry one. */
  readonly feed?: string | undefined;
  /** Absent where the vendor gives no sizes. */
  readonly size?: number | undefined;
}

/** A level of several feeds: `size` is the sum of what its sources have, and absent when one of them gives none. */
export interface ConsolidatedLevel extends Level {
  /** Who has how much of it, in the order in which the feeds were first heard. */
  readonly sources: readonly SourceSize[];
}

/** The levels of one symbol from all feeds that can be believed now. It is never changed later. */
export interface ConsolidatedBook {
  /** As its first depth event spelled it; each source may have its own spelling. */
  readonly symbol: string;
  /** Best first. */
  readonly bids: readonly ConsolidatedLevel[];
  /** Best first. */
  readonly asks: readonly ConsolidatedLevel[];
  /** The providers that are in it, each once; none when all are disconnected or too old. */
  readonly sources: readonly string[];
  /** The names of the feeds that are in it; absent where no event names its feed. */
  readonly feeds?: readonly string[] | undefined;
  /** Whether the best bid of all equals the best ask of all. */
  readonly locked: boolean;
  /** Whether the best bid of all is above the best ask of all. */
  readonly crossed: boolean;
  /** The newest vendor's time among its sources, epoch milliseconds; the last one known when there is no source. */
  readonly time: number;
  /** When its last cause arrived, an event or the end of `maxAge`, epoch milliseconds. */
  readonly receivedAt: number;
}
