import { asyncScheduler, filter, map, merge, take } from 'rxjs';
import { InvalidOption } from '../../../lib/model/errors.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Depth } from '../../../lib/model/marketEvent.js';
import type { ConsolidatedBook } from '../../../lib/operators/depth/ConsolidatedBook.js';
import { consolidateDepth } from '../../../lib/operators/depth/consolidateDepth.js';
import { aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { disconnected, resumed } from '../../share/linkEvents.js';
import { snapshot, update } from './depthEvents.js';

const a = { provider: 'a' };
const b = { provider: 'b' };
const gone = (provider: string): FeedEvent => ({ ...disconnected, provider });

/** Stamps what comes as a feed would. */
const stamped = map((event: FeedEvent): FeedEvent => ({ ...event, receivedAt: asyncScheduler.now() }));

/** Best bid and ask of a book, and whose they are: in `99a 101ab` the ask is of both. */
const shown = map(({ bids, asks }: ConsolidatedBook): string =>
  [bids[0], asks[0]]
    .map((level) => (level ? `${level.price}${level.sources.map(({ provider }) => provider).join('')}` : '-'))
    .join(' '),
);

const ofA: Record<string, FeedEvent> = {
  s: snapshot('99x1 | 101x1', a),
  u: update('99x0 98x1 |', a),
  d: gone('a'),
  r: { ...resumed, ...a },
  t: aTrade(a),
};
const ofB: Record<string, FeedEvent> = { s: snapshot('98x1 | 101x2', b), d: gone('b') };
const books = { a: '99a 101a', b: '98b 101b', x: '99a 101ab', u: '98a 101a', n: '- -' };

describe('consolidateDepth', () => {
  it(
    'joins the depth of several feeds, and passes nothing else on',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const first = hot(' -s-t-r---|  ', ofA);
      const second = hot('---s--s-----|', ofB);
      const expected = '  -a-x--x-----|';
      expectObservable(merge(first, second).pipe(stamped, consolidateDepth(), shown)).toBe(expected, books);
      expectSubscriptions(first.subscriptions).toBe(' ^--------!');
      expectSubscriptions(second.subscriptions).toBe('^-----------!');
    }),
  );

  it(
    'is empty for empty feeds, silent for silent ones, and passes an error on',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold<FeedEvent>('--|').pipe(consolidateDepth())).toBe('--|');
      expectObservable(cold<FeedEvent>('---').pipe(consolidateDepth())).toBe('---');
      expectObservable(cold('-s-#', ofA).pipe(consolidateDepth({ maxAge: 9 }), shown)).toBe('-a-#', books);
    }),
  );

  it(
    'leaves the feeds when it is left, and looks at no clock any more',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-s-----', ofA);
      const unsub = '     ^--!   ';
      const expected = '  -a-----';
      expectObservable(source.pipe(stamped, consolidateDepth({ maxAge: 4 }), shown), unsub).toBe(expected, books);
      expectSubscriptions(source.subscriptions).toBe(unsub);
    }),
  );

  it(
    'drops a source that is disconnected until its next snapshot, and says so once',
    marbles(({ hot, expectObservable }) => {
      const first = hot(' -s---d-d-r-s-|', ofA);
      const second = hot('---s---------d|', ofB);
      const expected = '  -a-x-b-----x-a|';
      expectObservable(merge(first, second).pipe(stamped, consolidateDepth(), shown)).toBe(expected, books);
    }),
  );

  it(
    'takes two feeds of one provider for two sources, and a gap that is heard again for one',
    marbles(({ hot, expectObservable }) => {
      const crypto = { provider: 'itick', feed: 'itick:crypto' };
      const forex = { provider: 'itick', feed: 'itick:forex' };
      const lost = { ...disconnected, ...forex, receivedAt: 3 };
      const source = hot('a-b-d-d-e-d-|', {
        a: snapshot('1x1 |', { ...crypto, receivedAt: 1 }),
        b: snapshot('1x2 |', { ...forex, receivedAt: 2 }),
        d: lost,
        e: snapshot('1x3 |', { ...forex, receivedAt: 9 }),
      });
      const expected = '  a-b-a---e---|';
      const shown$ = source.pipe(
        consolidateDepth(),
        map(({ sources, feeds, bids }) => ({ sources, feeds, level: bids[0] })),
      );
      const ofCrypto = { ...crypto, size: 1 };
      const both = { sources: ['itick'], feeds: ['itick:crypto', 'itick:forex'] };
      expectObservable(shown$).toBe(expected, {
        a: { sources: ['itick'], feeds: ['itick:crypto'], level: { price: 1, size: 1, sources: [ofCrypto] } },
        b: { ...both, level: { price: 1, size: 3, sources: [ofCrypto, { ...forex, size: 2 }] } },
        e: { ...both, level: { price: 1, size: 4, sources: [ofCrypto, { ...forex, size: 3 }] } },
      });
    }),
  );

  it(
    'has no levels and no sources when the last source has gone',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-s-d|', { s: snapshot('99x1 | 101x1', { ...a, time: 5 }), d: gone('a') });
      const expected = '  -s-n|';
      const book = { symbol: 'AAPL.US', locked: false, crossed: false, time: 5 };
      const sources = [{ provider: 'a', size: 1 }];
      expectObservable(source.pipe(stamped, consolidateDepth())).toBe(expected, {
        s: {
          ...book,
          bids: [{ price: 99, size: 1, sources }],
          asks: [{ price: 101, size: 1, sources }],
          sources: ['a'],
          receivedAt: 1,
        },
        n: { ...book, bids: [], asks: [], sources: [], receivedAt: 3 },
      });
    }),
  );

  it(
    'drops a source that is silent for maxAge, and takes it back',
    marbles(({ hot, expectObservable }) => {
      const first = hot(' -s---------s|', ofA);
      const second = hot('---s-s--s---|', ofB);
      const expected = '  -a-x-xb-b--x|';
      //                   -----!        the first feed is too old
      const book$ = merge(first, second).pipe(stamped, consolidateDepth({ maxAge: 5 }), shown);
      expectObservable(book$).toBe(expected, books);
    }),
  );

  it(
    'counts the age from when an event arrived, not from when it came by here',
    marbles(({ hot, expectObservable }) => {
      const at = (receivedAt: number): FeedEvent => snapshot('99x1 | 101x1', { ...a, receivedAt });
      const source = hot('---x---y---z---|', { x: at(-9), y: at(4), z: at(3) });
      const expected = '  -------a-n-----|';
      expectObservable(source.pipe(consolidateDepth({ maxAge: 5 }), shown)).toBe(expected, books);
    }),
  );

  it(
    'drops a source whose newest depth is too old already',
    marbles(({ hot, expectObservable }) => {
      const at = (receivedAt: number): FeedEvent => snapshot('99x1 | 101x1', { ...a, receivedAt });
      const source = hot('---x-y--|', { x: at(3), y: at(-9) });
      const expected = '  ---a-n--|';
      expectObservable(source.pipe(consolidateDepth({ maxAge: 5 }), shown)).toBe(expected, books);
    }),
  );

  it(
    'follows updates, ignores early ones, and drops a source at a hole in its sequence',
    marbles(({ hot, expectObservable }) => {
      const counted = (event: FeedEvent | undefined, sequence: number): FeedEvent => ({
        ...(event as Depth),
        sequence: { first: sequence, last: sequence },
      });
      const first = hot(' u-s---u-v-w---s|', {
        u: counted(ofA['u'], 2),
        s: counted(ofA['s'], 1),
        v: counted(ofA['u'], 4),
        w: counted(ofA['u'], 5),
      });
      const second = hot('----s----------|', ofB);
      const expected = '  --a-x-y-b-----x|';
      const values = { ...books, y: '98ab 101ab' };
      expectObservable(merge(first, second).pipe(stamped, consolidateDepth(), shown)).toBe(expected, values);
    }),
  );

  it(
    'arms one timer for all symbols, and none after it was left on hearing of an age',
    marbles(({ cold, expectObservable, flush }) => {
      const schedule = jest.spyOn(asyncScheduler, 'schedule');
      const events = Object.fromEntries(
        'abcdefgh'.split('').map((symbol) => [symbol, snapshot('1x1 |', { ...a, symbol: `${symbol}.US` })]),
      );
      const source = cold('(abcdefgh)', events);
      const isEmpty = ({ sources }: ConsolidatedBook): boolean => sources.length === 0;
      const book$ = source.pipe(stamped, consolidateDepth({ maxAge: 5 }), filter(isEmpty), take(1), shown);
      expectObservable(book$).toBe('-----(n|)', books);
      flush();
      expect(schedule).toHaveBeenCalledTimes(1);
      schedule.mockRestore();
    }),
  );

  it(
    'matches the spellings of a symbol, keeps the one that comes first, and keeps symbols apart',
    marbles(({ hot, expectObservable }) => {
      const source = hot('p-q-o-|', {
        p: snapshot('1x1 |', { ...a, symbol: '00700.HK' }),
        q: snapshot('1x2 |', { ...b, symbol: '700.HK' }),
        o: snapshot('5x5 |', { ...b, symbol: '5.HK' }),
      });
      const expected = '  p-q-o-|';
      const book = (symbol: string, size: number): unknown =>
        expect.objectContaining({ symbol, bids: [expect.objectContaining({ size })] });
      expectObservable(source.pipe(consolidateDepth())).toBe(expected, {
        p: book('00700.HK', 1),
        q: book('00700.HK', 3),
        o: book('5.HK', 5),
      });
    }),
  );

  it(
    'counts mainland stocks in shares, whatever a vendor counts in',
    marbles(({ hot, expectObservable }) => {
      const source = hot('l-s-f-|', {
        l: snapshot('1x2 |', { ...a, symbol: '600000.SH', sizeUnit: 'lots' }),
        s: snapshot('1x30 |', { ...b, symbol: '600000.SH', sizeUnit: 'shares' }),
        f: snapshot('1x2 |', { ...a, symbol: 'au2604.SHF', sizeUnit: 'lots' }),
      });
      const expected = '  l-s-f-|';
      const size$ = source.pipe(
        consolidateDepth(),
        map(({ bids }) => bids[0]?.size),
      );
      expectObservable(size$).toBe(expected, { l: 200, s: 230, f: 2 });
    }),
  );

  it.each([
    ['99x1 | 101x1', '98x1 | 102x1', false, false],
    ['99x1 | 101x1', '101x1 | 102x1', true, false],
    ['99x1 | 101x1', '102x1 | 103x1', false, true],
    ['99x1 |', '98x1 |', false, false],
  ])('says of %s with %s whether they are locked or crossed', (first, second, locked, crossed) => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('(ab|)', { a: snapshot(first, a), b: snapshot(second, b) });
      const flags$ = source.pipe(
        consolidateDepth(),
        filter(({ sources }) => sources.length === 2),
        map((book) => [book.locked, book.crossed]),
      );
      expectObservable(flags$).toBe('(f|)', { f: [locked, crossed] });
    })();
  });

  it.each([{ levels: 0 }, { levels: 1.5 }, { maxAge: 0 }, { maxAge: NaN }, { maxAge: 2 ** 31 }])(
    'rejects %p',
    (options) => {
      expect(() => consolidateDepth(options)).toThrow(InvalidOption);
    },
  );
});
