import { asapScheduler, Observable, Subject, Subscription } from 'rxjs';
import { flattenError, reviveError } from '../../model/errorData.js';
import type { FeedEvent } from '../../model/feedEvent.js';
import { checkSomeTopics, type Topic } from '../../model/topic.js';
import { eventsIn, isRecord, topicsIn } from '../foreign.js';
import { CannotShare, type TabChannel } from './TabTools.js';

/** What the tabs of one feed say to each other; `from` and `to` are names of members. */
export type Message =
  /** A new leader begins. Each member that wants topics sends them to it. */
  | { readonly kind: 'leading'; readonly from: string }
  /** All that a member wants now. */
  | { readonly kind: 'topics'; readonly from: string; readonly topics: readonly Topic[] }
  /** From here on a member gets these topics too; the events are what it has missed. */
  | {
      readonly kind: 'answer';
      readonly from: string;
      readonly to: string;
      readonly topics: readonly Topic[];
      readonly events: readonly FeedEvent[];
    }
  /** What the feed says, to all members at once: each picks what it watches. */
  | { readonly kind: 'events'; readonly from: string; readonly events: readonly FeedEvent[] }
  /** The feed is over. */
  | { readonly kind: 'completed'; readonly from: string }
  | { readonly kind: 'failed'; readonly from: string; readonly error: unknown }
  /** A message of another version of this protocol; only whether its sender leads is told apart. */
  | { readonly kind: 'foreign'; readonly leading: boolean };

/** Raised when a tab could no longer understand another; `rxtape` and the kind `leading` mean the same in every version. */
export const PROTOCOL = 1;

/** How a member hears and is heard. */
export interface Bus {
  /** The member's own name. */
  readonly id: string;
  readonly messages$: Observable<Message>;
  /** Tells this tab alone, at once and without a copy: the leader's own tab is a member like any other. */
  readonly tellSelf: (message: Message) => void;
  readonly tellOthers: (message: Message) => void;
}

/** Emits a bus, which lives as long as it is subscribed to. */
export const bus = (name: string, openChannel: (name: string) => TabChannel): Observable<Bus> =>
  new Observable((subscriber) => {
    const channel = opened(name, openChannel);
    const messages$ = new Subject<Message>();
    channel.addEventListener('message', ({ data }) => {
      const message = read(data);
      if (message && !subscriber.closed) messages$.next(message);
    });
    subscriber.add(() => channel.close());
    subscriber.next({
      id: crypto.randomUUID(),
      messages$: messages$.asObservable(),
      tellSelf: (message) => messages$.next(message),
      tellOthers: (message) => channel.postMessage(write(message)),
    });
  });

const opened = (name: string, openChannel: (name: string) => TabChannel): TabChannel => {
  try {
    return openChannel(name);
  } catch (error) {
    throw error instanceof CannotShare ? error : new CannotShare(`no channel can be opened: ${String(error)}`);
  }
};

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
      return { kind, from, events: eventsIn(data['events']) };
    case 'topics': {
      const topics = topicsIn(data['topics'], checkSomeTopics);
      return topics && { kind, from, topics };
    }
    case 'answer': {
      const topics = topicsIn(data['topics']);
      return topics && typeof to === 'string'
        ? { kind, from, to, topics, events: eventsIn(data['events']) }
        : undefined;
    }
    default:
      return undefined;
  }
};

/** More than this in one turn travel in more than one message. */
const LIMIT = 1_000;

/** Posts the events of one turn of the event loop together. As a microtask: timers of a hidden tab come late. */
export const outbox = (post: (events: readonly FeedEvent[]) => void) => {
  let waiting: FeedEvent[] = [];
  let turn = Subscription.EMPTY;

  const drop = (): readonly FeedEvent[] => {
    const dropped = waiting;
    turn.unsubscribe();
    waiting = [];
    return dropped;
  };
  const flush = (): void => {
    const events = drop();
    if (events.length > 0) post(events);
  };

  return {
    add: (event: FeedEvent): void => {
      const size = waiting.push(event);
      if (size >= LIMIT) flush();
      else if (size === 1) turn = asapScheduler.schedule(flush);
    },
    flush,
    drop,
  };
};
