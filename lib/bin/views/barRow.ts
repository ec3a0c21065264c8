import { type Kline, type MarketEvent, type SizeUnit } from '../../index.js';
import { decimalsOf } from '../format.js';

/** What is known of the bars of one symbol. */
export interface BarRow {
  readonly symbol: string;
  /** The latest, mostly still forming. */
  readonly bar?: Kline | undefined;
  /** The last closed ones, oldest first, each in its last revision. */
  readonly closed: readonly Kline[];
  /** The most that any price so far needed. */
  readonly decimals: number;
  /** When its last event arrived, epoch milliseconds. */
  readonly updatedAt?: number | undefined;
  readonly refusal?: string | undefined;
  readonly sizeUnit?: SizeUnit | undefined;
}

/** How many closed bars are kept: a day of them, and what follows. */
export const KEPT = 500;

export const newBarRow = (symbol: string): BarRow => ({ symbol, closed: [], decimals: 0 });

/** The row after any event of its symbol. */
export const barRowTouched = (row: BarRow, event: MarketEvent): BarRow => ({
  ...row,
  updatedAt: event.receivedAt,
  sizeUnit: (event.kind === 'kline' ? undefined : event.sizeUnit) ?? row.sizeUnit,
});

/** The row with a bar of its symbol, which may be a correction of an earlier one. */
export const barRowAfter = (row: BarRow, kline: Kline): BarRow => {
  const { open, high, low, close, openTime } = kline;
  return {
    ...row,
    bar: row.bar && row.bar.openTime > openTime ? row.bar : kline,
    closed: kline.closed ? withBar(row.closed, kline) : row.closed,
    decimals: Math.max(row.decimals, ...[open, high, low, close].map(decimalsOf)),
  };
};

const withBar = (closed: readonly Kline[], kline: Kline): readonly Kline[] =>
  [
    ...closed.filter(({ openTime }) => openTime < kline.openTime),
    kline,
    ...closed.filter(({ openTime }) => openTime > kline.openTime),
  ].slice(-KEPT);

/** How many of the closed bars are known to lack something. */
export const holes = ({ closed }: BarRow): number => closed.filter(isHole).length;

/** Whether a bar lacks something: the vendor's history lacks nothing that the link did not see. */
export const isHole = ({ coverage, missedVolume, source }: Kline): boolean =>
  (coverage < 1 && source !== 'backfill') || missedVolume > 0;

/** Whether a bar is of the vendor's history: of before, or of a hole. */
export const isOfHistory = ({ source }: Pick<Kline, 'source'>): boolean => source === 'backfill';
