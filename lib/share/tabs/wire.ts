import { flattenError, reviveError, type FeedErrorData } from '../../model/errorData.js';
import { ConnectionLost } from '../../model/errors.js';
import { isMarketEvent, type FeedEvent, type FeedEventKind } from '../../model/feedEvent.js';
import { isInterval } from '../../model/interval.js';
import { isFeedError } from '../../model/isRecoverable.js';
import { checkSomeTopics, checkTopics, type Topic } from '../../model/topic.js';
import { PROTOCOL, type Message } from './Message.js';

/** A message as it can be cloned: an error made data, the version said. */
export const write = (message: Message): unknown => ({
  rxtape: PROTOCOL,
  ...message,
  ...('error' in message && { error: flattenError(message.error) }),
});

/** Undefined for what is no message of ours: anybody of the same origin may speak on the channel. */
export const read = (data: unknown): Message | undefined => {
  if (!isRecord(data) || typeof data['rxtape'] !== 'number') return undefined;
  const { rxtape, kind, from, to } = data;
  if (rxtape !== PROTOCOL) return { kind: 'foreign', leading: kind === 'leading' };
  if (typeof from !== 'string') return undefined;
  switch (kind) {
    case 'leading':
    case 'completed':
      return { kind, from };
    case 'failed':
      return { kind, from, error: reviveError(data['error']) };
    case 'events':
      return { kind, from, events: events(data['events']) };
    case 'wish': {
      const topics = topicsOf(data['topics'], checkSomeTopics);
      return topics && { kind, from, topics };
    }
    case 'answer': {
      const topics = topicsOf(data['topics']);
      return topics && typeof to === 'string' ? { kind, from, to, topics, events: events(data['events']) } : undefined;
    }
    default:
      return undefined;
  }
};

const events = (list: unknown): readonly FeedEvent[] =>
  Array.isArray(list)
    ? list
        .filter(isEvent)
        .map((event) => (event.kind === 'disconnected' ? { ...event, cause: causeOf(event.cause) } : event))
    : [];

const kinds: Readonly<Record<FeedEventKind, true>> = {
  trade: true,
  quote: true,
  depth: true,
  kline: true,
  connected: true,
  disconnected: true,
  subscribed: true,
  unsubscribed: true,
  refused: true,
  unexpected: true,
  undecodable: true,
  latency: true,
};

/** Checks what routing relies on; the rest is the word of a tab of the same version. */
const isEvent = (value: unknown): value is FeedEvent => {
  if (!isRecord(value)) return false;
  const { kind, symbol, interval, topics, provider, receivedAt } = value;
  if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind)) return false;
  if (typeof provider !== 'string' || typeof receivedAt !== 'number') return false;
  if (kind === 'refused' || kind === 'subscribed' || kind === 'unsubscribed') return topicsOf(topics) !== undefined;
  if (kind === 'kline' && !isInterval(interval)) return false;
  return !isMarketEvent({ kind }) || typeof symbol === 'string';
};

const topicsOf = (value: unknown, check = checkTopics): readonly Topic[] | undefined => {
  try {
    return check(value as readonly Topic[]);
  } catch {
    return undefined;
  }
};

/** Revived and made data again, so that a foreign cause has the facts of its tag and no others. */
const causeOf = (value: unknown): FeedErrorData => {
  const error = reviveError(value);
  return flattenError(isFeedError(error) ? error : new ConnectionLost(1006, error.message));
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
