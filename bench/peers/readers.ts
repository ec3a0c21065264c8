/** What rxtape, ccxt and tardis-dev make of Binance's frames, each in the way that its own connection does. */
import type { MarketEvent } from '../../lib/model/marketEvent.js';
import { mutableBook, type MutableBook } from '../../lib/operators/depth/mutableBook.js';
import { frameDecoder } from '../../lib/providers/binance/decodeFrame.js';
import { dataReader } from '../../lib/providers/binance/readData.js';
import { codes, type FrameKind } from '../frames.js';
import { ccxt, tardis, type CcxtNews, type TardisBook, type TardisEvent, type TardisMapper } from './peers.js';

/** Made with what takes its output; reads a frame. */
export type Reader<Out extends readonly unknown[]> = (output: (...out: Out) => void) => (frame: string) => void;

/** When all frames are received. */
const RECEIVED_AT = 1_731_689_407_000;

/** Frame text to validated, normalised events. */
export const rxtapeReader: Reader<[event: MarketEvent]> = (output) => {
  const decode = frameDecoder(dataReader({ feed: 'binance' }));
  return (frame) => {
    const event = decode(frame, RECEIVED_AT);
    if (!('kind' in event) || event.kind === 'control' || event.kind === 'undecodable')
      throw new Error(`no event: ${frame}`);
    output(event);
  };
};

/** The same, and each update goes into the book of its symbol, which checks the numbers once more. */
export const rxtapeBooks: Reader<[symbol: string, book: MutableBook]> = (output) => {
  const books = new Map<string, MutableBook>();
  for (const code of codes) {
    const book = mutableBook();
    const empty = { kind: 'depth', type: 'snapshot', provider: 'binance', bids: [], asks: [] } as const;
    book.apply({ ...empty, symbol: `${code}.BA`, time: 0, receivedAt: 0, sequence: { first: 0, last: 0 } });
    books.set(`${code}.BA`, book);
  }
  return rxtapeReader((event) => {
    const book = books.get(event.symbol);
    if (event.kind !== 'depth' || book?.apply(event) !== true) throw new Error(`not the next update: ${event.symbol}`);
    output(event.symbol, book);
  });
};

/**
 * ccxt's client of a socket that never opens: it parses and hands the message to `binance.handleMessage`, which keeps the
 * last 1,000 trades and bars, the last tickers and the books, and tells those who wait for news. No one waits by a promise.
 */
export const ccxtReader: Reader<[news: CcxtNews, name: string]> = (output) => {
  const exchange = new (ccxt().pro.binance)({ options: { crossMarginPairsData: [], isolatedMarginPairsData: [] } });
  exchange.setMarkets(codes.map((code) => exchange.parseMarket(marketOf(code))));
  for (const code of codes) {
    const symbol = code.replace('USDT', '/USDT');
    const book = exchange.orderBook({}, 1_000);
    book.reset({ symbol, nonce: 0, bids: [], asks: [] });
    exchange.orderbooks[symbol] = book;
  }
  const client = exchange.client(`${exchange.urls.api.ws.spot}/0`);
  client.resolve = output;
  return (data) => client.onMessage({ data });
};

/** What `exchangeInfo` says of a symbol. */
const marketOf = (symbol: string): object => ({
  symbol,
  status: 'TRADING',
  baseAsset: symbol.replace('USDT', ''),
  quoteAsset: 'USDT',
  baseAssetPrecision: 8,
  quotePrecision: 8,
  orderTypes: ['LIMIT'],
  isSpotTradingAllowed: true,
  permissions: [],
  permissionSets: [['SPOT']],
  filters: [
    { filterType: 'PRICE_FILTER', minPrice: '0.01000000', maxPrice: '1000000.00000000', tickSize: '0.01000000' },
    { filterType: 'LOT_SIZE', minQty: '0.00010000', maxQty: '900000.00000000', stepSize: '0.00010000' },
  ],
});

/** The kinds that it has a mapper for; in spot it has none of tickers and bars. */
const mappersOf = (kind: FrameKind): readonly TardisMapper[] => {
  const { normalizeTrades, normalizeBookChanges, normalizeBookTickers } = tardis();
  const normalizers = {
    bnTrade: [normalizeTrades],
    bnBook: [normalizeBookTickers],
    bnDepth: [normalizeBookChanges],
    bnMixed: [normalizeTrades, normalizeBookTickers],
  }[kind as string];
  return (normalizers ?? []).map((normalizer) => normalizer('binance', new Date(RECEIVED_AT)));
};

/** tardis-dev's mappers, asked one after the other as its `streamNormalized` does, without the asynchronous iterator around. */
export const tardisReader =
  (kind: FrameKind): Reader<[event: TardisEvent]> =>
  (output) => {
    const mappers = mappersOf(kind);
    const receivedAt = new Date(RECEIVED_AT);
    const take = (message: unknown): void => {
      for (const mapper of mappers) {
        if (!mapper.canHandle(message)) continue;
        const events = mapper.map(message, receivedAt);
        if (events) for (const event of events) output(event);
      }
    };
    const books = kind === 'bnDepth' ? codes : [];
    for (const code of books) take({ stream: `${code.toLowerCase()}@depthSnapshot`, data: emptyBook() });
    return (frame) => take(JSON.parse(frame));
  };

const emptyBook = (): object => ({ lastUpdateId: 0, bids: [], asks: [] });

/** The same, and each change goes into the book of its symbol, as an application has to do by itself. */
export const tardisBooks: Reader<[symbol: string, book: TardisBook]> = (output) => {
  const { OrderBook } = tardis();
  const books = new Map(codes.map((code) => [code, new OrderBook()]));
  return tardisReader('bnDepth')((event) => {
    const book = books.get(event.symbol);
    if (event.type !== 'book_change' || book === undefined) throw new Error(`no change of a book: ${event.symbol}`);
    book.update(event);
    if (!event.isSnapshot) output(event.symbol, book);
  });
};

/** It reads single trades only: the same text with the names of that stream, which is six bytes shorter. */
export const tardisFrame = (frame: string): string =>
  frame.includes('@aggTrade"')
    ? frame.replace('@aggTrade"', '@trade"').replace('"e":"aggTrade"', '"e":"trade"').replace('"a":', '"t":')
    : frame;
