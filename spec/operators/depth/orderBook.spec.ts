import { map, take } from 'rxjs';
import { InvalidOption } from '../../../lib/model/errors.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Depth } from '../../../lib/model/marketEvent.js';
import { orderBook } from '../../../lib/operators/depth/orderBook.js';
import { aQuote, aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { connected, disconnected, latency, resumed } from '../../share/linkEvents.js';
import { snapshot, update } from './depthEvents.js';

const events = {
  s: snapshot('99x5 | 101x5'),
  u: update('99x6 |'),
  t: aTrade(),
  q: aQuote(),
  l: latency,
  c: connected,
  r: resumed,
  d: { ...disconnected, receivedAt: 7 },
};

const books = {
  s: expect.objectContaining({ bids: [{ price: 99, size: 5 }], asks: [{ price: 101, size: 5 }], valid: true }),
  u: expect.objectContaining({ bids: [{ price: 99, size: 6 }], asks: [{ price: 101, size: 5 }], valid: true }),
  i: {
    provider: 'test',
    symbol: 'AAPL.US',
    bids: [{ price: 99, size: 5 }],
    asks: [{ price: 101, size: 5 }],
    valid: false,
    crossed: false,
    time: 0,
    receivedAt: 7,
    changes: { added: [], changed: [], removed: [], outOfWindow: [] },
  },
};

describe('orderBook', () => {
  it(
    'emits the book after each depth event, and nothing else',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('c-s-t-u-q-l-s-|', events);
      const expected = '  --s---u-----s-|';
      const subs = '      ^-------------!';
      expectObservable(source.pipe(orderBook())).toBe(expected, books);
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'is empty for an empty feed, and silent for a silent one',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold<FeedEvent>('--|').pipe(orderBook())).toBe('--|');
      expectObservable(cold<FeedEvent>('---').pipe(orderBook())).toBe('---');
    }),
  );

  it(
    'passes an error on',
    marbles(({ cold, expectObservable }) => {
      const source = cold('-s-#', events);
      const expected = '   -s-#';
      expectObservable(source.pipe(orderBook())).toBe(expected, books);
    }),
  );

  it(
    'leaves the feed when it is left',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-s-s-s-', events);
      const unsub = '     ^---!  ';
      const expected = '  -s-s---';
      expectObservable(source.pipe(orderBook()), unsub).toBe(expected, books);
      expectSubscriptions(source.subscriptions).toBe(unsub);
    }),
  );

  it(
    'is invalid once from a gap to the next snapshot, whatever attempts fail and updates come',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-s-d-d-r-u-s-u-|', events);
      const expected = '  -s-i-------s-u-|';
      expectObservable(source.pipe(orderBook())).toBe(expected, books);
    }),
  );

  it(
    'knows whose gap it is by the feed, and takes one that is heard again for one',
    marbles(({ hot, expectObservable }) => {
      const crypto = { provider: 'itick', feed: 'itick:crypto' };
      const forex = { provider: 'itick', feed: 'itick:forex' };
      const lost = { ...disconnected, ...forex, receivedAt: 3 };
      const source = hot('a-b-d-d-e-d-D-|', {
        a: snapshot('1x1 |', { ...crypto, receivedAt: 1 }),
        b: snapshot('2x1 |', { ...forex, receivedAt: 2 }),
        d: lost,
        e: snapshot('3x1 |', { ...forex, receivedAt: 9 }),
        D: { ...lost, receivedAt: 12 },
      });
      const expected = '  a-b-i---e---j-|';
      const shown$ = source.pipe(
        orderBook(),
        map(({ feed, valid, bids }) => [feed, bids[0]?.price, valid]),
      );
      expectObservable(shown$).toBe(expected, {
        a: ['itick:crypto', 1, true],
        b: ['itick:forex', 2, true],
        i: ['itick:forex', 2, false],
        e: ['itick:forex', 3, true],
        j: ['itick:forex', 3, false],
      });
    }),
  );

  it(
    'is one book for all spellings of an instrument, in the one that came first',
    marbles(({ hot, expectObservable }) => {
      const source = hot('a-b-|', {
        a: snapshot('9x1 |', { symbol: '00700.HK' }),
        b: update('8x1 |', { symbol: '700.HK' }),
      });
      const shown$ = source.pipe(
        orderBook(),
        map(({ symbol, bids }) => [symbol, bids.length]),
      );
      expectObservable(shown$).toBe('a-b-|', { a: ['00700.HK', 1], b: ['00700.HK', 2] });
    }),
  );

  it(
    'ignores updates before the first snapshot, and a gap before any book',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-u-d-r-u-s-u-|', events);
      const expected = '  ---------s-u-|';
      expectObservable(source.pipe(orderBook())).toBe(expected, books);
    }),
  );

  it(
    'is invalid from a hole in the sequence to the next snapshot, for that symbol only',
    marbles(({ hot, expectObservable }) => {
      const of = (symbol: string, size: number, sequence: number, type: Depth['type'] = 'update'): Depth =>
        snapshot(`99x${size} |`, { symbol, sequence: { first: sequence, last: sequence }, type });
      const source = hot('a-b-c-d-e-f-g-h-i-j-|', {
        a: of('A.US', 1, 10, 'snapshot'),
        b: of('B.US', 1, 50, 'snapshot'),
        c: of('A.US', 2, 11),
        d: of('A.US', 3, 11), // seen
        e: of('A.US', 4, 13), // 12 is missing
        f: of('A.US', 5, 14),
        g: of('B.US', 2, 51),
        h: of('A.US', 6, 20, 'snapshot'),
        i: of('A.US', 7, 21),
        j: update('99x8 |', { symbol: 'A.US' }), // not counted
      });
      const expected = '  a-b-c---e---g-h-i-j-|';
      const book = (symbol: string, size: number, valid = true): unknown =>
        expect.objectContaining({ symbol, bids: [{ price: 99, size }], valid });
      expectObservable(source.pipe(orderBook())).toBe(expected, {
        a: book('A.US', 1),
        b: book('B.US', 1),
        c: book('A.US', 2),
        e: book('A.US', 2, false),
        g: book('B.US', 2),
        h: book('A.US', 6),
        i: book('A.US', 7),
        j: book('A.US', 8),
      });
    }),
  );

  it(
    'keeps the books of symbols and providers apart, and loses only those of the provider that is gone',
    marbles(({ hot, expectObservable }) => {
      const source = hot('a-b-x-d---|', {
        a: snapshot('1x1 |', { symbol: 'A.US' }),
        b: snapshot('2x2 |', { symbol: 'B.US' }),
        x: snapshot('3x3 |', { symbol: 'A.US', provider: 'other' }),
        d: disconnected,
      });
      const expected = '  a-b-x-(de)|';
      const book = (provider: string, symbol: string, price: number, valid = true): unknown =>
        expect.objectContaining({ provider, symbol, bids: [{ price, size: price }], valid });
      expectObservable(source.pipe(orderBook())).toBe(expected, {
        a: book('test', 'A.US', 1),
        b: book('test', 'B.US', 2),
        x: book('other', 'A.US', 3),
        d: book('test', 'A.US', 1, false),
        e: book('test', 'B.US', 2, false),
      });
    }),
  );

  it.each([
    ['five levels', '5x1 4x1 3x1 2x1 1x1 | 6x1 7x1 8x1 9x1 10x1', 5, 5],
    ['one level', '5x1 | 6x1', 1, 1],
    ['no bids', '| 6x1', 0, 1],
    ['nothing', '', 0, 0],
    ['placeholders, as at limit-up', '5x1 4x1 | 0x0 0x0', 2, 0],
  ])('shows a snapshot of %s', (_, text, bids, asks) => {
    marbles(({ cold, expectObservable }) => {
      const shape$ = cold('s|', { s: snapshot(text) }).pipe(
        orderBook(),
        map((book) => [book.bids.length, book.asks.length, book.valid, book.crossed]),
      );
      expectObservable(shape$).toBe('b|', { b: [bids, asks, true, false] });
    })();
  });

  it.each([
    ['99x1 | 101x1', false],
    ['100x1 | 100x1', true],
    ['102x1 | 101x1', true],
    ['102x1 |', false],
  ])('says of %s whether it is crossed', (text, crossed) => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('s|', { s: snapshot(text) }).pipe(orderBook())).toBe('b|', {
        b: expect.objectContaining({ crossed }),
      });
    })();
  });

  it(
    'begins anew with each subscription, and can be left in the middle of a synchronous feed',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('(su|)', events);
      const book$ = source.pipe(orderBook(), take(1));
      expectObservable(book$).toBe('(s|)', books);
      expectObservable(book$, '-^').toBe('-(s|)', books);
      expectSubscriptions(source.subscriptions).toBe(['(^!)', '-(^!)']);
    }),
  );

  it('rejects a number of levels that is none', () => {
    expect(() => orderBook({ levels: 0 })).toThrow(InvalidOption);
  });
});
