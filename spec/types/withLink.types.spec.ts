import { expectTypeOf } from 'expect-type';
import { filter, NEVER, type Observable, type OperatorFunction } from 'rxjs';
import {
  consolidateDepth,
  gaps,
  linkState,
  ofKind,
  ofSymbol,
  orderBook,
  staleness,
  toKlines,
  type Feed,
  type FeedEvent,
  type Gap,
  type Kline,
  type OrderBook,
  type Trade,
} from '../../lib/index.js';

const feed$: Feed = NEVER;
const handmade$: Observable<Trade> = NEVER;

describe('the types of the operators that need the link events', () => {
  it('keep ofKind out of the way that leaves them out', () => {
    // @ts-expect-error the gaps are gone
    feed$.pipe(ofKind('trade'), toKlines('1m'));
    // @ts-expect-error the gaps are gone
    feed$.pipe(ofKind('trade', 'connected'), toKlines({ ticks: 100 }));
    // @ts-expect-error the gaps are gone, and what comes between does not bring them back
    feed$.pipe(ofKind('trade', 'quote'), ofSymbol('AAPL.US'), filter(Boolean), toKlines('1m'));
    // @ts-expect-error the gaps are gone
    feed$.pipe(ofKind('depth'), orderBook());
    // @ts-expect-error the gaps are gone
    feed$.pipe(ofKind('depth'), consolidateDepth());
    // @ts-expect-error the gaps are gone
    feed$.pipe(ofKind('quote'), staleness({ after: 1 }));
    // @ts-expect-error the gaps are gone
    feed$.pipe(ofKind('quote'), gaps());
    // @ts-expect-error the gaps are gone
    feed$.pipe(ofKind('quote'), linkState());
    // @ts-expect-error the gaps are gone
    toKlines('1m')(ofKind('trade')(feed$));
  });

  it('let ofKind in front of them that keeps the gaps', () => {
    const klines$ = feed$.pipe(ofKind('trade', 'connected', 'disconnected'), toKlines('1m'));
    expectTypeOf(klines$).toEqualTypeOf<Observable<Kline>>();
    expectTypeOf(feed$.pipe(ofKind('depth', 'disconnected'), orderBook())).toEqualTypeOf<Observable<OrderBook>>();
    expectTypeOf(feed$.pipe(ofKind('connected', 'disconnected'), gaps())).toEqualTypeOf<Observable<Gap>>();
  });

  it('take what was made by hand, as it never had any', () => {
    expectTypeOf(handmade$.pipe(toKlines('1m'))).toEqualTypeOf<Observable<Kline>>();
    expectTypeOf(handmade$.pipe(ofKind('trade'), toKlines('1m'))).toEqualTypeOf<Observable<Kline>>();
    expectTypeOf(handmade$.pipe(orderBook())).toEqualTypeOf<Observable<OrderBook>>();
  });

  it('are operators on the events of a feed', () => {
    const operator: OperatorFunction<FeedEvent, Kline> = toKlines('1m');
    expectTypeOf(feed$.pipe(operator)).toEqualTypeOf<Observable<Kline>>();
    const whole$: Observable<FeedEvent> = feed$.pipe(ofKind('trade'));
    const chosen$: Observable<Trade> = feed$.pipe(ofKind('trade'));
    expectTypeOf(whole$.pipe(gaps())).toEqualTypeOf<Observable<Gap>>();
    expectTypeOf(chosen$).toEqualTypeOf<Observable<Trade>>();
  });
});
