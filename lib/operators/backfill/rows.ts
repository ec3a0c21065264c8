import { asyncScheduler } from 'rxjs';
import { isHistoryRefused, isOfCredential } from '../../history/errors.js';
import { isIntraday, type Interval } from '../../model/interval.js';
import { soundKline } from '../../model/kline.js';
import type { Kline } from '../../model/marketEvent.js';
import type { BucketOf } from '../klines/hours.js';

interface Place {
  readonly interval: Interval;
  readonly bucketOf: BucketOf;
  readonly provider: string;
  readonly feed: string | undefined;
  readonly symbol: string;
}

/** The rows of a history that are bars of an instrument, by when they open, and what is wrong with the others. */
export const rowsOf = (
  klines: readonly Kline[],
  { interval, bucketOf, provider, feed, symbol }: Place,
): { readonly rows: ReadonlyMap<number, Kline>; readonly stray: string | undefined } => {
  const rows = new Map<number, Kline>();
  let stray: string | undefined;
  for (const row of klines) {
    const kline = row.interval === interval ? soundKline(row, () => asyncScheduler.now()) : undefined;
    if (!kline) continue;
    const { openTime } = bucketOf(kline.openTime);
    if (isIntraday(interval) && openTime !== kline.openTime)
      stray = `the history has a bar that opens at ${new Date(kline.openTime).toISOString()}, where none does`;
    else rows.set(openTime, { ...kline, provider, feed: feed ?? kline.feed, symbol });
  }
  return { rows, stray };
};

/** Whether a history would say the same again: the credential is refused, or the symbol is not known. */
export const isFinal = (error: unknown): boolean =>
  isHistoryRefused(error) && (isOfCredential(error) || error.code === 'E001');

/** An event holds no more of a text. */
const LONGEST = 400;

export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, LONGEST);
