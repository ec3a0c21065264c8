import { ConnectionLost, type FeedError } from '../../model/errors.js';
import { isMarketEvent, type FeedEvent, type FeedEventKind } from '../../model/feedEvent.js';
import { isInterval } from '../../model/interval.js';
import { isFeedError } from '../../model/isRecoverable.js';
import { checkSomeTopics, checkTopics, type Topic } from '../../model/topic.js';
import { flatten, revive, type FlatError } from './flatError.js';
import { PROTOCOL, type Message } from './Message.js';

/** A message as it can be cloned: errors made flat, the version said. */
export const write = (message: Message): unknown => ({
  rxtape: PROTOCOL,
  ...message,
  ...('events' in message && { events: message.events.map(flattened) }),
  ...('error' in message && { error: flatten(message.error) }),
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
      return { kind, from, error: revive(flatError(data['error'])) };
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

const flattened = (event: FeedEvent): unknown =>
  event.kind === 'disconnected' ? { ...event, cause: flatten(event.cause) } : event;

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
  refused: true,
  undecodable: true,
  latency: true,
};

/** Checks what routing relies on; the rest is the word of a tab of the same version. */
const isEvent = (value: unknown): value is FeedEvent => {
  if (!isRecord(value)) return false;
  const { kind, symbol, interval, topics, provider, receivedAt } = value;
  if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind)) return false;
  if (typeof provider !== 'string' || typeof receivedAt !== 'number') return false;
  if (kind === 'refused') return topicsOf(topics) !== undefined;
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

const flatError = (value: unknown): FlatError => {
  const { name, message, facts } = isRecord(value) ? value : {};
  return {
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : '',
    facts: isRecord(facts) ? facts : {},
  };
};

const causeOf = (value: unknown): FeedError => {
  const error = revive(flatError(value));
  return isFeedError(error) ? error : new ConnectionLost(1006, error.message);
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
