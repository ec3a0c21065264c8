import { Observable } from 'rxjs';
import { ConnectionLost } from '../../model/errors.js';
import type { FeedEvent } from '../../model/feedEvent.js';
import type { Topic } from '../../model/topic.js';
import type { Handover } from './bridged.js';
import type { Bus } from './bus.js';
import { CannotShare } from './CannotShare.js';
import { gate } from './gate.js';
import { PROTOCOL, type Message } from './Message.js';

/** The feed of a leader as one tab hears it: tells each leader its wish, and picks its own from what is told to all. */
export const member = (
  { id, messages$, tellSelf, tellOthers }: Bus,
  topics$: Observable<readonly Topic[]>,
): Observable<FeedEvent | Handover> =>
  new Observable((subscriber) => {
    const { pass, keep, admit, shut } = gate();
    let wish: readonly Topic[] = [];
    let leader: string | undefined;
    let welcome = false;

    const ask = (): void => {
      if (wish.length === 0) return;
      const tell = leader === id ? tellSelf : tellOthers;
      tell({ kind: 'wish', from: id, topics: wish });
    };
    const follow = (from: string): void => {
      if (from === leader) return;
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
        case 'wish':
          return;
      }
    };

    subscriber.add(messages$.subscribe(hear));
    subscriber.add(
      topics$.subscribe((topics) => {
        wish = topics;
        keep(topics);
        ask();
      }),
    );
  });

/** The close code of a page that is left. */
const GOING_AWAY = 1001;
