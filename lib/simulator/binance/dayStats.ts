import type { SimulatedMarket } from '../market/market.js';
import { MINUTE } from './intervals.js';
import type { Klines } from './klines.js';
import type { Ledger } from './ledger.js';
import { emptyRow, summed, type Row } from './row.js';

/** The figures of the last 24 hours, counted by the minutes that opened in them. */
export interface DayStats {
  readonly row: Row;
  /** The last price before them. */
  readonly before: number;
  readonly openTime: number;
  readonly closeTime: number;
}

const DAY = 86_400_000;

/** Sums up a rolling day; the minutes before the ledger's are made only once. */
export const createDayStats = (market: SimulatedMarket, ledger: Ledger, klines: Klines): (() => DayStats) => {
  let older: readonly Row[] = [];
  let olderEnd = NaN;
  return () => {
    const closeTime = market.now();
    const openTime = closeTime - DAY;
    const from = Math.ceil(openTime / MINUTE) * MINUTE;
    const own = ledger.minutes[0]?.openTime ?? closeTime;
    if (olderEnd !== own) older = klines.minutes(from - MINUTE, own);
    olderEnd = own;
    const known = [...older, ...ledger.minutes];
    const begin = known.findIndex((row) => row.openTime >= from);
    const row = summed(begin < 0 ? [] : known.slice(begin), from) ?? emptyRow(from, ledger.newest().price);
    return { row, before: known[begin - 1]?.close ?? row.open, openTime, closeTime };
  };
};
