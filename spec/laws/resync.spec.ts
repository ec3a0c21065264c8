import * as fc from 'fast-check';
import { asyncScheduler, defer, delay, map, mergeMap, of, Subject, take, timer, type Observable } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import type { Depth, Level } from '../../lib/model/marketEvent.js';
import { depths } from '../../lib/model/topic.js';
import { mutableBook } from '../../lib/operators/depth/mutableBook.js';
import { resync } from '../../lib/session/resync.js';
import { aDepth } from '../../lib/testing/builders.js';
import { marbles } from '../../lib/testing/marbles.js';
import { seeded } from '../../lib/simulator/market/random.js';
import { aSession } from '../session/aSession.js';

const hurt = 'BTCUSDT.BA';
const whole = 'ETHUSDT.BA';
const LEVELS = 1_000;
/** Bids are the prices 1 to 1,000, asks those above. */
const PRICES = 2 * LEVELS;

/** Milliseconds that a snapshot takes at most, and until it is asked for again. */
const ANSWER = 30;
const BACKOFF = 5;
/** Milliseconds without updates at the end, for the last snapshot to come. */
const QUIET = 200;

/** What becomes of an update on its way. */
type Fate = 'arrives' | 'is lost' | 'comes twice' | 'comes after the next';

interface Script {
  readonly updates: number;
  readonly fateOf: (n: number) => Fate;
  readonly random: () => number;
}

/** A vendor's book, which can be had as it was after any update. */
const truth = (symbol: string, random: () => number) => {
  const sizes = new Float64Array(PRICES + 1).fill(1, 1);
  const said: Depth[] = [];
  let last = 0;
  const levelOf = (price: number): Level => ({ price, size: sizes[price] });
  const side = (from: number, to: number): Level[] =>
    Array.from({ length: to - from + 1 }, (_, i) => levelOf(from + i)).filter(({ size }) => size !== 0);
  return {
    said,
    next: (): Depth => {
      const first = last + 1;
      last += 1 + Math.floor(random() * 3);
      const changed = Array.from({ length: 1 + Math.floor(random() * 5) }, () => 1 + Math.floor(random() * PRICES));
      for (const price of changed) sizes[price] = random() < 0.2 ? 0 : 1 + Math.floor(random() * 9);
      const levels = [...new Set(changed)].map(levelOf);
      const update = aDepth({
        symbol,
        type: 'update',
        bids: levels.filter(({ price }) => price <= LEVELS),
        asks: levels.filter(({ price }) => price > LEVELS),
        sequence: { first, last },
      });
      said.push(update);
      return update;
    },
    snapshot: (): Depth =>
      aDepth({
        symbol,
        bids: side(1, LEVELS).reverse(),
        asks: side(LEVELS + 1, PRICES),
        sequence: { first: last, last },
      }),
  };
};

/** The sizes of a book by price, after the updates up to a number that only grows. */
const oracle = (said: readonly Depth[]) => {
  const sizes = new Float64Array(PRICES + 1).fill(1, 1);
  let done = 0;
  let count = PRICES;
  return (number: number) => {
    for (; done < said.length; done += 1) {
      const { sequence, bids, asks } = said[done] as Depth;
      if ((sequence?.last ?? Infinity) > number) break;
      for (const { price, size = 0 } of [...bids, ...asks]) {
        count += Number(size !== 0) - Number(sizes[price] !== 0);
        sizes[price] = size;
      }
    }
    return { sizes, count };
  };
};

/** One update a millisecond of each of two books, of which one suffers; snapshots take 2 to 30 ms to come. */
const play = ({ updates, fateOf, random }: Script) => {
  const calls = { [hurt]: 0, [whole]: 0 };
  const outcome = { calls, compared: 0, wrong: 0, waits: [] as number[], invalid: 0, stillInvalid: true };
  marbles(() => {
    const vendors = { [hurt]: truth(hurt, random), [whole]: truth(whole, random) };
    const said$ = new Subject<FeedEvent>();
    const snapshot = (symbol: string): Observable<Depth> =>
      defer(() => {
        calls[symbol as keyof typeof calls] += 1;
        return timer(1 + Math.floor(random() * 15)).pipe(
          map(() => vendors[symbol as keyof typeof vendors].snapshot()),
          delay(1 + Math.floor(random() * 15)),
        );
      });

    const readers = [hurt, whole].map((symbol) => ({
      symbol,
      book: mutableBook(),
      sizesAt: oracle(vendors[symbol as keyof typeof vendors].said),
      shown: new Float64Array(PRICES),
    }));
    let invalidSince: number | undefined;
    const judge = (depth: Depth): void => {
      const reader = readers.find(({ symbol }) => symbol === depth.symbol);
      if (!reader) return;
      const { symbol, book, sizesAt, shown } = reader;
      book.apply(depth);
      if (symbol === hurt) outcome.stillInvalid = !book.isValid();
      if (!book.isValid()) {
        // Nothing is emitted before the snapshot, and the other book is never hurt.
        if (symbol === whole) outcome.wrong += 1;
        else if (invalidSince === undefined) {
          invalidSince = asyncScheduler.now();
          outcome.invalid += 1;
        }
        return;
      }
      if (symbol === hurt && invalidSince !== undefined) {
        outcome.waits.push(asyncScheduler.now() - invalidSince);
        invalidSince = undefined;
      }
      const { sizes, count: expected } = sizesAt(depth.sequence?.last ?? NaN);
      let found = 0;
      for (const side of [book.bids, book.asks]) {
        const count = side.readTop(LEVELS, shown);
        for (let i = 0; i < count; i += 1) if (sizes[shown[2 * i] as number] !== shown[2 * i + 1]) outcome.wrong += 1;
        found += count;
      }
      if (found !== expected) outcome.wrong += 1;
      outcome.compared += 1;
    };

    of(aSession<FeedEvent>(said$).session)
      .pipe(
        resync<FeedEvent, string>({ snapshot, backoff: () => BACKOFF }),
        mergeMap(({ messages$ }) => messages$),
      )
      .subscribe((event) => {
        if (event.kind === 'depth') judge(event);
      });
    said$.next({ kind: 'subscribed', provider: 'test', receivedAt: 0, topics: depths(hurt, whole) });

    let late: Depth | undefined;
    const suffer = (depth: Depth, fate: Fate): void => {
      const before = late;
      late = fate === 'comes after the next' ? depth : undefined;
      if (fate === 'arrives' || fate === 'comes twice') said$.next(depth);
      if (fate === 'comes twice') said$.next(depth);
      if (before) said$.next(before);
    };
    timer(0, 1)
      .pipe(take(updates + QUIET))
      .subscribe((n) => {
        if (n >= updates) return;
        suffer(vendors[hurt].next(), fateOf(n));
        said$.next(vendors[whole].next());
      });
  })();
  return outcome;
};

describe('a numbered book of 1,000 levels', () => {
  it('is the truth whenever it says so: 100,000 updates with 200 holes, duplicates and reorderings', () => {
    const random = seeded(20_261_130);
    const holes = new Set(Array.from({ length: 200 }, (_, i) => 100 + i * 499 + Math.floor(random() * 300)));
    const fateOf = (n: number): Fate => {
      if (holes.has(n)) return 'is lost';
      const chance = random();
      return chance < 0.002 ? 'comes twice' : chance < 0.004 ? 'comes after the next' : 'arrives';
    };
    const { calls, wrong, compared, waits, invalid, stillInvalid } = play({ updates: 100_000, fateOf, random });
    expect({ wrong, stillInvalid, callsOfTheOther: calls[whole] }).toEqual({
      wrong: 0,
      stillInvalid: false,
      callsOfTheOther: 1,
    });
    expect(compared).toBeGreaterThan(180_000);
    // Each hole was seen, and one snapshot mended it, but where it was older than what had come.
    expect(invalid).toBeGreaterThanOrEqual(200);
    expect(Math.max(...waits)).toBeLessThanOrEqual(ANSWER + 2 * (BACKOFF + ANSWER));
    expect(calls[hurt]).toBeLessThan(1.5 * invalid);
  });

  it('is so whatever happens to the updates', () => {
    const fate = fc.constantFrom<Fate>(
      'arrives',
      'arrives',
      'arrives',
      'is lost',
      'comes twice',
      'comes after the next',
    );
    fc.assert(
      fc.property(fc.array(fate, { maxLength: 60 }), fc.integer(), (fates, seed) => {
        const script = { updates: fates.length, fateOf: (n: number) => fates[n] ?? 'arrives', random: seeded(seed) };
        const { calls, wrong, stillInvalid } = play(script);
        expect({ wrong, stillInvalid, callsOfTheOther: calls[whole] }).toEqual({
          wrong: 0,
          stillInvalid: false,
          callsOfTheOther: 1,
        });
      }),
      { numRuns: 100 },
    );
  });
});
