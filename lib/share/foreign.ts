import { ABNORMAL } from '../model/closeCodes.js';
import { flattenError, reviveError, type FeedErrorData } from '../model/errorData.js';
import { ConnectionLost } from '../model/errors.js';
import type { FeedEvent, SwitchReason } from '../model/feedEvent.js';
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
  if (kind === 'switched') return isSwitch(value);
  if ((kind === 'kline' || kind === 'backfilled') && !isInterval(interval)) return false;
  if (kind === 'diverged' && !isRecord(value['prices'])) return false;
  return (!isMarketKind(kind) && !OF_A_SYMBOL.has(kind)) || typeof symbol === 'string';
};

/** The news of the link that are of one symbol. */
const OF_A_SYMBOL: ReadonlySet<unknown> = new Set(['backfilled', 'recovered', 'diverged']);

const isSwitch = ({ symbols, from, to, hole }: Readonly<Record<string, unknown>>): boolean =>
  (symbols === 'all' || (Array.isArray(symbols) && symbols.every((symbol) => typeof symbol === 'string'))) &&
  isLine(from) &&
  isLine(to) &&
  (hole === undefined || (isRecord(hole) && typeof hole['from'] === 'number' && typeof hole['to'] === 'number'));

const isLine = (value: unknown): boolean => value === 'primary' || value === 'secondary';

/** The event with a cause that has the facts of its tag and no others: revived, and made data again. */
export const withSoundCause = (event: FeedEvent): FeedEvent => {
  switch (event.kind) {
    case 'disconnected':
      return { ...event, cause: causeOf(event.cause) };
    case 'standbyLost':
      return { ...event, cause: flattenError(reviveError(event.cause)) };
    case 'switched':
      return { ...event, cause: reasonOf(event.cause) ?? flattenError(reviveError(event.cause)) };
    default:
      return event;
  }
};

const reasonOf = (value: unknown): SwitchReason | undefined => {
  const { _tag, message } = isRecord(value) ? value : {};
  return (_tag === 'Stale' || _tag === 'PrimaryFresh') && typeof message === 'string' ? { _tag, message } : undefined;
};

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
