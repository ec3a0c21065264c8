import { Observable } from 'rxjs';
import { GOING_AWAY } from '../../model/closeCodes.js';
import { ConnectionLost } from '../../model/errors.js';
import type { FeedEvent } from '../../model/feedEvent.js';
import { topicKey, type Topic } from '../../model/topic.js';
import { PROTOCOL, type Bus, type Message } from './channel.js';
import type { Handover } from './handover.js';
import { CannotShare } from './TabTools.js';
import { isOfLink, topicFilter } from './topicFilter.js';

/** The feed of a leader as one tab hears it: it tells each leader its topics, and picks its own from what goes to all tabs. */
export const member = (
  { id, messages$, tellSelf, tellOthers }: Bus,
  topics$: Observable<readonly Topic[]>,
): Observable<FeedEvent | Handover> =>
  new Observable((subscriber) => {
    const { pass, keep, admit, shut } = gate();
    let wanted: readonly Topic[] = [];
    let leader: string | undefined;
    const former = new Set<string>();
    let welcome = false;

    const ask = (): void => {
      if (wanted.length === 0) return;
      const tell = leader === id ? tellSelf : tellOthers;
      tell({ kind: 'topics', from: id, topics: wanted });
    };
    const follow = (from: string): void => {
      // A tab that leads holds the lock, and none leads twice: a word of another was on its way when that one went.
      if (from === leader || leader === id || former.has(from)) return;
      if (leader !== undefined) former.add(leader);
      leader = from;
      welcome = false;
      shut();
      subscriber.next({ kind: 'handover', cause: new ConnectionLost(GOING_AWAY, 'the leading tab closed') });
      ask();
    };
    const hear = (message: Message): void => {
      switch (message.kind) {
        case 'leading':
          return follow(message.from);
        case 'answer':
          if (message.to !== id) return;
          leader ??= message.from;
          if (message.from !== leader) return;
          welcome = true;
          return admit(message.topics, message.events).forEach((event) => subscriber.next(event));
        case 'events':
          if (!welcome || message.from !== leader) return;
          for (const event of message.events) {
            const heard = pass(event);
            if (heard) subscriber.next(heard);
          }
          return;
        case 'completed':
          if (message.from === (leader ?? message.from)) subscriber.complete();
          return;
        case 'failed':
          if (message.from === (leader ?? message.from)) subscriber.error(message.error);
          return;
        case 'foreign':
          if (message.leading)
            subscriber.error(new CannotShare(`the leading tab speaks another version (not ${PROTOCOL})`));
          return;
        case 'topics':
          return;
      }
    };

    subscriber.add(messages$.subscribe(hear));
    subscriber.add(
      topics$.subscribe((topics) => {
        wanted = topics;
        keep(topics);
        ask();
      }),
    );
  });

/**
 * Lets the events of a topic pass from the moment on at which the leader has said what was missed of it. Before that the
 * topic may be heard because another tab watches it, and would be heard again in the leader's answer.
 */
export const gate = () => {
  let wanted: ReadonlySet<string> = new Set();
  const held = new Map<string, Topic>();
  const { open, close, about } = topicFilter();

  return {
    /** What passes of an event: all of it, what it says of open topics, or nothing. */
    pass: (event: FeedEvent): FeedEvent | undefined => about(event) ?? (isOfLink(event) ? event : undefined),

    /** Shuts the gate for what is no longer wanted. */
    keep: (topics: readonly Topic[]): void => {
      wanted = new Set(topics.map(topicKey));
      for (const [key, topic] of [...held]) {
        if (!wanted.has(key) && held.delete(key)) close(topic);
      }
    },

    /** Opens the gate for what is still wanted, and returns what has not been heard of it. */
    admit: (topics: readonly Topic[], missed: readonly FeedEvent[]): readonly FeedEvent[] => {
      const fresh = topicFilter();
      for (const topic of topics) {
        const key = topicKey(topic);
        if (!wanted.has(key) || held.has(key)) continue;
        held.set(key, topic);
        open(topic);
        fresh.open(topic);
      }
      return missed.flatMap((event) => fresh.about(event) ?? (isOfLink(event) ? event : []));
    },

    shut: (): void => {
      held.forEach((topic) => close(topic));
      held.clear();
    },
  };
};
