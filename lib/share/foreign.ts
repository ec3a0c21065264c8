import { ABNORMAL } from '../model/closeCodes.js';
import { flattenError, reviveError, type FeedErrorData } from '../model/errorData.js';
import { ConnectionLost } from '../model/errors.js';
import type { FeedEvent } from '../model/feedEvent.js';
import { isInterval } from '../model/interval.js';
import { isFeedError } from '../model/isRecoverable.js';
import { isLinkKind, isMarketKind, isOwnChannel } from '../model/kinds.js';
import { checkTopics, type Topic } from '../model/topic.js';

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The value of a text; undefined for one that is no JSON. */
export const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The events in a list that another tab or process sent; what is none is left out. */
export const eventsIn = (list: unknown): readonly FeedEvent[] =>
  Array.isArray(list) ? list.filter(isEvent).map(withSoundCause) : [];

/** Checks what routing relies on; the rest is the word of a program of the same version. */
export const isEvent = (value: unknown): value is FeedEvent => {
  if (!isRecord(value)) return false;
  const { kind, symbol, interval, topics, provider, receivedAt } = value;
  if (!isMarketKind(kind) && !isLinkKind(kind) && !isOwnChannel(kind)) return false;
  if (typeof provider !== 'string' || typeof receivedAt !== 'number') return false;
  if (kind === 'refused' || kind === 'subscribed' || kind === 'unsubscribed') return topicsIn(topics) !== undefined;
  if ((kind === 'kline' || kind === 'backfilled') && !isInterval(interval)) return false;
  return (!isMarketKind(kind) && kind !== 'backfilled' && kind !== 'recovered') || typeof symbol === 'string';
};

/** The event with a cause that has the facts of its tag and no others: revived, and made data again. */
export const withSoundCause = (event: FeedEvent): FeedEvent =>
  event.kind === 'disconnected' ? { ...event, cause: causeOf(event.cause) } : event;

const causeOf = (value: unknown): FeedErrorData => {
  const error = reviveError(value);
  return flattenError(isFeedError(error) ? error : new ConnectionLost(ABNORMAL, error.message));
};

/** The value as topics; undefined for what are none. */
export const topicsIn = (value: unknown, check = checkTopics): readonly Topic[] | undefined => {
  try {
    return check(value as readonly Topic[]);
  } catch {
    return undefined;
  }
};
