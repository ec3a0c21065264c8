import { asyncScheduler, Observable, Subscription, type OperatorFunction } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { flattenError } from '../../lib/model/errorData.js';
import { ConnectionLost } from '../../lib/model/errors.js';
import type { FeedEvent, Switched } from '../../lib/model/feedEvent.js';
import { depths, trades } from '../../lib/model/topic.js';
import { aDepth, aTrade } from '../../lib/testing/builders.js';

export const SYMBOL = '700.HK';
export const one = { provider: 'itick', feed: 'itick' } as const;
export const two = { provider: 'tickflow', feed: 'tickflow' } as const;
/** The same vendor over another line. */
export const again = { provider: 'itick', feed: 'itick:2' } as const;
export type Names = typeof one | typeof two | typeof again;

export const link = (names: Names, receivedAt: number): readonly FeedEvent[] => [
  { ...names, receivedAt, kind: 'connected', attempt: 1, resumed: undefined },
  { ...names, receivedAt, kind: 'subscribed', topics: [...trades(SYMBOL), ...depths(SYMBOL)] },
];
export const served = (names: Names, receivedAt: number): FeedEvent => ({
  ...names,
  receivedAt,
  kind: 'subscribed',
  topics: [...trades(SYMBOL), ...depths(SYMBOL)],
});
export const trade = (names: Names, at: number, price: number, size: number, volume?: number): FeedEvent =>
  aTrade({ ...names, symbol: SYMBOL, time: at, receivedAt: at, price, size, ...(volume !== undefined && { volume }) });
export const switched = (
  to: { readonly provider: string; readonly feed?: string | undefined },
  left: { readonly feed?: string | undefined },
  receivedAt: number,
  more: Partial<Switched> = {},
): FeedEvent => ({
  ...to,
  kind: 'switched',
  receivedAt,
  symbols: 'all',
  from: 'primary',
  to: 'secondary',
  left: left.feed,
  cause: flattenError(new ConnectionLost(1006)),
  ...more,
});
export const book = (names: Names, receivedAt: number, price: number): FeedEvent =>
  aDepth({ ...names, symbol: SYMBOL, time: receivedAt, receivedAt, bids: [{ price, size: 1 }], asks: [] });

/** What an operator makes of events, each of which comes when it says, at the latest in its turn. */
export const made = <A>(
  events: readonly FeedEvent[],
  operator: OperatorFunction<FeedEvent, A>,
  until = 5_000,
): readonly A[] => {
  const heard: A[] = [];
  new TestScheduler(() => undefined).run(({ flush }) => {
    let at = 0;
    const feed$ = new Observable<FeedEvent>((subscriber) => {
      const life = new Subscription();
      for (const event of events) {
        at = Math.max(at, event.receivedAt);
        life.add(asyncScheduler.schedule(() => subscriber.next(event), at));
      }
      return life;
    });
    const listening = feed$.pipe(operator).subscribe((value) => heard.push(value));
    asyncScheduler.schedule(() => listening.unsubscribe(), until);
    flush();
  });
  return heard;
};
