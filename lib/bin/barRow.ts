import type { Kline, MarketEvent, SizeUnit } from '../index.js';
import { decimalsOf } from './format.js';

/** What is known of the bars of one symbol. */
export interface BarRow {
  readonly symbol: string;
  /** The latest, mostly still forming. */
  readonly bar?: Kline | undefined;
  /** The last closed ones, oldest first, each in its last revision. */
  readonly closed: readonly Kline[];
  /** The most that any price so far needed. */
  readonly decimals: number;
  /** When something was last heard, epoch milliseconds. */
  readonly heardAt?: number | undefined;
  readonly refusal?: string | undefined;
  readonly sizeUnit?: SizeUnit | undefined;
}

/** How many closed bars are kept. */
export const KEPT = 30;

export const newBarRow = (symbol: string): BarRow => ({ symbol, closed: [], decimals: 0 });

/** The row after anything was heard of its symbol. */
export const barHeard = (row: BarRow, event: MarketEvent): BarRow => ({
  ...row,
  heardAt: event.receivedAt,
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

export const isHole = ({ coverage, missedVolume }: Kline): boolean => coverage < 1 || missedVolume > 0;
