import type { StalenessOptions } from '../staleness/StalenessOptions.js';

/** Options of `tradable`: how long a silence it lets pass, and by which trading hours. */
export interface TradableOptions extends Partial<StalenessOptions> {
  /**
   * Milliseconds of trading time without an event after which a symbol is `stale`; above 0.
   *
   * @defaultValue `10_000`
   */
  readonly after?: number;
}

/**
 * Why a strategy may not act on a symbol now.
 *
 * - `disconnected`: the link of its feed is lost.
 * - `standby`: another line of a `standby` serves it.
 * - `gap`: the link is back, and the vendor does not serve all topics of the symbol again that it served before.
 * - `refused`: the vendor has refused a topic of it.
 * - `unsubscribed`: none of its topics is wanted any more. No other reason is given then.
 * - `silent`: it was subscribed, and has sent nothing yet.
 * - `stale`: it is silent for longer than `after`, or has sent nothing since the link came back.
 * - `lagging`: the data of its feed are older than they may be, by `watchLag`.
 * - `closed`, `halted`: its venue is closed, or the vendor says that it does not trade.
 * - `book`: its depth is subscribed, and there is no book that is whole: no snapshot since the link came back or since an
 *   update was missed; or its best prices are in doubt (`valid: false`).
 */
export type TradableReason =
  | 'disconnected'
  | 'standby'
  | 'gap'
  | 'refused'
  | 'unsubscribed'
  | 'silent'
  | 'stale'
  | 'lagging'
  | 'closed'
  | 'halted'
  | 'book';

/** Whether a strategy may act on a symbol of a feed from now on. */
export interface Tradable {
  readonly kind: 'tradable';
  readonly provider: string;
  /** The name of the feed, where its events carry one. */
  readonly feed?: string | undefined;
  /** As the first event or topic of it spelled it. */
  readonly symbol: string;
  /** Whether nothing speaks against it: the link is live, the data are fresh, the venue is open, the book is whole. */
  readonly tradable: boolean;
  /** All that speaks against it, the most basic first; empty where it is tradable. */
  readonly reasons: readonly TradableReason[];
  /** When it came to be so, by the RxJS clock, epoch milliseconds. */
  readonly receivedAt: number;
}
