import { requestIn } from '../../codec/json.js';
import type { Topic } from '../../model/topic.js';
import { chunks } from '../../session/chunks.js';
import type { SubscribeProtocol } from '../../session/keepSubscribed.js';
import { channelNamed, hasChannel } from '../channels.js';
import type { ItickControl, ItickMessage } from './ItickMessage.js';
import { channels, klineCodes, klineIntervals, PROVIDER, PRODUCTS_PER_COMMAND } from './protocol.js';
import { wireSymbol } from './symbols.js';

/** What iTick understands. */
export interface ItickRequest {
  readonly ac: 'auth' | 'subscribe' | 'unsubscribe' | 'ping';
  readonly params: string;
  readonly types?: string;
}

export const encodeRequest = (request: ItickRequest): string => JSON.stringify(request);

/** Whether a message accepts or refuses the login. */
export const loginResultOf = (message: ItickMessage): ItickControl['loginResult'] =>
  message.kind === 'control' ? message.loginResult : undefined;

/** How iTick is asked for topics. Its answers name neither symbols nor types. */
export const itickSubscribing = {
  provider: PROVIDER,
  batches: (topics) =>
    rectangles(topics).flatMap((products) => chunks(products, PRODUCTS_PER_COMMAND).map((some) => some.flat())),
  subscribe: (topics) => command('subscribe', topics),
  unsubscribe: (topics) => command('unsubscribe', topics),
  answer: (message) => (message.kind === 'control' ? message.answer : undefined),
  answersUnsubscribe: true,
  product: ({ symbol }) => wireSymbol(symbol),
  // Bars of 10m and of 15m have one code.
  wireName: (topic) => `${typeOf(topic)} ${wireSymbol(topic.symbol)}`,
} satisfies SubscribeProtocol<ItickMessage, ItickRequest>;

export const ping = (now: number): ItickRequest => ({ ac: 'ping', params: String(now) });

export const login = (token: string): ItickRequest => ({ ac: 'auth', params: token });

/** Of what the vendor serves, as the feed refuses all else. */
const typeOf = (topic: Topic): string => {
  if (topic.channel === 'kline') return `${channels.kline}@${klineCodes[topic.interval]}`;
  return hasChannel(channels, topic) ? channels[topic.channel] : topic.channel;
};

const command = (ac: 'subscribe' | 'unsubscribe', topics: readonly Topic[]): ItickRequest => ({
  ac,
  params: [...new Set(topics.map(({ symbol }) => wireSymbol(symbol)))].join(','),
  types: [...new Set(topics.map(typeOf))].join(','),
});

/** The topics that a frame of ours asks for: every type of every product. The inverse of `subscribe`. */
export const topicsAsked = (frame: string): readonly Topic[] => {
  const { ac, params, types } = requestIn(frame);
  if (ac !== 'subscribe' || typeof params !== 'string' || typeof types !== 'string') return [];
  const symbols = params.split(',').map((symbol) => symbol.replaceAll('$', '.'));
  return types.split(',').flatMap((type) => symbols.flatMap((symbol) => topicOf(type, symbol)));
};

const topicOf = (type: string, symbol: string): readonly Topic[] => {
  const [name, code] = type.split('@');
  const channel = channelNamed(channels, name);
  if (channel === undefined) return [];
  if (channel !== 'kline') return [{ channel, symbol }];
  const interval = klineIntervals.get(code);
  return interval === undefined ? [] : [{ channel, symbol, interval }];
};

type Product = readonly Topic[];

/** Groups products of which the same types are wanted: a command asks for each of its types of each of its symbols. */
const rectangles = (topics: readonly Topic[]): readonly (readonly Product[])[] => {
  const products = grouped(topics, ({ symbol }) => wireSymbol(symbol));
  return grouped(products, (product) => product.map(typeOf).sort().join());
};

const grouped = <T>(values: readonly T[], keyOf: (value: T) => string): readonly (readonly T[])[] => {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return [...groups.values()];
};
