import type { Subscription } from 'rxjs';
import { ABNORMAL } from '../model/closeCodes.js';
import { flattenError } from '../model/errorData.js';
import { ConnectionLost } from '../model/errors.js';
import type { Connected, Disconnected, FeedEvent, Line, Refused, Subscribed, Switched } from '../model/feedEvent.js';
import { soundLink } from '../model/link.js';
import type { EventFacts } from '../model/ownEvents.js';
import { topicKey, type Topic } from '../model/topic.js';
import { booksOf, type Books } from './books.js';
import type { Side } from './sides.js';

/** One of the two lines. */
export interface LineState {
  readonly line: Line;
  readonly side: Side;
  readonly books: Books;
  /** Its subscription; undefined while a cold line is not needed. */
  life: Subscription | undefined;
  /** Who it is, by its first event. */
  names: Pick<EventFacts, 'provider' | 'feed'> | undefined;
  isUp: boolean;
  /** Whether what it says of its link and topics is heard. */
  isServing: boolean;
  /** Whether it has ended for good. */
  isOver: boolean;
  /** When the link came, by the clock of receipt, and its event. */
  upSince: number;
  connected: Connected | undefined;
  /** By the steady clock, since when it is fresh. */
  freshSince: number;
  /** When it was last heard. */
  heardAt: number;
  /** Whether data have come since the link is there. */
  hasData: boolean;
  /** Why it is lost: its last `disconnected`, or what it failed with. */
  loss: Disconnected | undefined;
  cause: Switched['cause'];
  /** Whether the present loss was said. */
  isLossSaid: boolean;
  readonly served: Map<string, TopicWord<Subscribed>>;
  readonly refused: Map<string, TopicWord<Refused>>;
}

interface TopicWord<E> {
  readonly topic: Topic;
  readonly event: E;
}

export const newLine = (line: Line): LineState => ({
  line,
  side: line === 'primary' ? 0 : 1,
  books: booksOf(),
  life: undefined,
  names: undefined,
  isUp: false,
  isServing: false,
  isOver: false,
  upSince: NaN,
  connected: undefined,
  freshSince: NaN,
  heardAt: -Infinity,
  hasData: false,
  loss: undefined,
  cause: flattenError(new ConnectionLost(ABNORMAL)),
  isLossSaid: false,
  served: new Map(),
  refused: new Map(),
});

/** A line that is not subscribed to, or of which nothing was heard yet, may still come. */
export const isGone = (line: LineState): boolean => !line.isUp && (line.isOver || line.loss !== undefined);

/** Nothing that was said of its topics holds any more. */
export const forgetTopics = ({ served, refused, books }: LineState): void => {
  served.clear();
  refused.clear();
  books.clear();
};

/** The link of a line is there, by its event or by the first of its data. */
export const comeUp = (line: LineState, connected: Connected | undefined, freshSince: number): void => {
  const upSince = connected?.receivedAt ?? line.heardAt;
  const heardAt = Math.max(line.heardAt, upSince);
  Object.assign(line, { isUp: true, connected, upSince, heardAt, freshSince, hasData: false, isLossSaid: false });
};

/** Ends a line that is not needed; it may begin again. */
export const closeLine = (line: LineState): void => {
  line.life?.unsubscribe();
  Object.assign(line, { life: undefined, isUp: false, loss: undefined, connected: undefined });
  forgetTopics(line);
};

/** Takes in what a line says of its topics; returns the event where it is one. */
export const noteTopics = (
  { served, refused, heardAt }: LineState,
  said: FeedEvent,
): Extract<FeedEvent, { readonly kind: 'subscribed' | 'unsubscribed' | 'refused' }> | undefined => {
  if (said.kind !== 'subscribed' && said.kind !== 'unsubscribed' && said.kind !== 'refused') return undefined;
  const event = soundLink(said, heardAt);
  for (const topic of event.topics) {
    const key = topicKey(topic);
    if (event.kind === 'subscribed') served.set(key, { topic, event });
    else served.delete(key);
    if (event.kind === 'refused') refused.set(key, { topic, event });
    else refused.delete(key);
  }
  return event;
};

/** What a line has said of topics of some symbols and what still holds, an event for each that said it. */
export const standing = <E extends Subscribed | Refused>(
  words: ReadonlyMap<string, TopicWord<E>>,
  isOf: (symbol: string) => boolean,
): readonly E[] => {
  const topicsBy = new Map<E, Topic[]>();
  for (const { topic, event } of words.values()) {
    if (isOf(topic.symbol)) topicsBy.set(event, [...(topicsBy.get(event) ?? []), topic]);
  }
  return [...topicsBy].map(([event, topics]) => ({ ...event, topics }));
};

/** What it calls itself; before its first event it has no name but its place. */
export const namesOf = ({ names, line }: LineState): Pick<EventFacts, 'provider' | 'feed'> =>
  names ? { provider: names.provider, ...(names.feed !== undefined && { feed: names.feed }) } : { provider: line };

/** What the other line says in the place of this one, unseen and so under its name. */
export const namedAs = <E extends EventFacts>({ names }: LineState, event: E): E => {
  const { feed } = names ?? event;
  return event.feed === feed ? event : { ...event, feed };
};
