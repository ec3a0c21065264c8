/**
 * Books, their changes and consolidated ladders, against the plain ways of doing the same with objects, Maps and sorts.
 *
 *     npm run bench:depth
 */
import { deepStrictEqual } from 'node:assert';
import { execFileSync } from 'node:child_process';
import type { Depth, Level } from '../lib/model/marketEvent.js';
import type { BookSide, LevelChange } from '../lib/operators/depth/BookChanges.js';
import { consolidatedSymbol } from '../lib/operators/depth/consolidatedSymbol.js';
import { diffLevels, noChanges, type Collected } from '../lib/operators/depth/diffLevels.js';
import { keepBook } from '../lib/operators/depth/keepBook.js';
import { ladder } from '../lib/operators/depth/ladder.js';
import { ladderMerger } from '../lib/operators/depth/ladderMerger.js';
import { trackDepth } from '../lib/operators/depth/trackDepth.js';
import { arraySide, concatAndSort, mapDiff, sortedSide, type Lists } from './depthReferences.js';
import { seeded } from './frames.js';
import { firstLevels, LEVELS, UPDATES, updatesOf } from './peers/updates.js';
import { ratioOf } from './ratio.js';

/** The n-th piece of the work, and what comes of it. */
type Step = (n: number) => unknown;

interface Row {
  /** How many pieces of work a slice has. */
  readonly slice: number;
  readonly ours: () => Step;
  readonly reference: () => Step;
  /** Whether the two give the same; absent where ours gives more. */
  readonly isSame?: boolean;
}

const TOP = 5;

const depthOf = (type: Depth['type'], bids: readonly Level[], asks: readonly Level[], provider = 'bench'): Depth => {
  return { kind: 'depth', type, provider, symbol: 'S.US', time: 0, receivedAt: 0, bids, asks };
};

// Work 9: a book of 1,000 levels, an update near the touch, then the best five of both sides.

const updates = updatesOf();
const levelsOf = (side: 'bids' | 'asks'): readonly Level[] =>
  firstLevels(side).map(({ price, size }) => ({ price, size }));
const first = depthOf('snapshot', levelsOf('bids'), levelsOf('asks'));
const deltas = (): readonly Depth[] =>
  updates.map(({ side, price, size }) =>
    side === 'bids' ? depthOf('update', [{ price, size }], []) : depthOf('update', [], [{ price, size }]),
  );

const trackedBook = (): Step => {
  const { accept, bids, asks } = trackDepth();
  const later = deltas();
  accept(first);
  return (n) => {
    accept(later[n % UPDATES]!);
    return [bids.top(TOP), asks.top(TOP)];
  };
};

const emittedBook = (): Step => {
  const { apply } = keepBook({ levels: TOP });
  const later = deltas();
  apply(first);
  return (n) => {
    const book = apply(later[n % UPDATES]!);
    return [book?.bids, book?.asks];
  };
};

const plainBook = (makeSide: typeof arraySide) => (): Step => {
  const [bids, asks] = [makeSide('bid'), makeSide('ask')];
  const later = deltas();
  const take = (depth: Depth): void => {
    for (const level of depth.bids) bids.set(level);
    for (const level of depth.asks) asks.set(level);
  };
  take(first);
  return (n) => {
    take(later[n % UPDATES]!);
    return [bids.top(TOP), asks.top(TOP)];
  };
};

// Work 10: what leads from one snapshot of five levels to the next.

const SNAPSHOTS = 2_000;

/** A market that moves by a tick one time in five; else two of five sizes change. No level is the same object twice. */
const snapshots = (): readonly Depth[] => {
  const roll = seeded(29);
  const sizeOf = (): number => 1 + Math.floor(roll() * 9);
  const sizes = new Map<number, number>();
  let touch = 10_000;
  return Array.from({ length: SNAPSHOTS }, () => {
    if (roll() < 0.2) touch += roll() < 0.5 ? 1 : -1;
    const side = (sign: number): readonly Level[] =>
      Array.from({ length: 5 }, (_, rank) => {
        const tick = touch + sign * (rank + 1);
        const size = roll() < 0.4 ? sizeOf() : (sizes.get(tick) ?? sizeOf());
        sizes.set(tick, size);
        return { price: tick / 100, size };
      });
    return depthOf('snapshot', side(-1), side(1));
  });
};

const never = (): boolean => false;

// The two are written out: a function that took the way to compare would be called by both, and inlined by neither.
const walkedDiff = (): Step => {
  const shown = snapshots();
  return (n) => {
    const before = shown[n % SNAPSHOTS]!;
    const after = shown[(n + 1) % SNAPSHOTS]!;
    const into: Collected = { ...noChanges };
    diffLevels('bid', before.bids, after.bids, never, into);
    diffLevels('ask', before.asks, after.asks, never, into);
    return into;
  };
};

const mappedDiff = (): Step => {
  const shown = snapshots();
  return (n) => {
    const before = shown[n % SNAPSHOTS]!;
    const after = shown[(n + 1) % SNAPSHOTS]!;
    const into: Lists = { added: [], changed: [], removed: [], outOfWindow: [] };
    mapDiff('bid', before.bids, after.bids, into);
    mapDiff('ask', before.asks, after.asks, into);
    return into;
  };
};

const keptSnapshots = (): Step => {
  const shown = snapshots();
  const { apply } = keepBook();
  return (n) => apply(shown[n % SNAPSHOTS]!);
};

// Work 11: three feeds of twenty levels a side; the size of one level changes, then the best ten of all are asked for.

interface Feed {
  readonly provider: string;
  readonly bids: Level[];
  readonly asks: Level[];
}

const RANKS = 20;

const feeds = (): readonly Feed[] => {
  const roll = seeded(31);
  const side = (sign: number): Level[] => {
    let tick = 10_000 + sign * Math.floor(roll() * 4);
    return Array.from({ length: RANKS }, () => {
      tick += sign * (1 + Math.floor(roll() * 2));
      return { price: tick / 100, size: 1 + Math.floor(roll() * 9) };
    });
  };
  return ['a', 'b', 'c'].map((provider) => ({ provider, bids: side(-1), asks: side(1) }));
};

/** Which level of which feed has which size next. */
const nextSize = (all: readonly Feed[], n: number) => {
  const feed = all[n % all.length]!;
  const side = n % 2 === 0 ? 'bids' : 'asks';
  const rank = (n * 7) % RANKS;
  const level = { price: feed[side][rank]!.price, size: 1 + (n % 11) };
  feed[side][rank] = level;
  return { feed, side, level } as const;
};

const mergedSides = (): Step => {
  const all = feeds();
  const load = (side: BookSide, levels: readonly Level[]) => {
    const loaded = ladder(side);
    loaded.load(levels);
    return loaded;
  };
  const bids = all.map((feed) => ({ provider: feed.provider, ladder: load('bid', feed.bids), lot: 1 }));
  const asks = all.map((feed) => ({ provider: feed.provider, ladder: load('ask', feed.asks), lot: 1 }));
  const [mergeBids, mergeAsks] = [ladderMerger('bid', bids, 10), ladderMerger('ask', asks, 10)];
  return (n) => {
    const { side, level } = nextSize(all, n);
    (side === 'bids' ? bids : asks)[n % all.length]!.ladder.set(level);
    return [mergeBids(), mergeAsks()];
  };
};

const sortedSides = (): Step => {
  const all = feeds();
  const bids = all.map(({ provider, bids: levels }) => ({ provider, levels }));
  const asks = all.map(({ provider, asks: levels }) => ({ provider, levels }));
  return (n) => {
    nextSize(all, n);
    return [concatAndSort('bid', bids, 10), concatAndSort('ask', asks, 10)];
  };
};

/** A snapshot of all twenty levels of a feed comes in each time. */
const consolidatedEvents = (): Step => {
  const all = feeds();
  const symbol = consolidatedSymbol('S.US', 10, Infinity);
  const take = ({ provider, bids, asks }: Feed): boolean => symbol.accept(depthOf('snapshot', bids, asks, provider), 0);
  all.forEach(take);
  return (n) => {
    take(nextSize(all, n).feed);
    const { bids, asks } = symbol.book(0);
    return [bids, asks];
  };
};

const rows: Readonly<Record<string, Row>> = {
  '9 book, array and splice': { slice: 10_000, ours: trackedBook, reference: plainBook(arraySide) },
  '9 book, Map and sort': { slice: 200, ours: trackedBook, reference: plainBook(sortedSide) },
  '9 book with changes, array and splice': { slice: 10_000, ours: emittedBook, reference: plainBook(arraySide) },
  '10 diff of 5 levels, Maps': { slice: 10_000, ours: walkedDiff, reference: mappedDiff },
  '10 book of 5 levels with changes, Maps': {
    slice: 10_000,
    ours: keptSnapshots,
    reference: mappedDiff,
    isSame: false,
  },
  '11 top 10 of 3 x 20, concat and sort': { slice: 2_000, ours: mergedSides, reference: sortedSides },
  '11 with a snapshot of 20 levels, concat and sort': {
    slice: 2_000,
    ours: consolidatedEvents,
    reference: sortedSides,
  },
};

const inOrder = (value: unknown): unknown => {
  if (value === null || typeof value !== 'object' || !('added' in value)) return value;
  const byPrice = (changes: readonly LevelChange[]): readonly LevelChange[] =>
    [...changes].sort((a, b) => a.price - b.price);
  return Object.entries(value as Collected).map(([kind, changes]) => [kind, byPrice(changes)]);
};

const check = ({ ours, reference }: Row): void => {
  const [one, other] = [ours(), reference()];
  for (let n = 0; n < LEVELS; n++) deepStrictEqual(inOrder(one(n)), inOrder(other(n)));
};

/** Something of every result goes here, so that no work can be optimised away. */
export let sink = 0;

const inSlices = (step: Step, slice: number): (() => void) => {
  let n = 0;
  return () => {
    for (let i = 0; i < slice; i++) if (step(n++) === undefined) sink += 1;
  };
};

const [, , name] = process.argv;
const row = rows[name ?? ''];
if (row) {
  if (row.isSame !== false) check(row);
  const { slice } = row;
  const { ratio, floorNs } = ratioOf(inSlices(row.reference(), slice), inSlices(row.ours(), slice));
  console.log(`| ${[name, (floorNs / slice).toFixed(0), ratio.toFixed(1)].join(' | ')} |`);
} else {
  console.log('| work, reference | ours, ns | reference x ours |');
  console.log('|---|---|---|');
  // A process for each row: variants that share code change each other's type feedback.
  for (const each of Object.keys(rows)) execFileSync(process.execPath, [__filename, each], { stdio: 'inherit' });
}
