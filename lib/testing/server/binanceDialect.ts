import { isInterval } from '../../model/interval.js';
import type { Depth, Kline, Level, MarketEvent, Trade } from '../../model/marketEvent.js';
import { bbos, depths, klines, quotes, topicKey, trades, type Topic } from '../../model/topic.js';
import { binanceBooks } from './binanceBooks.js';
import type { BinanceScript, Client, Dialect } from './Dialect.js';

interface BinanceCommand {
  readonly method: 'SUBSCRIBE' | 'UNSUBSCRIBE' | 'LIST_SUBSCRIPTIONS';
  readonly params?: readonly string[];
  readonly id: number;
}

const KLINE = 'kline_';

/**
 * Binance: no login, streams by name, an answer with the id of each command, pings of its own. A stream of a symbol that does not exist
 * is accepted like any other, and stays silent; REST says that it does not exist.
 */
export const binanceDialect = ({ unserved = [], maxSymbols: maxStreams = Infinity }: BinanceScript): Dialect => {
  const unknown = new Set(unserved.map(({ symbol }) => codeOf(symbol)));
  const books = binanceBooks();
  const frame = binanceFrames(books);

  const subscribe = (client: Client, topics: readonly Topic[], id: number): void => {
    const all = new Set([...client.topics.keys(), ...topics.map(topicKey)]);
    if (all.size > maxStreams) {
      client.say(JSON.stringify({ error: { code: 2, msg: `Invalid request: more than ${maxStreams} streams` }, id }));
      return;
    }
    client.subscribe(topics.filter(({ symbol }) => !unknown.has(codeOf(symbol))));
    client.say(JSON.stringify({ result: null, id }));
  };

  const exchangeInfo = (query: ClientQuery): RestReply => {
    const codes = JSON.parse(query.get('symbols') ?? '[]') as readonly string[];
    if (codes.some((code) => unknown.has(code))) return invalidSymbol;
    return { status: 200, json: { symbols: codes.map((symbol) => ({ symbol, status: 'TRADING' })) } };
  };

  return {
    pingEvery: 20_000,
    isNumbered: true,
    frame,
    meet: (client) => {
      // The upgrade is the login.
      client.loggedIn();
      client.open();
    },
    read: (text) => {
      const { method, params = [] } = JSON.parse(text) as BinanceCommand;
      if (method === 'LIST_SUBSCRIPTIONS') return undefined;
      return { asks: method === 'SUBSCRIBE', topics: params.flatMap(topicsOf) };
    },
    receive: (client, text) => {
      const { method, params = [], id } = JSON.parse(text) as BinanceCommand;
      const topics = params.flatMap(topicsOf);
      if (method === 'SUBSCRIBE') return subscribe(client, topics, id);
      if (method === 'UNSUBSCRIBE') client.unsubscribe(topics);
      const result = method === 'LIST_SUBSCRIPTIONS' ? [...client.topics.values()].map(streamOf) : null;
      client.say(JSON.stringify({ result, id }));
    },
    answer: ({ pathname, searchParams: query }) => {
      if (pathname.endsWith('/exchangeInfo')) return exchangeInfo(query);
      if (!pathname.endsWith('/depth')) return { status: 404, json: { code: -1000, msg: 'no such path' } };
      const code = query.get('symbol') ?? '';
      return unknown.has(code) ? invalidSymbol : { status: 200, json: books.whole(code, Number(query.get('limit'))) };
    },
  };
};

type RestReply = ReturnType<NonNullable<Dialect['answer']>>;
type ClientQuery = Client['url']['searchParams'];

const invalidSymbol: RestReply = { status: 400, json: { code: -1121, msg: 'Invalid symbol.' } };

const codeOf = (symbol: string): string => symbol.replace(/\.BA$/, '');

const makers: ReadonlyMap<string, (symbol: string) => readonly Topic[]> = new Map([
  ['aggTrade', trades],
  ['ticker', quotes],
  ['bookTicker', bbos],
  ['depth@100ms', depths],
]);

const topicsOf = (stream: string): readonly Topic[] => {
  const at = stream.indexOf('@');
  const symbol = `${stream.slice(0, at).toUpperCase()}.BA`;
  const name = stream.slice(at + 1);
  const interval = name.slice(KLINE.length);
  if (name.startsWith(KLINE)) return isInterval(interval) ? klines(interval, symbol) : [];
  return makers.get(name)?.(symbol) ?? [];
};

const streamOf = (topic: Topic): string => {
  const [name = ''] = [...makers].find(([, make]) => make(topic.symbol)[0]?.channel === topic.channel) ?? [];
  const channel = topic.channel === 'kline' ? KLINE + topic.interval : name;
  return `${codeOf(topic.symbol).toLowerCase()}@${channel}`;
};

/** Its frames. Trades count up for each symbol, and so do the numbers of the books, where an event has none. */
const binanceFrames = (books: ReturnType<typeof binanceBooks>): Dialect['frame'] => {
  const ids = new Map<string, number>();
  const rowOf = (event: MarketEvent): object => {
    const code = codeOf(event.symbol);
    switch (event.kind) {
      case 'trade': {
        const id = event.id ?? (ids.get(code) ?? 0) + 1;
        ids.set(code, id);
        return { e: 'aggTrade', a: id, ...tradeRow(event) };
      }
      case 'quote':
        return { e: '24hrTicker', E: stampOf(event.time), c: text(event.last) };
      case 'depth':
        return { e: 'depthUpdate', E: stampOf(event.time), ...depthRow(books.change(code, event)) };
      case 'bbo':
        return {
          u: event.sequence ?? books.numberOf(code),
          ...best(event.bid, 'b', 'B'),
          ...best(event.ask, 'a', 'A'),
        };
      case 'kline':
        return { e: 'kline', E: stampOf(event.time), k: { s: code, ...klineRow(event) } };
    }
  };
  return (event) => {
    const row = rowOf(event);
    const { kind: channel, symbol } = event;
    const stream = streamOf(
      event.kind === 'kline' ? { channel: 'kline', symbol, interval: event.interval } : ({ channel, symbol } as Topic),
    );
    const frame = JSON.stringify({ stream, data: { ...row, s: codeOf(symbol) } });
    return () => frame;
  };
};

/** In seconds where its readers would take milliseconds for seconds. */
const stampOf = (time: number): number | undefined => (time === 0 ? undefined : time < 1e11 ? time / 1_000 : time);

const text = (figure: number | undefined): string | undefined => figure?.toString();

const tradeRow = ({ price, size = 1, time, aggressor }: Trade): object => ({
  p: text(price),
  q: text(size),
  T: stampOf(time),
  m: aggressor === undefined ? undefined : aggressor === 'seller',
});

const side = (levels: readonly Level[]): readonly (readonly unknown[])[] =>
  levels.map(({ price, size = 1 }) => [text(price), text(size)]);

const depthRow = ({
  first,
  last,
  bids,
  asks,
}: Pick<Depth, 'bids' | 'asks'> & { first: number; last: number }): object => ({
  U: first,
  u: last,
  b: side(bids),
  a: side(asks),
});

const best = (level: Level | undefined, price: string, size: string): object => ({
  [price]: text(level?.price ?? 0),
  [size]: text(level === undefined ? 0 : (level.size ?? 1)),
});

const klineRow = (event: Kline): object => ({
  t: stampOf(event.openTime),
  i: event.interval,
  o: text(event.open),
  h: text(event.high),
  l: text(event.low),
  c: text(event.close),
  v: text(event.volume),
  q: text(event.turnover),
  V: text(event.buyVolume),
  n: event.trades,
  x: event.closed,
});
