import { expectTypeOf } from 'expect-type';
import { NEVER, type Observable } from 'rxjs';
import type { Disconnected, FeedEvent } from '../../lib/model/feedEvent.js';
import type { Kline, Quote, Trade } from '../../lib/model/marketEvent.js';
import { ofKind } from '../../lib/operators/ofKind.js';
import type { WithoutLink } from '../../lib/operators/WithLink.js';

const feed$: Observable<FeedEvent> = NEVER;

describe('the type of ofKind', () => {
  it('narrows to the kinds that are named', () => {
    const trades$: Observable<Trade> = feed$.pipe(ofKind('trade'));
    expectTypeOf(trades$).toEqualTypeOf<Observable<Trade>>();
    expectTypeOf(feed$.pipe(ofKind('trade'))).toEqualTypeOf<Observable<Trade & WithoutLink>>();
    expectTypeOf(feed$.pipe(ofKind('trade', 'disconnected'))).toEqualTypeOf<Observable<Trade | Disconnected>>();
  });

  it('flows from the source, not from what is wanted', () => {
    const some$: Observable<Trade | Kline> = NEVER;
    const trades$: Observable<Trade | Quote> = some$.pipe(ofKind('trade', 'quote'));
    expectTypeOf(some$.pipe(ofKind('trade', 'quote'))).toEqualTypeOf<Observable<Trade>>();
    expectTypeOf(trades$).toEqualTypeOf<Observable<Trade | Quote>>();
  });

  it('takes only kinds that exist, and at least one', () => {
    // @ts-expect-error 'ticks' is no kind of event
    feed$.pipe(ofKind('ticks'));
    // @ts-expect-error nothing would pass
    feed$.pipe(ofKind());
  });
});
