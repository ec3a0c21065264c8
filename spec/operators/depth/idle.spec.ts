import * as fc from 'fast-check';
import { map, type OperatorFunction } from 'rxjs';
import { InvalidOption } from '../../../lib/model/errors.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Depth, Level } from '../../../lib/model/marketEvent.js';
import { consolidateDepth } from '../../../lib/operators/depth/consolidateDepth.js';
import type { OrderBook } from '../../../lib/operators/depth/keepBook.js';
import { orderBook } from '../../../lib/operators/depth/orderBook.js';
import { topOfBook } from '../../../lib/operators/depth/topOfBook.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { heard } from '../../laws/stage.js';
import { disconnected } from '../../share/linkEvents.js';
import { snapshot, update } from './depthEvents.js';

const events = {
  s: snapshot('99x5 | 101x5'),
  u: update('99x6 |'),
  n: snapshot('98x1 | 102x1'),
  o: snapshot('1x1 | 2x1', { symbol: 'B.US' }),
  d: { ...disconnected, receivedAt: 7 },
};

const levels = (side: readonly Level[]): string => side.map(({ price, size }) => `${price}x${size}`).join(' ');
const brief = ({ symbol, bids, asks, valid }: OrderBook): string =>
  `${symbol === 'B.US' ? 'B ' : ''}${levels(bids)}|${levels(asks)}${valid ? '' : ' invalid'}`;
const S = '99x5|101x5';
const gone = '| invalid';

const books =
  (idleAfter: number): OperatorFunction<FeedEvent, string> =>
  (feed$) =>
    feed$.pipe(orderBook({ idleAfter }), map(brief));

describe('orderBook, of a symbol that is idle', () => {
  it(
    'says its book once more, empty and invalid, and forgets it',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-s 40ms |', events);
      const expected = '  -s 15ms x 24ms |';
      expectObservable(source.pipe(books(16))).toBe(expected, { s: S, x: gone });
    }),
  );

  it(
    'forgets each of many at its own time, and none that goes on',
    marbles(({ hot, expectObservable }) => {
      const source = hot('so 9ms s 9ms s 9ms s---|', events);
      const expected = '  so 9ms s 5ms y---s 9ms s---|';
      expectObservable(source.pipe(books(16))).toBe(expected, { s: S, o: 'B 1x1|2x1', y: 'B | invalid' });
    }),
  );

  it(
    'never makes it valid by an update: it comes back with a snapshot',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-s 19ms u--n-u|', events);
      const expected = '  -s 15ms x 6ms n-v|';
      expectObservable(source.pipe(books(16))).toBe(expected, { s: S, x: gone, n: '98x1|102x1', v: '99x6 98x1|102x1' });
    }),
  );

  it(
    'says nothing of what has no book, and is forgotten without end where it is to be',
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-u 40ms |', events).pipe(books(16))).toBe('-- 40ms |');
      expectObservable(hot('-s 40ms d|', events).pipe(books(Infinity))).toBe('-s 40ms i|', { s: S, i: `${S} invalid` });
    }),
  );

  it(
    'has its best prices said to be gone',
    marbles(({ hot, expectObservable }) => {
      const tops$ = hot('-s 40ms |', events).pipe(orderBook({ idleAfter: 16 }), topOfBook());
      const brief$ = tops$.pipe(map(({ bid, ask, valid }) => `${bid?.price} ${ask?.price} ${valid}`));
      expectObservable(brief$).toBe('-s 15ms x 24ms |', { s: '99 101 true', x: 'undefined undefined false' });
    }),
  );

  it.each([0, -1, NaN, '5'])('throws for an `idleAfter` of %p', (idle) => {
    expect(() => orderBook({ idleAfter: idle as number })).toThrow(InvalidOption);
    expect(() => consolidateDepth({ idleAfter: idle as number })).toThrow(InvalidOption);
  });

  it('is what its changes make of an empty book, and valid only from a snapshot on', () => {
    const step = fc.record({
      isSnapshot: fc.boolean(),
      isB: fc.boolean(),
      wait: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 60 })),
      price: fc.integer({ min: 1, max: 9 }),
      size: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let time = 1_000;
        const tape = steps.map(({ isSnapshot, isB, wait, price, size }): Depth => {
          time += wait;
          const of = { symbol: isB ? 'B.US' : 'A.US', receivedAt: time, time };
          const text = `${price}x${size} | ${price + 10}x${size}`;
          return isSnapshot ? snapshot(text, of) : update(text, of);
        });
        const shown = new Map<string, Map<string, number>>();
        const isKnown = new Map<string, boolean>();
        const { values, times } = heard(tape, orderBook({ idleAfter: 16 }), { wait: 100 });
        values.forEach((book, i) => {
          const own = shown.get(book.symbol) ?? new Map<string, number>();
          shown.set(book.symbol, own);
          const { added, changed, removed, outOfWindow } = book.changes;
          for (const { side, price } of [...removed, ...outOfWindow]) expect(own.delete(`${side} ${price}`)).toBe(true);
          for (const { side, price, size = 0 } of [...added, ...changed]) own.set(`${side} ${price}`, size);
          const all = [
            ...book.bids.map(({ price, size = 0 }) => [`bid ${price}`, size] as const),
            ...book.asks.map(({ price, size = 0 }) => [`ask ${price}`, size] as const),
          ];
          expect(own).toEqual(new Map(all));
          const cause = tape.find(({ symbol, receivedAt }) => symbol === book.symbol && receivedAt === times[i]);
          if (book.valid && !isKnown.get(book.symbol)) {
            const causes = tape.filter(({ symbol, receivedAt }) => symbol === book.symbol && receivedAt === times[i]);
            expect(causes.some(({ type }) => type === 'snapshot')).toBe(true);
          }
          if (!book.valid) expect(cause === undefined || all.length === 0).toBe(true);
          isKnown.set(book.symbol, book.valid);
        });
      }),
      { numRuns: 300 },
    );
  });
});

describe('consolidateDepth, of a symbol that is idle', () => {
  const ladders =
    (idleAfter: number): OperatorFunction<FeedEvent, string> =>
    (feed$) =>
      feed$.pipe(
        consolidateDepth({ idleAfter }),
        map(({ bids, asks, sources }) => `${levels(bids)}|${levels(asks)} of ${sources.join()}`),
      );
  const at = (time: number, depth: Depth): Depth => ({ ...depth, receivedAt: time, time });
  const said = { s: at(1, events.s), u: at(21, events.u), n: at(24, events.n) };

  it(
    'says it once more, without sources, and begins anew with a snapshot',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-s 19ms u--n|', said);
      const expected = '  -s 15ms x 6ms n|';
      const values = { s: `${S} of test`, x: '| of ', n: '98x1|102x1 of test' };
      expectObservable(source.pipe(ladders(16))).toBe(expected, values);
    }),
  );

  it(
    'says nothing again of what is too old anyway',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-s 40ms |', said);
      const both$ = source.pipe(
        consolidateDepth({ idleAfter: 16, maxAge: 5 }),
        map(({ sources }) => sources.join()),
      );
      expectObservable(both$).toBe('-s 4ms x 35ms |', { s: 'test', x: '' });
    }),
  );
});
