import { flattenError, reviveError } from '../model/errorData.js';
import type { FeedEvent } from '../model/feedEvent.js';
import type { Topic } from '../model/topic.js';
import { isEvent, isRecord, parsed, topicsIn, withSoundCause } from '../share/foreign.js';

/** The headers of every message of an owner. A sequence counts the events of its subject; of beats it counts the beats. */
export const EPOCH = 'epoch';
export const SEQ = 'seq';

/** What a message with events says. */
export interface Batch {
  readonly events: readonly FeedEvent[];
  /** How many events it holds, those included that are none. */
  readonly size: number;
  /** What of it cannot be read. */
  readonly problems: readonly string[];
}

/** How a feed ends. */
export type End = { readonly failed: Error } | { readonly completed: true };

export interface Beat {
  /** When it was sent, by the owner's clock. */
  readonly at: number;
  /** How many link events there were. */
  readonly link: number;
  /** The numbers of the beats of groups that were sent with it. */
  readonly groups: Readonly<Record<string, number>>;
}

export interface State {
  readonly events: readonly FeedEvent[];
  readonly end: End | undefined;
}

export const writeEvents = (events: readonly FeedEvent[]): string => JSON.stringify(events);

/** Undefined for a text that is no list. */
export const readEvents = (text: string): Batch | undefined => {
  const list = parsed(text);
  return Array.isArray(list) ? batchOf(list) : undefined;
};

const batchOf = (list: readonly unknown[]): Batch => {
  // Nearly every list is whole, and then it is the result.
  if (list.every(isSound))
    return { events: list.some(hasCause) ? list.map(withSoundCause) : list, size: list.length, problems: [] };
  const events: FeedEvent[] = [];
  const problems: string[] = [];
  list.forEach((value, at) => {
    if (isSound(value)) events.push(withSoundCause(value));
    else problems.push(`[${at}]: it is no event`);
  });
  return { events, size: list.length, problems };
};

/** Whether it has a cause, which may be of any shape. */
const hasCause = ({ kind }: FeedEvent): boolean =>
  kind === 'disconnected' || kind === 'switched' || kind === 'standbyLost';

/** Whether it is an event whose figures are some: what is computed with them would else be computed with texts. */
const isSound = (value: unknown): value is FeedEvent => {
  if (!isEvent(value)) return false;
  const { kind, time, price, last, type, bids, asks, bid, ask, valid, open, high, low, close, openTime, closeTime } =
    value as unknown as Readonly<Record<string, unknown>>;
  switch (kind) {
    case 'trade':
      return isNumber(price) && isNumber(time);
    case 'quote':
      return isNumber(last) && isNumber(time);
    case 'depth':
      return (type === 'snapshot' || type === 'update') && isNumber(time) && isLadder(bids) && isLadder(asks);
    case 'bbo':
      return typeof valid === 'boolean' && isNumber(time) && isTouch(bid) && isTouch(ask);
    case 'kline':
      return [time, open, high, low, close, openTime, closeTime].every(isNumber);
    default:
      return true;
  }
};

const isNumber = (value: unknown): boolean => typeof value === 'number';

const isLadder = (levels: unknown): boolean => Array.isArray(levels) && levels.every(isRung);

/** One side of the best prices, which may be empty. */
const isTouch = (level: unknown): boolean => level === undefined || isRung(level);

const isRung = (level: unknown): boolean => isRecord(level) && isNumber(level['price']);

export const writeBeat = (beat: Beat): string => JSON.stringify(beat);

export const readBeat = (text: string): Beat | undefined => {
  const beat = parsed(text);
  if (!isRecord(beat) || !isNumber(beat['at']) || !isNumber(beat['link']) || !isCounts(beat['groups']))
    return undefined;
  return beat as unknown as Beat;
};

/** The number of the last event of each code that moved. */
export type Heads = Readonly<Record<string, number>>;

export const writeHeads = (heads: Heads): string => JSON.stringify(heads);

export const readHeads = (text: string): Heads | undefined => {
  const heads = parsed(text);
  return isCounts(heads) ? heads : undefined;
};

const isCounts = (value: unknown): value is Heads => isRecord(value) && Object.values(value).every(isNumber);

export const writeEnd = (end: End): string => JSON.stringify(plainEnd(end));

export const readEnd = (text: string): End | undefined => endOf(parsed(text));

const plainEnd = (end: End): unknown => ('failed' in end ? { failed: flattenError(end.failed) } : end);

const endOf = (value: unknown): End | undefined => {
  if (!isRecord(value)) return undefined;
  if ('failed' in value) return { failed: reviveError(value['failed']) };
  return value['completed'] === true ? { completed: true } : undefined;
};

/** Whether an event is part of a state: who has read that need not hear it. */
export const isOfState = ({ kind }: FeedEvent): boolean =>
  kind === 'connected' ||
  kind === 'disconnected' ||
  kind === 'subscribed' ||
  kind === 'unsubscribed' ||
  kind === 'switched' ||
  kind === 'refused';

export const writeState = ({ events, end }: State): string => JSON.stringify({ events, end: end && plainEnd(end) });

export const readState = (text: string): State | undefined => {
  const state = parsed(text);
  if (!isRecord(state) || !Array.isArray(state['events'])) return undefined;
  return { events: batchOf(state['events']).events, end: endOf(state['end']) };
};

/** A topic as a text, `kline@1m AAPL.US`: a list of many is sent every few seconds. */
export const writeTopics = (topics: readonly Topic[]): string =>
  JSON.stringify(
    topics.map((topic) => `${topic.channel === 'kline' ? `kline@${topic.interval}` : topic.channel} ${topic.symbol}`),
  );

/** Those of a list that are topics. */
export const readTopics = (text: string): readonly Topic[] => {
  const list = parsed(text);
  return Array.isArray(list) ? list.flatMap((word: unknown) => topicsIn([topicOf(word)]) ?? []) : [];
};

const topicOf = (word: unknown): unknown => {
  if (typeof word !== 'string') return undefined;
  const [, channel, , interval, symbol] = /^([^ @]+)(@([^ ]+))? (.*)$/su.exec(word) ?? [];
  return interval === undefined ? { channel, symbol } : { channel, interval, symbol };
};
