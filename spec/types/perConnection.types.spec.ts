import { expectTypeOf } from 'expect-type';
import { EMPTY, map, pairwise, pipe, scan, type Observable } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import type { Quote, Trade } from '../../lib/model/marketEvent.js';
import { ofKind } from '../../lib/operators/ofKind.js';
import type { WithoutLink } from '../../lib/operators/WithLink.js';
import { perConnection } from '../../lib/operators/perConnection.js';
import { perSymbol } from '../../lib/operators/perSymbol.js';
import { conflate, type Conflated } from '../../lib/operators/throttling/conflate.js';
import { mergeQuotes } from '../../lib/operators/throttling/mergeQuotes.js';

const feed$: Observable<FeedEvent> = EMPTY;

describe('the types of the operators that run others', () => {
  it('flow from the source through perConnection, which takes the gap away', () => {
    const pairs$ = feed$.pipe(ofKind('trade', 'disconnected'), perConnection(pairwise()));
    expectTypeOf(pairs$).toEqualTypeOf<Observable<[Trade, Trade]>>();
    const sum$ = feed$.pipe(ofKind('trade', 'disconnected'), perConnection(scan((sum, trade) => sum + trade.price, 0)));
    expectTypeOf(sum$).toEqualTypeOf<Observable<number>>();
    const prices$ = feed$.pipe(
      perConnection(
        pipe(
          ofKind('trade'),
          map(({ price }) => price),
        ),
      ),
    );
    expectTypeOf(prices$).toEqualTypeOf<Observable<number>>();
  });

  it('flow from the source through perSymbol', () => {
    const pairs$: Observable<[Trade, Trade]> = feed$.pipe(ofKind('trade'), perSymbol(pairwise(), { idle: 1 }));
    expectTypeOf(pairs$).toEqualTypeOf<Observable<[Trade, Trade]>>();
    const same$ = feed$.pipe(ofKind('trade', 'disconnected'), ofKind('trade'), perSymbol(pairwise(), { idle: 1 }));
    expectTypeOf(same$).toEqualTypeOf<Observable<[Trade & WithoutLink, Trade & WithoutLink]>>();
  });

  it('flow from the source through conflate', () => {
    const quotes$: Observable<Quote> = feed$.pipe(ofKind('quote'));
    expectTypeOf(quotes$.pipe(conflate({ every: 1 }))).toEqualTypeOf<Observable<Quote & Conflated>>();
    expectTypeOf(quotes$.pipe(conflate({ every: 1, key: ({ symbol }) => symbol, merge: mergeQuotes }))).toEqualTypeOf<
      Observable<Quote & Conflated>
    >();
    // @ts-expect-error there is one beat
    expect(() => quotes$.pipe(conflate({ every: 1, notifier: EMPTY }))).toThrow();
    // @ts-expect-error there is one beat
    expect(() => quotes$.pipe(conflate({}))).toThrow();
  });
});
