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

export interface TardisBook {
  readonly update: (change: TardisBookChange) => void;
  readonly bids: () => IterableIterator<TardisLevel>;
  readonly asks: () => IterableIterator<TardisLevel>;
}

interface TardisComputable {
  readonly compute: (trade: TardisTrade) => IterableIterator<TardisBar>;
}

/** A trade, a change of a book or a best bid and offer. */
export type TardisEvent = TardisTrade | TardisBookChange | TardisBookTicker;

interface TardisBookTicker {
  readonly type: 'book_ticker';
  readonly symbol: string;
  readonly bidPrice: number | undefined;
  readonly bidAmount: number | undefined;
  readonly askPrice: number | undefined;
  readonly askAmount: number | undefined;
}

export interface TardisMapper {
  readonly canHandle: (message: unknown) => boolean;
  readonly map: (message: unknown, localTimestamp: Date) => IterableIterator<TardisEvent> | undefined;
}

type TardisNormalizer = (exchange: 'binance', localTimestamp: Date) => TardisMapper;

interface Tardis {
  readonly normalizeTrades: TardisNormalizer;
  readonly normalizeBookChanges: TardisNormalizer;
  readonly normalizeBookTickers: TardisNormalizer;
  readonly computeTradeBars: (options: { kind: 'time'; interval: number }) => () => TardisComputable;
  readonly OrderBook: new () => TardisBook;
}

export interface CcxtTrade {
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

export interface CcxtBook {
  readonly symbol: string;
  readonly bids: CcxtSide;
  readonly asks: CcxtSide;
}

export interface CcxtTicker {
  readonly symbol: string;
  readonly last: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly baseVolume: number;
  readonly bid: number;
  readonly bidVolume: number;
  readonly ask: number;
  readonly askVolume: number;
}

/** What it tells one who watches: the trades so far of a symbol, its ticker or book, or its bars so far with their names. */
export type CcxtNews =
  | readonly CcxtTrade[]
  | CcxtTicker
  | CcxtBook
  | readonly [symbol: string, timeframe: string, bars: readonly CcxtOhlcv[]];

export type CcxtOhlcv = readonly [number, number, number, number, number, number];

interface CcxtClient {
  /** Called with each piece of news, and with the name under which it is watched. */
  resolve: (news: CcxtNews, name: string) => void;
  readonly onMessage: (message: { readonly data: string }) => void;
}

interface CcxtBinance {
  readonly urls: { readonly api: { readonly ws: { readonly spot: string } } };
  readonly parseMarket: (row: object) => object;
  readonly setMarkets: (markets: readonly object[]) => void;
  readonly client: (url: string) => CcxtClient;
  readonly orderBook: (snapshot: object, levels: number) => CcxtBook & { readonly reset: (snapshot: object) => void };
  readonly orderbooks: Record<string, CcxtBook>;
}

interface Ccxt {
  readonly pro: { readonly binance: new (config: object) => CcxtBinance };
  readonly Exchange: new () => {
    readonly buildOHLCVC: (trades: readonly CcxtTrade[], timeframe: '1m') => readonly CcxtBar[];
    readonly orderBook: (snapshot: object) => CcxtBook;
  };
}

const installed = createRequire(resolve('bench/peers/package.json'));

export const tardis = (): Tardis => installed('tardis-dev') as Tardis;

export const ccxt = (): Ccxt => installed('ccxt') as Ccxt;
