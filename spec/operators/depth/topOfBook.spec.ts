import { map, merge } from 'rxjs';
import { isMarketEvent } from '../../../lib/model/feedEvent.js';
import type { OrderBook } from '../../../lib/operators/depth/keepBook.js';
import { orderBook } from '../../../lib/operators/depth/orderBook.js';
import { mid } from '../../../lib/operators/depth/measures.js';
import { topOfBook } from '../../../lib/operators/depth/topOfBook.js';
import { ofKind } from '../../../lib/operators/ofKind.js';
import { conflate } from '../../../lib/operators/throttling/conflate.js';
import { aBbo } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { disconnected } from '../../share/linkEvents.js';
import { snapshot } from './depthEvents.js';

const bbo = { kind: 'bbo', provider: 'test', symbol: 'AAPL.US', time: 0, receivedAt: 0, valid: true };
const [bid, ask] = [
  { price: 99, size: 5 },
  { price: 101, size: 5 },
];

describe('topOfBook', () => {
  it(
    'emits the first top and then only other ones',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-b-c-d-e-f-|', {
        a: snapshot('99x5 98x1 | 101x5'),
        b: snapshot('99x5 98x7 | 101x5'),
        c: snapshot('99x6 98x7 | 101x5'),
        d: snapshot('| 101x5'),
        e: snapshot(''),
        f: snapshot('', { time: 9 }),
      });
      const expected = '  -a---c-d-e---|';
      const subs = '      ^------------!';
      expectObservable(source.pipe(orderBook(), topOfBook())).toBe(expected, {
        a: { ...bbo, bid, ask },
        c: { ...bbo, bid: { price: 99, size: 6 }, ask },
        d: { ...bbo, bid: undefined, ask },
        e: { ...bbo, bid: undefined, ask: undefined },
      });
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'says when the top cannot be believed any more, and when it can again',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a-d-d-a-|', { a: snapshot('99x5 | 101x5'), d: disconnected });
      const expected = '  -a-i---a-|';
      const values = { a: { ...bbo, bid, ask }, i: { ...bbo, bid, ask, valid: false } };
      expectObservable(source.pipe(orderBook(), topOfBook())).toBe(expected, values);
    }),
  );

  it(
    'makes events of the market, which those of a vendor may join',
    marbles(({ hot, expectObservable }) => {
      const vendor = aBbo({ bid, ask, symbol: 'B.US', sequence: 7 });
      const source = hot('-a-v-|', { a: snapshot('99x5 | 101x5'), v: vendor });
      const tops$ = merge(
        source.pipe(ofKind('bbo')),
        source.pipe(ofKind('depth', 'disconnected'), orderBook(), topOfBook()),
      );
      expect(isMarketEvent(aBbo())).toBe(true);
      expectObservable(tops$.pipe(conflate({ every: 4 }), map(mid))).toBe('-----(bb|)', { b: 100 });
    }),
  );

  it(
    'compares each symbol with itself',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a-b-a-b-|', {
        a: snapshot('99x5 | 101x5', { symbol: 'A.US' }),
        b: snapshot('9x5 | 11x5', { symbol: 'B.US' }),
      });
      const expected = '  -a-b-----|';
      const of = (symbol: string): unknown => expect.objectContaining({ symbol });
      expectObservable(source.pipe(orderBook(), topOfBook())).toBe(expected, { a: of('A.US'), b: of('B.US') });
    }),
  );

  it(
    'passes an error on, and leaves the source when it is left',
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      expectObservable(cold<OrderBook>('-#').pipe(topOfBook())).toBe('-#');
      const source = hot<OrderBook>('----');
      const unsub = '     ^-! ';
      expectObservable(source.pipe(topOfBook()), unsub).toBe('----');
      expectSubscriptions(source.subscriptions).toBe(unsub);
    }),
  );
});
