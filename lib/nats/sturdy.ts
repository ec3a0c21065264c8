import { asyncScheduler, defer, Observable, ReplaySubject, type Subscription } from 'rxjs';
import { NORMAL } from '../model/closeCodes.js';
import { ConnectionLost, type InvalidTopic } from '../model/errors.js';
import type { FeedEvent } from '../model/feedEvent.js';
import { isFeedError } from '../model/isRecoverable.js';
import { topicKey, type Topic } from '../model/topic.js';
import { topicsIn } from '../share/foreign.js';
import type { MakeFeed } from '../share/shareFeed.js';
import { bridged, type Handover } from '../share/tabs/handover.js';

/**
 * A feed that a topic cannot end. A vendor's feed fails with `InvalidTopic` for what that vendor can never serve; where one
 * process asks for it, the others must not lose their data. Such a topic is `refused`, and the feed begins anew without it.
 */
export const sturdy =
  (makeFeed: MakeFeed): MakeFeed =>
  (topics$) =>
    attempts(makeFeed, topics$).pipe(bridged());

const attempts = (makeFeed: MakeFeed, topics$: Observable<readonly Topic[]>): Observable<FeedEvent | Handover> =>
  new Observable((subscriber) => {
    const possible$ = new ReplaySubject<readonly Topic[]>(1);
    const impossible = new Map<string, string>();
    let wanted: readonly Topic[] = [];
    let names: { readonly provider: string; readonly feed?: string | undefined } = { provider: 'nats' };
    let feed: Subscription | undefined;

    const refuse = (topic: Topic, reason: string): void =>
      subscriber.next({ kind: 'refused', ...names, receivedAt: asyncScheduler.now(), topics: [topic], reason });
    const set = (topics: readonly Topic[]): void => {
      const known = new Set(wanted.map(topicKey));
      wanted = topics;
      possible$.next(topics.filter((topic) => !impossible.has(topicKey(topic))));
      for (const topic of topics) {
        const reason = impossible.get(topicKey(topic));
        if (reason !== undefined && !known.has(topicKey(topic))) refuse(topic, reason);
      }
    };
    const fail = (error: unknown): void => {
      const fault = faultIn(error, wanted);
      if (!fault || impossible.has(topicKey(fault.topic))) return subscriber.error(error);
      const { topic, reason } = fault;
      impossible.set(topicKey(topic), reason);
      subscriber.next({
        kind: 'handover',
        cause: new ConnectionLost(NORMAL, `it begins anew without a topic: ${reason}`),
      });
      refuse(topic, reason);
      possible$.next(wanted.filter((one) => one !== topic && !impossible.has(topicKey(one))));
      start();
    };
    const start = (): void => {
      feed?.unsubscribe();
      if (subscriber.closed) return;
      feed = defer(() => makeFeed(possible$)).subscribe({
        next: (event) => {
          names =
            event.feed === undefined ? { provider: event.provider } : { provider: event.provider, feed: event.feed };
          subscriber.next(event);
        },
        error: fail,
        complete: () => subscriber.complete(),
      });
    };
    subscriber.add(() => feed?.unsubscribe());
    subscriber.add(topics$.subscribe(set));
    start();
  });

/** The topic that an error blames, if it is one of these. */
const faultIn = (error: unknown, topics: readonly Topic[]) => {
  if (!isFeedError(error) || error._tag !== 'InvalidTopic') return undefined;
  const { value, problem }: InvalidTopic = error;
  const [blamed] = topicsIn([value]) ?? [];
  const topic = blamed && topics.find((one) => topicKey(one) === topicKey(blamed));
  return topic && { topic, reason: problem };
};
