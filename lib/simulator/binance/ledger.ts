import { textureOf, type Change, type Instrument } from '../market/instrument.js';
import { hashed, seeded, seedFor } from '../market/random.js';
import type { Execution } from '../market/snapshot.js';
import { createDeepSide, type Changed, type Rung } from './deepBook.js';
import { MINUTE } from './intervals.js';
import { countTrade, emptyRow, type Row } from './row.js';
import type { AggTrade } from './trade.js';

/** What is new in a book: the ids of its updates from `first` to `last`. */
export interface BookNews {
  readonly first: number;
  readonly last: number;
  readonly bids: Changed;
  readonly asks: Changed;
}

/** What one change of the market is at Binance. */
export interface News {
  readonly trades: readonly AggTrade[];
  readonly book: BookNews | undefined;
  /** Whether the best bid or ask, or its size, is new. */
  readonly best: boolean;
}

/** All that Binance knows of one instrument: the one truth of streams and REST, with ids that count up. */
export interface Ledger {
  readonly instrument: Instrument;
  /** `BTCUSDT`. */
  readonly symbol: string;
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
  readonly seed: number;
  readonly updateId: () => number;
  readonly bids: (most: number) => readonly Rung[];
  readonly asks: (most: number) => readonly Rung[];
  /** Its newest trades that are kept, oldest first. */
  readonly trades: readonly AggTrade[];
  /** Its minutes that are kept, oldest first; the last one forms. */
  readonly minutes: readonly Row[];
  /** The newest trade. */
  readonly newest: () => AggTrade;
  readonly record: (change: Change) => News;
  /** What is new in the book since it was last taken; made only when somebody wants it. */
  readonly takeSlowNews: (isWanted: boolean) => BookNews | undefined;
}

/** How much is kept of all instruments together, and of one at least. */
const TRADES = { all: 2 ** 18, least: 1_024 };
const MINUTES = { all: 2 ** 17, least: 256 };

/** Ids begin high: a client that takes them for small numbers is found out. */
const FIRST_TRADE = 3_000_000_000;
const FIRST_UPDATE = 50_000_000_000;
const MOST_PARTS = 3;

const keep = <T>(kept: T[], added: T, { all, least }: typeof TRADES, sharers: number): void => {
  kept.push(added);
  const most = Math.max(least, Math.floor(all / sharers));
  if (kept.length > 2 * most) kept.splice(0, kept.length - most);
};

export const createLedger = (
  instrument: Instrument,
  marketSeed: number,
  levels: number,
  /** How many ledgers there are. */
  sharers: () => number,
): Ledger => {
  const { listing } = instrument;
  const { rules } = listing;
  const { priceDecimals, sizeDecimals, tickAt, lot } = rules;
  const seed = seedFor(marketSeed, `binance ${listing.symbol}`);
  const side = (direction: 1 | -1) =>
    createDeepSide({
      direction,
      levels: Math.max(10, levels),
      tickAt,
      lot,
      texture: textureOf(listing),
      random: seeded(seed ^ direction),
    });
  const [bids, asks] = [side(-1), side(1)];
  const inUnits = (value: number, decimals: number): number => Math.round(value * 10 ** decimals);

  const trades: AggTrade[] = [];
  const minutes: Row[] = [];
  let newest: AggTrade;
  let updateId = FIRST_UPDATE + (seed % 1_000_000);
  let slow: BookNews[] = [];

  const trade = ({ price, size, time, aggressor }: Execution): AggTrade => {
    const id = (newest as AggTrade | undefined)?.id ?? FIRST_TRADE / 2 + (seed % 1_000_000);
    const first = ((newest as AggTrade | undefined)?.last ?? FIRST_TRADE + (seed % 1_000_000)) + 1;
    const units = inUnits(size, sizeDecimals);
    const parts = Math.min(units, 1 + Math.floor(hashed(seed, id, 1) * MOST_PARTS));
    newest = {
      id: id + 1,
      price: inUnits(price, priceDecimals),
      size: units,
      first,
      last: first + parts - 1,
      time,
      buyerIsMaker: aggressor === 'seller',
    };
    keep(trades, newest, TRADES, sharers());
    const openTime = Math.floor(time / MINUTE) * MINUTE;
    let minute = minutes.at(-1);
    if (minute?.openTime !== openTime) {
      minute = emptyRow(openTime, newest.price);
      keep(minutes, minute, MINUTES, sharers());
    }
    countTrade(minute, newest);
    return newest;
  };

  const bookNews = (): BookNews | undefined => {
    const { book } = instrument;
    const news = { bids: bids.follow(book.bids), asks: asks.follow(book.asks) };
    const count = news.bids.size + news.asks.size;
    if (count === 0) return undefined;
    updateId += count;
    const whole = { ...news, first: updateId - count + 1, last: updateId };
    slow.push(whole);
    return whole;
  };

  // What an instrument begins with is its first trade, and no update.
  trade(instrument.latest());
  bookNews();
  slow = [];

  const isSame = (one: Rung | undefined, other: Rung | undefined): boolean =>
    one?.price === other?.price && one?.size === other?.size;
  let best = [bids.best(), asks.best()] as const;

  return {
    instrument,
    symbol: listing.code,
    priceDecimals,
    sizeDecimals,
    seed,
    updateId: () => updateId,
    bids: bids.top,
    asks: asks.top,
    trades,
    minutes,
    newest: () => newest,
    record: ({ executions, booked }) => {
      const made = executions.map(trade);
      const book = booked ? bookNews() : undefined;
      const before = best;
      if (book !== undefined) best = [bids.best(), asks.best()];
      return { trades: made, book, best: !isSame(before[0], best[0]) || !isSame(before[1], best[1]) };
    },
    takeSlowNews: (isWanted) => {
      const taken = slow;
      slow = [];
      const [oldest] = taken;
      if (!isWanted || oldest === undefined) return undefined;
      const joined = (side: 'bids' | 'asks'): Changed => new Map(taken.flatMap((news) => [...news[side]]));
      return { first: oldest.first, last: updateId, bids: joined('bids'), asks: joined('asks') };
    },
  };
};
