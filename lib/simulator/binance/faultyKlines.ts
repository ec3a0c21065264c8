import { inOrder } from '../rest/faultyBars.js';
import type { HistoryFaults } from '../rest/restControl.js';
import { shifted } from './intervals.js';
import type { Klines, KlineQuery } from './klines.js';
import type { Ledger } from './ledger.js';
import type { Row } from './row.js';

/** The klines as Binance serves them: the true ones, with what is wrong at the moment. */
export const faultyKlines = (
  klines: Klines,
  { instrument }: Ledger,
  query: KlineQuery,
  { moving = 0, cap = Infinity, prices = 1, volumes = 1, shift = 0, withhold, order }: HistoryFaults,
  now: number,
): readonly Row[] => {
  const { interval, limit, zone = 0 } = query;
  const late = (time: number, klinesLate: number): number => shifted(interval, time, klinesLate, zone);
  const unsettled = (row: Row): Row => {
    const age = now - late(row.openTime, 1);
    const isMoving = age >= 0 && age < moving;
    return isMoving ? { ...row, close: row.open, volume: Math.round(row.volume * (0.5 + (0.5 * age) / moving)) } : row;
  };
  const rows = klines
    .find({
      ...query,
      ...(query.startTime !== undefined && { startTime: late(query.startTime, -shift) }),
      ...(query.endTime !== undefined && { endTime: late(query.endTime, -shift) }),
      limit: Math.min(limit, cap),
    })
    .filter(({ openTime }) => withhold?.(openTime, instrument.listing.symbol) !== true)
    .map(unsettled)
    .map((row) => ({
      ...row,
      openTime: late(row.openTime, shift),
      open: row.open * prices,
      high: row.high * prices,
      low: row.low * prices,
      close: row.close * prices,
      volume: row.volume * volumes,
    }));
  return inOrder(rows, order);
};
