import { filter, type Observable } from 'rxjs';
import { checkWhole } from '../../model/check.js';
import { isMarketEvent, isOwnData, type FeedEvent } from '../../model/feedEvent.js';
import type { MarketEvent, Trade } from '../../model/marketEvent.js';
import type { OwnData } from '../../model/ownEvents.js';
import type { Beat } from './beat.js';
import { gathered } from './gathered.js';
import { eventKeys } from './keys.js';

/** Trades of one symbol, none left out. */
export interface TradeBatch {
  readonly kind: 'trades';
  readonly provider: string;
  /** The name of the feed, where its events carry one. */
  readonly feed?: string | undefined;
  /** As it was spelled first. */
  readonly symbol: string;
  /** Vendor's time of the last of them, epoch milliseconds. */
  readonly time: number;
  /** When the last of them arrived, epoch milliseconds. */
  readonly receivedAt: number;
  /** At least one, in the order of arrival. */
  readonly trades: readonly Trade[];
}

/** The beat of `batchTrades`, and how many trades may wait for it. */
export type BatchTradesOptions = Beat & {
  /**
   * How many trades wait at most; the next beat comes early when there are as many.
   *
   * @defaultValue `10_000`
   */
  readonly maxTrades?: number | undefined;
};

/**
 * Delivers the trades of each symbol in batches, one per beat, and loses none: the batches of a symbol joined are its
 * trades.
 *
 * What the link says passes at once, after the trades that came before it. Data that are no trades are left out. Completion
 * and errors deliver what waits first. Throws `InvalidOption` unless there is exactly one beat.
 *
 *     source                     -a-b-a--|
 *     batchTrades({ every: 5 })  ------([b][aa])-|
 *
 * @example
 * feed$.pipe(batchTrades({ every: 1_000 }))
 */
export const batchTrades = ({ maxTrades = 10_000, ...beat }: BatchTradesOptions) => {
  checkWhole('maxTrades', maxTrades, 'trades');
  const batched = gathered<FeedEvent, Trade[], TradeBatch | FeedEvent>({
    beat,
    keys: eventKeys,
    begin: (trade) => [trade as Trade],
    add: (trades, next) => {
      trades.push(next as Trade);
      return trades;
    },
    result: batchOf,
    passes: ({ kind }) => kind !== 'trade',
    pass: (event) => event,
    leading: false,
    maxWaiting: maxTrades,
  });
  return <E extends FeedEvent>(
    events$: Observable<E>,
  ): Observable<TradeBatch | Exclude<Exclude<E, MarketEvent>, OwnData>> =>
    events$.pipe(filter(isTradeOrNews), batched) as Observable<TradeBatch | Exclude<Exclude<E, MarketEvent>, OwnData>>;
};

const isTradeOrNews = (event: FeedEvent): boolean =>
  event.kind === 'trade' || !(isMarketEvent(event) || isOwnData(event));

const batchOf = (trades: readonly Trade[]): TradeBatch => {
  const { provider, feed, symbol, time, receivedAt } = trades[trades.length - 1] as Trade;
  return { kind: 'trades', provider, feed, symbol, time, receivedAt, trades };
};
