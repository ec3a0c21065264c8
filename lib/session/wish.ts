import {
  connect,
  filter,
  ignoreElements,
  isObservable,
  map,
  of,
  ReplaySubject,
  switchMap,
  take,
  takeUntil,
  tap,
  type Observable,
} from 'rxjs';
import { checkSomeTopics, checkTopics, distinctTopics, topicKey, type Topic } from '../model/topic.js';
import { stillRefused } from './ledger.js';
import { wantedTopics, type Wanted } from './wanted.js';

/** What is wanted of a vendor, across all sessions of one feed. */
export interface Wish {
  /** The set of wanted topics: the current one on subscription, then each change. */
  readonly topics$: Observable<readonly Topic[]>;
  /** Keys of the topics the vendor refused. They are not asked for again until they have left the wish and come back. */
  refused: ReadonlySet<string>;
  /** The set of wanted topics now. */
  current: readonly Topic[];
  /** The topics that left the wish in this session, by key; a vendor may go on sending them for a while. */
  readonly withdrawn: Map<string, Topic>;
  /** The current set, to be looked up for each event. */
  readonly wanted: Wanted;
}

/** The topics a factory takes: fixed, or changing over time. */
export type Topics = readonly Topic[] | Observable<readonly Topic[]>;

/**
 * Runs a feed as long as there is something to wish for: subscribes to what `makeFeed` returns at the first topics that
 * are not empty, and stays with it, also when they become empty later.
 *
 * Throws `InvalidTopic` at once for an array that is malformed, empty, or that `check` throws for; with an Observable the
 * error goes to the error channel. The Observable is subscribed once for all sessions, so a hot one will do.
 */
export const whileWished = <E>(
  topics: Topics,
  makeFeed: (wish: Wish) => Observable<E>,
  check: (topic: Topic) => void = () => undefined,
): Observable<E> => {
  const checked = (some: readonly Topic[]): readonly Topic[] => {
    some.forEach(check);
    return distinctTopics([...some]);
  };
  const wishes$ = isObservable(topics)
    ? topics.pipe(map((some) => checked(checkTopics(some))))
    : of(checked(checkSomeTopics(topics)));
  return wishes$.pipe(
    connect(
      (topics$) => {
        const withdrawn = new Map<string, Topic>();
        const wanted = wantedTopics((key) => withdrawn.has(key));
        const wish: Wish = { topics$, current: [], refused: new Set(), withdrawn, wanted };
        const feed$ = topics$.pipe(
          filter((some) => some.length > 0),
          take(1),
          switchMap(() => makeFeed(wish)),
        );
        // Between two sessions nobody else would hear that the wish changed or failed.
        const upkeep$ = topics$.pipe(
          tap((some) => {
            wish.refused = stillRefused(wish.refused, some);
            wish.current.forEach((topic) => wish.withdrawn.set(topicKey(topic), topic));
            some.forEach((topic) => wish.withdrawn.delete(topicKey(topic)));
            wish.current = some;
            wanted.want(some);
            forgetOldest(wish.withdrawn);
          }),
          ignoreElements(),
        );
        // For its errors only; `merge` would put a subscriber in the way of each event.
        return feed$.pipe(takeUntil(upkeep$));
      },
      { connector: () => new ReplaySubject<readonly Topic[]>(1) },
    ),
  );
};

/** A feed that runs for days over changing symbols shall not remember them all. */
const MOST_WITHDRAWN = 10_000;

const forgetOldest = (withdrawn: Map<string, Topic>): void => {
  for (const key of withdrawn.keys()) {
    if (withdrawn.size <= MOST_WITHDRAWN) return;
    withdrawn.delete(key);
  }
};
