/**
 * The libraries that ours is measured against. `npm run bench:peers` installs them beside this file and nowhere else, so
 * what is used of them is declared here and found at run time.
 */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

interface TardisTrade {
  readonly type: 'trade';
  readonly symbol: string;
  readonly exchange: string;
  readonly id: string;
  readonly price: number;
  readonly amount: number;
  readonly side: 'buy' | 'sell';
  readonly timestamp: Date;
  readonly localTimestamp: Date;
}

export interface TardisBar {
  readonly symbol: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly trades: number;
  /** The end of the bar. */
  readonly timestamp: Date;
}

interface TardisLevel {
  readonly price: number;
  readonly amount: number;
}

interface TardisBookChange {
  readonly type: 'book_change';
  readonly symbol: string;
  readonly exchange: string;
  readonly isSnapshot: boolean;
  readonly bids: readonly TardisLevel[];
  readonly asks: readonly TardisLevel[];
  readonly timestamp: Date;
  readonly localTimestamp: Date;
}

interface TardisBook {
  readonly update: (change: TardisBookChange) => void;
  readonly bids: () => IterableIterator<TardisLevel>;
  readonly asks: () => IterableIterator<TardisLevel>;
}

interface TardisComputable {
  readonly compute: (trade: TardisTrade) => IterableIterator<TardisBar>;
}

interface Tardis {
  readonly computeTradeBars: (options: { kind: 'time'; interval: number }) => () => TardisComputable;
  readonly OrderBook: new () => TardisBook;
}

interface CcxtTrade {
  readonly id: string;
  readonly symbol: string;
  readonly timestamp: number;
  readonly side: 'buy' | 'sell';
  readonly price: number;
  readonly amount: number;
  readonly cost: number;
}

/** Time, open, high, low, close, volume, count. */
export type CcxtBar = readonly [number, number, number, number, number, number, number];

type CcxtSide = readonly (readonly [price: number, size: number])[] & {
  readonly store: (price: number, size: number) => void;
};

interface CcxtBook {
  readonly bids: CcxtSide;
  readonly asks: CcxtSide;
}

interface Ccxt {
  readonly Exchange: new () => {
    readonly buildOHLCVC: (trades: readonly CcxtTrade[], timeframe: '1m') => readonly CcxtBar[];
    readonly orderBook: (snapshot: object) => CcxtBook;
  };
}

const installed = createRequire(resolve('bench/peers/package.json'));

export const tardis = (): Tardis => installed('tardis-dev') as Tardis;

export const ccxt = (): Ccxt => installed('ccxt') as Ccxt;
