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
import { checkSomeTopics, checkTopics, distinctTopics, type Topic } from '../model/topic.js';
import { topicLookup, type TopicLookup } from './lookup.js';
import { nothingWanted, wanting, type Wanted } from './wanted.js';

/** What is wanted of a vendor, across all sessions of one feed. */
export interface Wish {
  /** The wanted topics: the current ones on subscription, then each change. */
  readonly topics$: Observable<readonly Topic[]>;
  /** The wanted topics now: a list that is never changed, and another one after each change. */
  readonly current: readonly Topic[];
  /** The same with what the vendor refused and what was withdrawn: a value as well. */
  readonly wanted: Wanted;
  /** Puts another value in its place. */
  readonly set: (wanted: Wanted) => void;
  /** The wanted topics, to be looked up for each event. */
  readonly lookup: TopicLookup;
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
        const wish = wishOf(topics$);
        const feed$ = topics$.pipe(
          filter((some) => some.length > 0),
          take(1),
          switchMap(() => makeFeed(wish)),
        );
        // Between two sessions nobody else would hear that the wish changed or failed.
        const upkeep$ = topics$.pipe(
          tap((some) => {
            wish.set(wanting(wish.wanted, some));
            wish.lookup.want(some);
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

const wishOf = (topics$: Observable<readonly Topic[]>): Wish => {
  let wanted = nothingWanted;
  return {
    topics$,
    get current() {
      return wanted.topics;
    },
    get wanted() {
      return wanted;
    },
    set: (next) => {
      wanted = next;
    },
    lookup: topicLookup((key) => wanted.withdrawn.has(key)),
  };
};
