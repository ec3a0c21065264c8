import { requestIn } from '../../codec/json.js';
import type { Topic } from '../../model/topic.js';
import { chunks } from '../../session/chunks.js';
import type { SubscribeProtocol } from '../../session/keepSubscribed.js';
import { channelNamed } from '../channels.js';
import { channelOf } from './answers.js';
import type { TickflowMessage } from './decodeFrame.js';
import { channels, PROVIDER, SYMBOLS_PER_COMMAND, type TickflowEndpoint } from './protocol.js';
import { wireSymbol } from './symbols.js';

/** What TickFlow understands. The legacy endpoint knows no channels. */
export interface TickflowRequest {
  readonly op: 'subscribe' | 'unsubscribe';
  readonly channel?: string | undefined;
  readonly symbols: readonly string[];
}

export const encodeRequest = (request: TickflowRequest): string => JSON.stringify(request);

/** How TickFlow is asked for topics: one channel a command, and every command is answered, in order. */
export const tickflowSubscribing = (endpoint: TickflowEndpoint) => {
  const request =
    (op: TickflowRequest['op']) =>
    (topics: readonly Topic[]): TickflowRequest => ({
      op,
      channel: endpoint === 'stream' ? channelOf(topics[0]) : undefined,
      symbols: topics.map(({ symbol }) => wireSymbol(symbol)),
    });
  return {
    provider: PROVIDER,
    batches: (topics) =>
      Object.keys(channels).flatMap((channel) =>
        chunks(
          topics.filter((topic) => topic.channel === channel),
          SYMBOLS_PER_COMMAND,
        ),
      ),
    subscribe: request('subscribe'),
    unsubscribe: request('unsubscribe'),
    answer: (message) => (message.kind === 'control' ? message.answer : undefined),
    answersUnsubscribe: true,
  } satisfies SubscribeProtocol<TickflowMessage, TickflowRequest>;
};

/** The topics that a frame of ours asks for: the inverse of `subscribe`. The legacy endpoint names no channel and has quotes. */
export const topicsAsked = (frame: string): readonly Topic[] => {
  const { op, channel: name = channels.quote, symbols } = requestIn(frame);
  const channel = channelNamed(channels, name);
  if (op !== 'subscribe' || channel === undefined || !Array.isArray(symbols)) return [];
  return symbols.filter((symbol) => typeof symbol === 'string').map((symbol) => ({ channel, symbol }));
};
