import { asyncScheduler, Observable, type MonoTypeOperatorFunction } from 'rxjs';
import type { History } from '../../history/History.js';
import { checkWhole } from '../../model/check.js';
import { InvalidOption } from '../../model/errors.js';
import {
  feedNameOf,
  isNamed,
  type FeedEvent,
  type Refused,
  type Switched,
  type Unsubscribed,
} from '../../model/feedEvent.js';
import { leftBy } from '../../model/leftBy.js';
import { soundLink } from '../../model/link.js';
import { perSource } from '../perSource.js';
import { tradeCalls, type AskTrades } from './tradeCalls.js';
import { tradeHoles, type RecoverTradesSettings } from './tradeHoles.js';

/** How missing trades are recovered. */
export interface RecoverTradesOptions {
  /**
   * The most trades of one hole that are asked for. Of a larger one these are the newest, and the others stay missing.
   *
   * @defaultValue `10_000`
   */
  readonly maxHole?: number | undefined;
  /**
   * How many times the history is asked for one hole.
   *
   * @defaultValue `5`
   */
  readonly attempts?: number | undefined;
}

/**
 * Closes the holes in the trades of a feed with those of the vendor's history, exactly: for vendors whose trades have ids that count
 * up by one. An id that is more than one above the highest of its symbol opens a hole, whatever made it: a lost link, or a frame that
 * never came.
 *
 * All events pass at once, and no one waits for it; the missing trades come later, oldest first, as the `trade` events they are, and
 * each hole ends in one `recovered`. `toKlines` behind it takes them as late trades, within its `horizon`. Put it before sharing, so
 * that one budget serves all. Errors of the history are reasons in `recovered`, never errors of the feed. When the feed completes, or
 * the topic is not wanted any more, holes that are open end with what there is. Throws `InvalidOption`, also for a history without `trades`.
 *
 *     feed$          1-2-d---c-6------------7-|    // the trades by their ids; d the link is lost, c it is back
 *     recoverTrades  1-2-d---c-6----(345r)--7-|    // r `recovered`, of 3 to 5
 *
 * @example
 * binance({ topics: trades('BTCUSDT.BA') }).pipe(recoverTrades(binanceHistory()), toKlines('1m', { horizon: 60 }))
 */
export const recoverTrades = (
  history: History,
  { maxHole = 10_000, attempts = 5 }: RecoverTradesOptions = {},
): MonoTypeOperatorFunction<FeedEvent> => {
  checkWhole('maxHole', maxHole, 'trades');
  checkWhole('attempts', attempts, 'attempts');
  const { provider } = history;
  if (!history.trades) throw new InvalidOption('history', provider, 'it gives no trades by their ids; use backfill');
  const ask = tradeCalls(history);
  return (feed$) =>
    new Observable((subscriber) => {
      const recovery = feedRecovery(provider, ask, { maxHole, attempts }, (event) => subscriber.next(event));
      subscriber.add(recovery.stop);
      return feed$.subscribe({
        next: (event) => {
          subscriber.next(event);
          if (event.kind === 'switched') recovery.handOver(event);
          else if (event.provider === provider) recovery.accept(event);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          recovery.end();
          subscriber.complete();
        },
      });
    });
};

const feedRecovery = (
  provider: string,
  ask: AskTrades,
  settings: RecoverTradesSettings,
  emit: (event: FeedEvent) => void,
) => {
  const holes = perSource(({ feed, symbol }) => tradeHoles(ask, settings, { provider, feed, symbol }, emit));
  /** What is traded while the topic is not wanted is no hole. */
  const leave = (event: Refused | Unsubscribed): void => {
    for (const { channel, symbol } of soundLink(event, asyncScheduler.now()).topics) {
      if (channel === 'trade') holes.forget(feedNameOf(event), symbol)?.end('the trades are not wanted any more');
    }
  };

  return {
    /** Another line of a standby serves: one of the same vendor goes on counting, of another vendor the numbers are its own. */
    handOver: (event: Switched): void => {
      const left = leftBy(event);
      if (!left || left.feed === left.to) return;
      for (const holesOf of [...holes.allOf(left.feed, left.isOf)]) {
        const { symbol, goOnAs, end } = holesOf;
        holes.forget(left.feed, symbol);
        if (event.provider !== provider) {
          end('a line of another vendor serves it now');
          continue;
        }
        goOnAs(left.to);
        holes.set(left.to, symbol, holesOf);
      }
    },
    accept: (event: FeedEvent): void => {
      if (event.kind === 'trade') {
        if (event.id !== undefined && isNamed(event)) holes.of(event).accept(event);
      } else if (event.kind === 'unsubscribed' || event.kind === 'refused') leave(event);
    },
    end: (): void => {
      for (const { end } of holes.all()) end('the feed ended before the history answered');
    },
    stop: (): void => {
      for (const { stop } of holes.all()) stop();
    },
  };
};
