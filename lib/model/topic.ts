import { InvalidTopic } from './errors.js';
import { intervals, isInterval, type Interval } from './interval.js';
import { isMarketKind, isOwnChannel } from './kinds.js';
import type { OwnData } from './ownEvents.js';
import { canonicalSymbol, parseSymbol } from './symbol.js';

/** The kinds of data one can ask for; the events that answer have the same `kind`. */
// eslint-disable-next-line @typescript-eslint/no-redundant-type-constituents -- `never` until `OwnEvents` is filled
export type Channel = 'trade' | 'quote' | 'depth' | 'bbo' | 'kline' | OwnData['kind'];

/** One thing to ask a vendor for. Make them with `trades`, `quotes`, `depths`, `bbos` and `klines`, those of your own by hand. */
export type Topic =
  | { readonly channel: 'trade' | 'quote' | 'depth' | 'bbo'; readonly symbol: string }
  | { readonly channel: 'kline'; readonly symbol: string; readonly interval: Interval }
  // eslint-disable-next-line @typescript-eslint/no-redundant-type-constituents -- the same
  | { readonly [K in OwnData['kind']]: { readonly channel: K; readonly symbol: string } }[OwnData['kind']];

/** Set while a function runs whose topics are checked one by one afterwards. */
let isLenient = false;

const checked = (symbol: string): string => (isLenient || parseSymbol(symbol), symbol);

/**
 * What a function returns, while the makers of topics let malformed symbols pass: a list made of what a user types is not lost
 * for one of them. Check each topic with `checkTopics` then.
 */
export const unchecked = <A>(make: () => A): A => {
  const before = isLenient;
  isLenient = true;
  try {
    return make();
  } finally {
    isLenient = before;
  }
};

/** Symbols one by one, or one list of them: arguments go on the stack, which has no room for a hundred thousand. */
export type Symbols = readonly string[] | readonly [list: readonly string[]];

const checkedList = (symbols: Symbols): readonly string[] => {
  const list: unknown = symbols.length === 1 && Array.isArray(symbols[0]) ? symbols[0] : symbols;
  return (list as readonly string[]).map(checked);
};

/** Asks for every execution of the symbols, or of a list of them. Throws `InvalidTopic` for a malformed one. */
export const trades = (...symbols: Symbols): Topic[] =>
  checkedList(symbols).map((symbol) => ({ channel: 'trade', symbol }));

/** Asks for the running session summary (last, high, low, volume) of the symbols, or of a list of them. */
export const quotes = (...symbols: Symbols): Topic[] =>
  checkedList(symbols).map((symbol) => ({ channel: 'quote', symbol }));

/** Asks for the price levels of the symbols, or of a list of them. */
export const depths = (...symbols: Symbols): Topic[] =>
  checkedList(symbols).map((symbol) => ({ channel: 'depth', symbol }));

/**
 * Asks for the best bid and offer of the symbols, or of a list of them, where the vendor pushes it by itself; of any book
 * `topOfBook()` makes it.
 */
export const bbos = (...symbols: Symbols): Topic[] =>
  checkedList(symbols).map((symbol) => ({ channel: 'bbo', symbol }));

/** Asks for the vendor's own bars of the symbols, or of a list of them, such as `klines('1m', 'AAPL.US')`. */
export const klines = (interval: Interval, ...symbols: Symbols): Topic[] => {
  checkInterval(interval);
  return checkedList(symbols).map((symbol) => ({ channel: 'kline', symbol, interval }));
};

/** Equal for topics that ask for the same thing, however the symbol is spelled. */
export const topicKey = (topic: Topic): string =>
  `${topic.channel === 'kline' ? `kline@${topic.interval}` : topic.channel} ${canonicalSymbol(topic.symbol)}`;

/** Whether a value has the facts that identify a topic; topics of events made by hand may lack them. */
export const isTopic = (value: unknown): value is Topic => {
  const { channel, symbol, interval } = (value ?? {}) as Record<string, unknown>;
  if (typeof symbol !== 'string') return false;
  return channel === 'kline' ? isInterval(interval) : isMarketKind(channel);
};

/** The topics without repetitions; of two spellings of one instrument the first stays. */
export const distinctTopics = (topics: readonly Topic[]): readonly Topic[] => {
  const byKey = new Map<string, Topic>();
  for (const topic of topics) {
    const key = topicKey(topic);
    if (!byKey.has(key)) byKey.set(key, topic);
  }
  return byKey.size === topics.length ? topics : [...byKey.values()];
};

/** Whether two lists hold the very same topics in the same order. */
export const isSameList = (a: readonly Topic[], b: readonly Topic[]): boolean =>
  a.length === b.length && a.every((topic, i) => topic === b[i]);

/** Throws `InvalidTopic` for the first topic that no maker would have made; topics may also be written by hand. */
export const checkTopics = (topics: readonly Topic[]): readonly Topic[] => {
  const given: unknown = topics;
  if (!Array.isArray(given))
    throw new InvalidTopic(topics, 'it is an array; topics are made with quotes(…), trades(…) and the like');
  topics.forEach(checkTopic);
  return topics;
};

/** Like `checkTopics`, and throws for an empty list: a fixed empty list can never make sense. */
export const checkSomeTopics = (topics: readonly Topic[]): readonly Topic[] => {
  if (checkTopics(topics).length === 0) throw new InvalidTopic(topics, 'there is nothing in it to ask for');
  return topics;
};

function checkTopic(topic: Topic): void {
  if (typeof topic !== 'object' || (topic as unknown) === null) {
    throw new InvalidTopic(topic, 'topics are made with quotes(…), trades(…) and the like');
  }
  switch (topic.channel) {
    case 'trade':
    case 'quote':
    case 'depth':
    case 'bbo':
      break;
    case 'kline':
      checkInterval(topic.interval);
      break;
    default:
      checkOwnChannel(topic);
  }
  parseSymbol(topic.symbol);
}

/** Whether a vendor has such a channel is for its provider to say. */
function checkOwnChannel(topic: { readonly channel?: unknown }): void {
  if (isOwnChannel(topic.channel)) return;
  throw new InvalidTopic(
    topic,
    'the channel is none of trade, quote, depth, bbo, kline, and no name for one of your own',
  );
}

function checkInterval(interval: Interval): void {
  if (!isInterval(interval)) throw new InvalidTopic(interval, `an interval is one of ${intervals.join(', ')}`);
}
