import { requestIn } from '../../codec/json.js';
import { isInterval } from '../../model/interval.js';
import type { Topic } from '../../model/topic.js';
import { chunks } from '../../session/chunks.js';
import type { SubscribeProtocol } from '../../session/keepSubscribed.js';
import { channelNamed } from '../channels.js';
import type { BinanceMessage } from './BinanceMessage.js';
import { channels, PACE, PROVIDER, STREAMS_PER_COMMAND, streamOf, symbolOf } from './protocol.js';

/** What Binance understands. */
export interface BinanceRequest {
  readonly method: 'SUBSCRIBE' | 'UNSUBSCRIBE' | 'LIST_SUBSCRIPTIONS';
  readonly params?: readonly string[];
  readonly id: number;
}

export const encodeRequest = (request: BinanceRequest): string => JSON.stringify(request);

const command =
  (method: BinanceRequest['method']) =>
  (topics: readonly Topic[], id: number): BinanceRequest => ({ method, params: topics.map(streamOf), id });

/** How Binance is asked for topics: by streams, each answer with the id of its command. */
export const binanceSubscribing = {
  provider: PROVIDER,
  batches: (topics) => chunks(topics, STREAMS_PER_COMMAND),
  subscribe: command('SUBSCRIBE'),
  unsubscribe: command('UNSUBSCRIBE'),
  answer: (message) => (message.kind === 'control' ? message.answer : undefined),
  answersUnsubscribe: true,
  inFlight: 4,
  pace: PACE,
} satisfies SubscribeProtocol<BinanceMessage, BinanceRequest>;

/** A question that changes nothing; its ids are none of a command's. */
export const ping = (): BinanceRequest => ({ method: 'LIST_SUBSCRIPTIONS', id: 0 });

/** The topics that a frame of ours asks for: the inverse of `subscribe`. */
export const topicsAsked = (frame: string): readonly Topic[] => {
  const { method, params } = requestIn(frame);
  if (method !== 'SUBSCRIBE' || !Array.isArray(params)) return [];
  return params.flatMap((stream): readonly Topic[] => {
    if (typeof stream !== 'string') return [];
    const at = stream.indexOf('@');
    const symbol = symbolOf(stream.slice(0, at).toUpperCase());
    const name = stream.slice(at + 1);
    if (symbol === undefined) return [];
    const interval = name.slice(channels.kline.length);
    if (name.startsWith(channels.kline)) return isInterval(interval) ? [{ channel: 'kline', symbol, interval }] : [];
    const channel = channelNamed(channels, name);
    return channel === undefined || channel === 'kline' ? [] : [{ channel, symbol }];
  });
};
