import { expectTypeOf } from 'expect-type';
import { EMPTY, type Observable } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import type { Kline } from '../../lib/model/marketEvent.js';
import { ofSymbol } from '../../lib/operators/ofSymbol.js';

const feed$: Observable<FeedEvent> = EMPTY;
const klines$: Observable<Kline> = EMPTY;
const numbers$: Observable<number> = EMPTY;

describe('the type of ofSymbol', () => {
  it('is that of the source', () => {
    expectTypeOf(feed$.pipe(ofSymbol('AAPL.US'))).toEqualTypeOf<Observable<FeedEvent>>();
    expectTypeOf(klines$.pipe(ofSymbol('AAPL.US', '700.HK'))).toEqualTypeOf<Observable<Kline>>();
  });

  it('takes strings, and events of a feed', () => {
    // @ts-expect-error a symbol is a string
    expect(() => feed$.pipe(ofSymbol(700))).toThrow();
    // @ts-expect-error numbers are no events
    numbers$.pipe(ofSymbol('AAPL.US'));
  });
});
