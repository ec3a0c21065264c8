import { isLevel, type Kline, type Level, type MarketEvent, type Quote, type SizeUnit } from '../index.js';
import { decimalsOf } from './format.js';

/** What is known of one symbol of one source. */
export interface Row {
  readonly symbol: string;
  readonly last?: number | undefined;
  /** What the change is measured from. */
  readonly reference?: { readonly price: number; readonly since: 'close' | 'open' } | undefined;
  /** Of the day. */
  readonly volume?: number | undefined;
  /** Of the last trade. */
  readonly size?: number | undefined;
  readonly bid?: Level | undefined;
  readonly ask?: Level | undefined;
  readonly sizeUnit?: SizeUnit | undefined;
  readonly bar?: Kline | undefined;
  /** The most that any price so far needed. */
  readonly decimals: number;
  /** When something was last heard, epoch milliseconds. */
  readonly heardAt?: number | undefined;
  /** The vendor's words, when it refused the symbol. */
  readonly refusal?: string | undefined;
}

export const newRow = (symbol: string): Row => ({ symbol, decimals: 0 });

/** The row after an event of its symbol. */
export const rowAfter = (row: Row, event: MarketEvent): Row => {
  const { receivedAt: heardAt } = event;
  const sizeUnit = event.kind === 'kline' ? row.sizeUnit : (event.sizeUnit ?? row.sizeUnit);
  switch (event.kind) {
    case 'quote': {
      const { last, high, low, volume = row.volume } = event;
      const decimals = widest(row.decimals, [last, high, low]);
      return { ...row, heardAt, sizeUnit, decimals, last, reference: referenceAfter(row.reference, event), volume };
    }
    case 'trade': {
      const { price: last, size = row.size, volume = row.volume } = event;
      return { ...row, heardAt, sizeUnit, decimals: widest(row.decimals, [last]), last, size, volume };
    }
    case 'depth': {
      const bid = there(event.bids);
      const ask = there(event.asks);
      return { ...row, heardAt, sizeUnit, decimals: widest(row.decimals, [bid?.price, ask?.price]), bid, ask };
    }
    case 'kline': {
      const { open, high, low, close: last } = event;
      return { ...row, heardAt, sizeUnit, decimals: widest(row.decimals, [open, high, low, last]), last, bar: event };
    }
  }
};

/** The previous close, once one was seen, or else the open; zero is a vendor's word for neither. */
const referenceAfter = (before: Row['reference'], { previousClose, open }: Quote): Row['reference'] => {
  if (previousClose) return { price: previousClose, since: 'close' };
  return open && before?.since !== 'close' ? { price: open, since: 'open' } : before;
};

/** The best level; rows of price or size zero say that nobody is there. */
const there = (side: readonly Level[]): Level | undefined => side.find(isLevel);

const widest = (decimals: number, prices: readonly (number | undefined)[]): number => {
  let most = decimals;
  for (const price of prices) {
    // A price that the decimals so far can write is the common case, and costs no text.
    if (price !== undefined && !fits(price, most)) most = Math.max(most, decimalsOf(price));
  }
  return most;
};

const fits = (price: number, decimals: number): boolean => {
  const scaled = price * 10 ** decimals;
  return Math.abs(scaled - Math.round(scaled)) < 1e-9 * Math.max(1, Math.abs(scaled));
};
