/** Whether the libraries make the same of Binance's frames, and what each makes of a bad one. */
import { deepStrictEqual } from 'node:assert';
import { identity } from 'rxjs';
import type { MarketEvent } from '../../lib/model/marketEvent.js';
import { frameDecoder } from '../../lib/providers/binance/decodeFrame.js';
import { dataReader } from '../../lib/providers/binance/readData.js';
import { quotedFrame } from '../../lib/session/undecodable.js';
import { framesOf, type FrameKind } from '../frames.js';
import type { CcxtBook, CcxtNews, CcxtOhlcv, CcxtTicker, CcxtTrade, TardisEvent } from './peers.js';
import {
  ccxtReader,
  rxtapeBooks,
  rxtapeReader,
  tardisBooks,
  tardisFrame,
  tardisReader,
  type Reader,
} from './readers.js';

/** What all say of an event: its kind, the symbol as Binance calls it, and its figures. */
type Said = readonly [kind: string, code: string, ...figures: readonly unknown[]];

const levels = <L>(side: readonly L[], read: (level: L) => readonly unknown[]): readonly unknown[] =>
  side.flatMap((level) => read(level));

const ours = (event: MarketEvent): Said => {
  const code = event.symbol.replace('.BA', '');
  switch (event.kind) {
    case 'trade':
      return [
        'trade',
        code,
        event.id,
        event.price,
        event.size,
        event.aggressor === 'buyer' ? 'buy' : 'sell',
        event.time,
      ];
    case 'quote':
      return [
        'quote',
        code,
        event.last,
        event.rolling?.open,
        event.rolling?.high,
        event.rolling?.low,
        event.rolling?.volume,
      ];
    case 'bbo':
      return ['bbo', code, event.bid?.price, event.bid?.size, event.ask?.price, event.ask?.size];
    case 'depth': {
      const both = [event.bids, event.asks].map((side) => levels(side, ({ price, size }) => [price, size]));
      return ['depth', code, ...both];
    }
    case 'kline':
      return ['kline', code, event.openTime, event.open, event.high, event.low, event.close, event.volume];
  }
};

const ofCcxt = (news: CcxtNews, name: string): Said | undefined => {
  const [topic = ''] = name.split(':');
  const codeOf = (symbol: string): string => symbol.replace('/', '');
  switch (topic) {
    case 'trade': {
      const { symbol, id, price, amount, side, timestamp } = (news as readonly CcxtTrade[]).at(-1)!;
      return ['trade', codeOf(symbol), Number(id), price, amount, side, timestamp];
    }
    case 'ticker': {
      const { symbol, last, open, high, low, baseVolume } = news as CcxtTicker;
      return ['quote', codeOf(symbol), last, open, high, low, baseVolume];
    }
    case 'bidask': {
      const { symbol, bid, bidVolume, ask, askVolume } = news as CcxtTicker;
      return ['bbo', codeOf(symbol), bid, bidVolume, ask, askVolume];
    }
    case 'ohlcv': {
      const [symbol, , bars] = news as readonly [string, string, readonly CcxtOhlcv[]];
      return ['kline', codeOf(symbol), ...bars.at(-1)!];
    }
    default:
      return undefined;
  }
};

const ofTardis = (event: TardisEvent): Said | undefined => {
  switch (event.type) {
    case 'trade': {
      const { symbol, id, price, amount, side, timestamp } = event;
      return ['trade', symbol, Number(id), price, amount, side, timestamp.valueOf()];
    }
    case 'book_ticker':
      return ['bbo', event.symbol, event.bidPrice, event.bidAmount, event.askPrice, event.askAmount];
    default: {
      const both = [event.bids, event.asks].map((side) => levels(side, ({ price, amount }) => [price, amount]));
      return event.isSnapshot ? undefined : ['depth', event.symbol, ...both];
    }
  }
};

/** All that a reader makes of the frames. */
const saidBy = <Out extends readonly unknown[]>(
  reader: Reader<Out>,
  frames: readonly string[],
  say: (...out: Out) => Said | undefined,
): readonly Said[] => {
  const all: Said[] = [];
  const read = reader((...out) => {
    const said = say(...out);
    if (said) all.push(said);
  });
  frames.forEach(read);
  return all;
};

/** Throws where a peer has not the same events as ours with the same figures, or where it lacks one of a kind that it knows. */
export const checkEvents = (
  kind: FrameKind,
  frames: readonly string[],
  peers: { readonly ccxt: boolean; readonly tardis: boolean },
): void => {
  const expected = saidBy(rxtapeReader, frames, ours);
  deepStrictEqual(expected.length, frames.length);
  if (peers.ccxt) deepStrictEqual(saidBy(ccxtReader, frames, ofCcxt), expected);
  if (peers.tardis) {
    const known = expected.filter(([of]) => of === 'trade' || of === 'bbo' || of === 'depth');
    deepStrictEqual(saidBy(tardisReader(kind), frames.map(tardisFrame), ofTardis), known);
  }
};

const TOP = 5;

/** Throws where the best five of both sides are not the same after each update. */
export const checkBooks = (frames: readonly string[]): void => {
  const padded = (figures: readonly unknown[]): readonly unknown[] =>
    [...figures, ...new Array<unknown>(2 * TOP).fill(0)].slice(0, 2 * TOP);
  const out = new Float64Array(2 * TOP);
  const expected = saidBy(rxtapeBooks, frames, (symbol, { bids, asks }) => {
    const both = [bids, asks].map((side) => {
      out.fill(0);
      side.readTop(TOP, out, 0);
      return [...out];
    });
    return ['book', symbol.replace('.BA', ''), ...both];
  });
  deepStrictEqual(expected.length, frames.length);
  const ofCcxtBook = (news: CcxtNews): Said => {
    const { symbol, bids, asks } = news as CcxtBook;
    const both = [bids, asks].map((side) => padded(Array.from(side).slice(0, TOP).flat()));
    return ['book', symbol.replace('/', ''), ...both];
  };
  deepStrictEqual(saidBy(ccxtReader, frames, ofCcxtBook), expected);
  const said = saidBy(tardisBooks, frames, (symbol, book) => {
    const both = [book.bids(), book.asks()].map((side) =>
      padded(levels([...side].slice(0, TOP), ({ price, amount }) => [price, amount])),
    );
    return ['book', symbol, ...both];
  });
  deepStrictEqual(said, expected);
};

/** What each library makes of a frame in which the price is no number, a line each. */
export const ofBadFrames = (): readonly string[] => {
  const decode = frameDecoder(dataReader({ feed: 'binance' }));
  const prices = { bnTrade: 'p', bnBook: 'b' } as const;
  return (['bnTrade', 'bnBook'] as const).flatMap((kind) => {
    const [frame = ''] = framesOf(kind, 1);
    const bad = frame.replace(new RegExp(`"${prices[kind]}":"[^"]*"`), `"${prices[kind]}":"x"`);
    const found = decode(bad, 0);
    const refused = 'kind' in found && found.kind === 'undecodable' && quotedFrame(found, 'binance', identity);
    const shown = (said: readonly Said[]): string =>
      JSON.stringify(said, (_, value: unknown) => (Number.isNaN(value) ? 'NaN' : value));
    return [
      `- ${kind}, rxtape: ${refused ? `undecodable, ${refused.problems.join('; ')}` : JSON.stringify(found)}`,
      `- ${kind}, ccxt: ${shown(saidBy(ccxtReader, [bad], ofCcxt))}`,
      `- ${kind}, tardis-dev: ${shown(saidBy(tardisReader(kind), [tardisFrame(bad)], ofTardis))}`,
    ];
  });
};
