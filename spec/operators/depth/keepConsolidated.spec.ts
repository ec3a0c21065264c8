import fc from 'fast-check';
import type { Depth, Level } from '../../../lib/model/marketEvent.js';
import type { ConsolidatedBook, ConsolidatedLevel } from '../../../lib/operators/depth/ConsolidatedBook.js';
import { InvalidOption } from '../../../lib/model/errors.js';
import { keepConsolidated } from '../../../lib/operators/depth/keepConsolidated.js';
import { disconnected } from '../../share/linkEvents.js';
import { naiveSide, snapshot, someDepth, update } from './depthEvents.js';

const providers = ['a', 'b', 'c'];
const MAX_AGE = 10;

const step = fc.record({
  provider: fc.constantFrom(...providers),
  depth: fc.option(someDepth, { freq: 8 }),
  /** How long after the step before it. */
  pause: fc.integer({ min: 0, max: 6 }),
});

/** What a provider has said, as simply as can be. */
const naiveSource = (provider: string) => {
  const bids = naiveSide('highest');
  const asks = naiveSide('lowest');
  let valid = false;
  let until = -Infinity;
  return {
    provider,
    bids,
    asks,
    isLive: (now: number): boolean => valid && until > now,
    lose: (): void => {
      valid = false;
    },
    take: ({ type, ...depth }: Depth): void => {
      valid ||= type === 'snapshot';
      if (!valid) return;
      bids.take(type, depth.bids);
      asks.take(type, depth.asks);
      until = depth.receivedAt + MAX_AGE;
    },
  };
};

type Found = Level & { readonly provider: string };

/** All levels in one heap, sorted. */
const bruteForce = (found: readonly Found[], best: 'highest' | 'lowest', count: number): ConsolidatedLevel[] =>
  [...new Set(found.map(({ price }) => price))]
    .sort((a, b) => (best === 'highest' ? b - a : a - b))
    .slice(0, count)
    .map((price) => {
      const sources = found.filter((level) => level.price === price).map(({ provider, size }) => ({ provider, size }));
      const sum = sources.reduce((total, { size }) => total + (size ?? NaN), 0);
      return { price, size: sum || undefined, sources };
    });

/** A level of each source that is equal, whoever was heard first. */
const inOrder = (levels: readonly ConsolidatedLevel[]): ConsolidatedLevel[] =>
  levels.map((level) => ({
    ...level,
    sources: [...level.sources].sort((one, other) => (one.provider < other.provider ? -1 : 1)),
  }));

describe('keepConsolidated', () => {
  it('is what sorting all levels of the live sources would give', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.integer({ min: 1, max: 9 }), (steps, levels) => {
        const sources = providers.map(naiveSource);
        let last: ConsolidatedBook | undefined;
        const { apply, expire } = keepConsolidated({ levels, maxAge: MAX_AGE }, (book) => (last = book));
        let now = 0;
        for (const { provider, depth, pause } of steps) {
          now += pause;
          expire(now);
          const stamp = { provider, receivedAt: now };
          apply(depth ? { ...depth, ...stamp } : { ...disconnected, ...stamp }, now);
          const source = sources[providers.indexOf(provider)]!;
          if (depth) source.take({ ...depth, ...stamp });
          else source.lose();

          const live = sources.filter(({ isLive }) => isLive(now));
          const all = (side: 'bids' | 'asks'): Found[] =>
            live.flatMap((one) => one[side].top().map((level) => ({ ...level, provider: one.provider })));
          const bids = bruteForce(all('bids'), 'highest', levels);
          const asks = bruteForce(all('asks'), 'lowest', levels);
          const gap = (asks[0]?.price ?? NaN) - (bids[0]?.price ?? NaN);
          expect([...(last?.sources ?? [])].sort()).toEqual(live.map((one) => one.provider));
          expect(inOrder(last?.bids ?? [])).toEqual(bids);
          expect(inOrder(last?.asks ?? [])).toEqual(asks);
          expect([last?.locked ?? false, last?.crossed ?? false]).toEqual([gap === 0, gap < 0]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('says when to look at the clock again', () => {
    const books: ConsolidatedBook[] = [];
    const { apply, expire } = keepConsolidated({ maxAge: 10 }, (book) => books.push(book));
    expect(expire(0)).toBe(Infinity);
    const base = { kind: 'depth', type: 'snapshot', symbol: 'A.US', time: 0, bids: [], asks: [] } as const;
    apply({ ...base, provider: 'a', receivedAt: 1 }, 1);
    apply({ ...base, provider: 'b', receivedAt: 4 }, 4);
    expect(expire(5)).toBe(11);
    expect(expire(11)).toBe(14);
    // Then what is idle.
    expect(expire(14)).toBe(4 + 86_400_000);
    expect(books.map(({ sources }) => sources.join(''))).toEqual(['a', 'ab', 'b', '']);
  });

  describe('says of one symbol', () => {
    const said = (...events: readonly Depth[]): readonly ConsolidatedBook[] => {
      const books: ConsolidatedBook[] = [];
      const { apply } = keepConsolidated({ maxAge: MAX_AGE }, (book) => books.push(book));
      events.forEach((event) => apply(event, 14));
      return books;
    };
    const at = { receivedAt: 14 };

    it('nothing for a depth that is just too old', () => {
      expect(said(snapshot('9x1 |', { receivedAt: 4 }))).toEqual([]);
      expect(said(snapshot('9x1 |', { receivedAt: 5 }))).toHaveLength(1);
    });

    it('nothing for an update that was seen', () => {
      const first = snapshot('9x1 |', { ...at, sequence: { first: 5, last: 5 } });
      expect(said(first, update('9x2 |', { ...at, sequence: { first: 5, last: 5 } }))).toHaveLength(1);
    });

    it('the one and same side while that does not change', () => {
      const [before, after] = said(snapshot('9x1 | 10x1', at), update('9x2 |', at));
      expect(after?.asks).toBe(before?.asks);
      expect(after?.bids).toMatchObject([{ price: 9, size: 2 }]);
    });

    it('shares, also of a vendor that changes from shares to lots', () => {
      const inUnit = (sizeUnit: 'shares' | 'lots'): Depth =>
        snapshot('9x3 |', { ...at, symbol: '600000.SH', sizeUnit });
      const sizes = said(inUnit('shares'), inUnit('lots'), inUnit('shares')).map(({ bids }) => bids[0]?.size);
      expect(sizes).toEqual([3, 300, 3]);
    });

    it('the latest time of the sources that are live, and of the last one that was', () => {
      const books: ConsolidatedBook[] = [];
      const { apply } = keepConsolidated({}, (book) => books.push(book));
      const of = (provider: string, time: number): Depth => snapshot('9x1 |', { provider, time });
      [of('a', 9), of('b', 5), { ...disconnected, provider: 'a' }, { ...disconnected, provider: 'b' }].forEach(
        (event) => apply(event, 0),
      );
      expect(books.map(({ time }) => time)).toEqual([9, 9, 5, 5]);
    });
  });

  it('takes an age as long as a timer can last, and says what is none', () => {
    expect(() => keepConsolidated({ maxAge: 2 ** 31 - 1 }, () => undefined)).not.toThrow();
    const problem = 'it is a number of milliseconds above 0, and of 24 days at most';
    expect(() => keepConsolidated({ maxAge: 2 ** 31 }, () => undefined)).toThrow(
      new InvalidOption('maxAge', 2 ** 31, problem),
    );
  });

  it('shows nothing that is too old when an event comes before the clock was looked at', () => {
    const books: ConsolidatedBook[] = [];
    const { apply } = keepConsolidated({ maxAge: 10 }, (book) => books.push(book));
    const base = { kind: 'depth', type: 'snapshot', symbol: 'A.US', time: 0, bids: [], asks: [] } as const;
    apply({ ...base, provider: 'a', receivedAt: 1 }, 1);
    apply({ ...base, provider: 'b', receivedAt: 14 }, 14);
    expect(books.map(({ sources }) => sources.join(''))).toEqual(['a', 'b']);
  });
});
