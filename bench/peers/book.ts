/**
 * A book of 1,000 levels a side under random updates near the touch, the best five of both sides read after each: ours,
 * hand-written typed arrays, tardis-dev and ccxt, each beside the arrays in a process of its own.
 *
 *     npm run bench:peers
 */
import { deepStrictEqual } from 'node:assert';
import type { Depth, Level } from '../../lib/model/marketEvent.js';
import { keepBook, type OrderBook } from '../../lib/operators/depth/keepBook.js';
import { mutableBook } from '../../lib/operators/depth/mutableBook.js';
import { orderBook } from '../../lib/operators/depth/orderBook.js';
import { fed } from './fed.js';
import { handSide } from './handBook.js';
import { ccxt, tardis } from './peers.js';
import { compare, type Variant } from './table.js';
import { firstLevels, LEVELS, UPDATES, updatesOf, type Update } from './updates.js';

const SLICE = 5_000;
const TOP = 5;

const updates = updatesOf();
const snapshot = { bids: firstLevels('bids'), asks: firstLevels('asks') };

/** Applies the update of that number and writes the best five of both sides: prices and sizes, bids first. */
type Step = (update: number, out: Float64Array) => void;

const handWritten = (): Step => {
  const bids = handSide(1, 2 * LEVELS);
  const asks = handSide(-1, 2 * LEVELS);
  const apply = ({ side, price, size }: Update): void => (side === 'bids' ? bids : asks).set(price, size);
  for (const level of [...snapshot.bids, ...snapshot.asks]) apply(level);
  return (update, out) => {
    apply(updates[update]!);
    bids.top(TOP, out, 0);
    asks.top(TOP, out, 2 * TOP);
  };
};

/** Something of every result goes here, so that no work can be optimised away. */
export let sink = 0;

/** The updates begin again on the book as they left it: each sets a size, whatever was there. */
const inSlices = (step: Step): (() => void) => {
  const out = new Float64Array(4 * TOP);
  let at = 0;
  return () => {
    for (let i = 0; i < SLICE; i++) {
      step(at++ % UPDATES, out);
      sink += out[0]! + out[4 * TOP - 1]!;
    }
  };
};

const variant = (make: () => Step): Variant => ({
  work: inSlices(make()),
  check: () => {
    const [step, floor] = [make(), handWritten()];
    const [out, expected] = [new Float64Array(4 * TOP), new Float64Array(4 * TOP)];
    for (let i = 0; i < UPDATES; i++) {
      step(i, out);
      floor(i, expected);
      deepStrictEqual(out, expected);
    }
  },
});

const depthOf = (type: Depth['type'], bids: readonly Level[], asks: readonly Level[]): Depth => {
  return { kind: 'depth', provider: 'bench', symbol: 'S10000.US', time: 0, receivedAt: 0, type, bids, asks };
};

const levelsOf = (items: readonly Update[]): readonly Level[] => items.map(({ price, size }) => ({ price, size }));

/** Our events, made before the clock starts: the snapshot and an event for each update. */
const depths = () => ({
  first: depthOf('snapshot', levelsOf(snapshot.bids), levelsOf(snapshot.asks)),
  later: updates.map((update) =>
    update.side === 'bids' ? depthOf('update', levelsOf([update]), []) : depthOf('update', [], levelsOf([update])),
  ),
});

const topOf = (levels: readonly Level[], out: Float64Array, at: number): void => {
  for (let i = 0; i < TOP; i++) {
    const level = levels[i];
    out[at + 2 * i] = level?.price ?? 0;
    out[at + 2 * i + 1] = level?.size ?? 0;
  }
};

/** What an application uses: a stream of books, each a value of its own that says what changed. */
const operatorStep = (): Step => {
  const { first, later } = depths();
  let book: OrderBook | undefined;
  const next = fed(orderBook({ levels: TOP }), (latest) => (book = latest));
  next(first);
  return (update, out) => {
    next(later[update]!);
    topOf(book!.bids, out, 0);
    topOf(book!.asks, out, 2 * TOP);
  };
};

/** The same without RxJS. */
const keptStep = (): Step => {
  const { first, later } = depths();
  const { apply } = keepBook({ levels: TOP });
  apply(first);
  return (update, out) => {
    const book = apply(later[update]!)!;
    topOf(book.bids, out, 0);
    topOf(book.asks, out, 2 * TOP);
  };
};

/** Changed and read in place as the peers do, without books as values and without what changed. */
const mutableStep = (): Step => {
  const { first, later } = depths();
  const { apply, bids, asks } = mutableBook();
  apply(first);
  return (update, out) => {
    apply(later[update]!);
    bids.readTop(TOP, out, 0);
    asks.readTop(TOP, out, 2 * TOP);
  };
};

const tardisStep = (): Step => {
  const levels = (items: readonly Update[]) => items.map(({ price, size }) => ({ price, amount: size }));
  const change = (isSnapshot: boolean, bids: readonly Update[], asks: readonly Update[]) => ({
    type: 'book_change' as const,
    symbol: 'S10000.US',
    exchange: 'bench',
    isSnapshot,
    bids: levels(bids),
    asks: levels(asks),
    timestamp: new Date(0),
    localTimestamp: new Date(0),
  });
  const changes = updates.map((update) =>
    update.side === 'bids' ? change(false, [update], []) : change(false, [], [update]),
  );
  const book = new (tardis().OrderBook)();
  book.update(change(true, snapshot.bids, snapshot.asks));
  const top = (side: ReturnType<typeof book.bids>, out: Float64Array, at: number): void => {
    for (let i = at; i < at + 2 * TOP; i += 2) {
      const next = side.next();
      out[i] = next.done === true ? 0 : next.value.price;
      out[i + 1] = next.done === true ? 0 : next.value.amount;
    }
  };
  return (update, out) => {
    book.update(changes[update]!);
    top(book.bids(), out, 0);
    top(book.asks(), out, 2 * TOP);
  };
};

const ccxtStep = (): Step => {
  const levels = (items: readonly Update[]) => items.map(({ price, size }) => [price, size]);
  const book = new (ccxt().Exchange)().orderBook({ bids: levels(snapshot.bids), asks: levels(snapshot.asks) });
  const top = (side: typeof book.bids, out: Float64Array, at: number): void => {
    for (let i = 0; i < TOP; i++) {
      out[at + 2 * i] = side[i]?.[0] ?? 0;
      out[at + 2 * i + 1] = side[i]?.[1] ?? 0;
    }
  };
  return (update, out) => {
    const { side, price, size } = updates[update]!;
    // It keeps the array it is given and writes sizes into it, so each level has to be an array of its own.
    book[side].store(price, size);
    top(book.bids, out, 0);
    top(book.asks, out, 2 * TOP);
  };
};

compare({
  script: __filename,
  unit: 'update',
  slice: SLICE,
  rounds: 51,
  floor: () => inSlices(handWritten()),
  variants: {
    'ours: orderBook({ levels: 5 })': () => variant(operatorStep),
    'ours: keepBook({ levels: 5 })': () => variant(keptStep),
    'ours: mutableBook, read in place': () => variant(mutableStep),
    'tardis-dev OrderBook': () => variant(tardisStep),
    'ccxt OrderBook': () => variant(ccxtStep),
  },
});
