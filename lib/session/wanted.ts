import {
  connect,
  filter,
  ignoreElements,
  isObservable,
  map,
  of,
  ReplaySubject,
  Subject,
  switchMap,
  take,
  takeUntil,
  tap,
  type Observable,
  type Subscription,
} from 'rxjs';
import { noKeys, type KeySet } from '../model/keySet.js';
import { checkSomeTopics, checkTopics, distinctTopics, topicKey, type Topic } from '../model/topic.js';
import { topicLookup, type TopicLookup } from './lookup.js';

/** What is wanted of a vendor, across all sessions of one feed. */
export interface WantedTopics {
  /** The wanted topics: the current ones on subscription, then each change. */
  readonly topics$: Observable<readonly Topic[]>;
  /** The wanted topics now: a list that is never changed, and another one after each change. */
  readonly current: readonly Topic[];
  /** The same, with what the vendor refused and what is no longer wanted. It is a value too. */
  readonly state: WantedState;
  /** Replaces the state. */
  readonly set: (state: WantedState) => void;
  /**
   * Has topics refused that a part of the pipe found the vendor not to have, as one whose snapshot cannot be had:
   * `keepSubscribed` emits `refused` for those that are wanted.
   */
  readonly refuse: (rejection: Rejection) => void;
  /** What `refuse` was called with, from now on. */
  readonly refusals$: Observable<Rejection>;
  /** The wanted topics, to be looked up for each event. */
  readonly lookup: TopicLookup;
  /** Of a second session of the same feed: what is wanted in the first one. */
  readonly origin?: WantedTopics | undefined;
}

/** The topics a factory takes: fixed, or changing over time. */
export type Topics = readonly Topic[] | Observable<readonly Topic[]>;

/**
 * Runs a feed once topics are wanted: subscribes to what `makeFeed` returns at the first topics that
 * are not empty, and stays with it, also when they become empty later.
 *
 * Throws `InvalidTopic` at once for an array that is malformed, empty, or that `check` throws for; with an Observable the
 * error goes to the error channel. The Observable is subscribed once for all sessions, so a hot one will do.
 */
export const whileWanted = <E>(
  topics: Topics,
  makeFeed: (wanted: WantedTopics) => Observable<E>,
  check: (topic: Topic) => void = () => undefined,
): Observable<E> => {
  const checked = (some: readonly Topic[]): readonly Topic[] => {
    some.forEach(check);
    return distinctTopics([...some]);
  };
  const checked$ = isObservable(topics)
    ? topics.pipe(map((some) => checked(checkTopics(some))))
    : of(checked(checkSomeTopics(topics)));
  return checked$.pipe(
    connect(
      (topics$) => {
        const wanted = wantedTopics(topics$);
        const feed$ = topics$.pipe(
          filter((some) => some.length > 0),
          take(1),
          switchMap(() => makeFeed(wanted)),
        );
        // Between two sessions nothing else subscribes to the topics, and they may change or fail.
        // For its errors only; `merge` would put a subscriber in the way of each event.
        return feed$.pipe(takeUntil(upkeepOf(wanted)));
      },
      { connector: () => new ReplaySubject<readonly Topic[]>(1) },
    ),
  );
};

/** Keeps the state of what is wanted up to date. Subscribe to it before all that goes by that state. */
const upkeepOf = (wanted: WantedTopics): Observable<never> =>
  wanted.topics$.pipe(
    tap((some) => {
      wanted.set(wanting(wanted.state, some));
      wanted.lookup.want(some);
    }),
    ignoreElements(),
  );

/**
 * The same topics for another session of one feed at the same time: with a state of its own, which begins with what
 * the vendor has refused, until `upkeep` is unsubscribed. An error of the topics is that of the first one.
 */
export const forkOf = (wanted: WantedTopics): { readonly fork: WantedTopics; readonly upkeep: Subscription } => {
  const fork = wantedTopics(wanted.topics$, wanted.origin ?? wanted);
  fork.set(startingOver(wanted.state));
  return { fork, upkeep: upkeepOf(fork).subscribe({ error: () => undefined }) };
};

const wantedTopics = (topics$: Observable<readonly Topic[]>, origin?: WantedTopics): WantedTopics => {
  let state = nothingWanted;
  const refusals$ = new Subject<Rejection>();
  return {
    topics$,
    refuse: (rejection) => refusals$.next(rejection),
    refusals$,
    origin,
    get current() {
      return state.topics;
    },
    get state() {
      return state;
    },
    set: (next) => {
      state = next;
    },
    lookup: topicLookup((key) => state.unsubscribed.has(key)),
  };
};

/** What is wanted of a vendor at one time. Made by the functions below, never changed. */
export interface WantedState {
  readonly topics: readonly Topic[];
  /** The same by key, in the same order. */
  readonly byKey: ReadonlyMap<string, Topic>;
  /** Keys of the topics the vendor refused. They are not asked for again until they have been absent from the list and are back. */
  readonly refused: KeySet;
  /** The topics that were wanted earlier in this session, by key; a vendor may go on sending them for a while. */
  readonly unsubscribed: ReadonlyMap<string, Topic>;
}

/** Topics the vendor will not serve, with its reason; none when it does not say which. */
export interface Rejection {
  readonly topics: readonly Topic[];
  readonly reason: string;
}

/** Bounds the memory of a feed that runs for days over changing symbols. */
const MOST_UNSUBSCRIBED = 10_000;

export const nothingWanted: WantedState = { topics: [], byKey: new Map(), refused: noKeys, unsubscribed: new Map() };

/** From now on exactly these topics are wanted. */
export const wanting = (state: WantedState, topics: readonly Topic[]): WantedState => {
  const byKey = new Map(topics.map((topic) => [topicKey(topic), topic]));
  const refused = state.refused.without([...state.refused].filter((key) => !byKey.has(key)));
  const before = [...state.unsubscribed, ...state.byKey].filter(([key]) => !byKey.has(key));
  const unsubscribed = new Map(before.slice(-MOST_UNSUBSCRIBED));
  return { topics, byKey, refused, unsubscribed };
};

/**
 * The vendor refuses topics. Returns the refusals that are new, without topics that ceased to be wanted while the command
 * was in flight.
 */
export const refusing = (state: WantedState, rejection: Rejection): readonly [WantedState, Rejection | undefined] => {
  if (rejection.topics.length === 0) return [state, rejection];
  const { byKey, refused } = state;
  const topics = rejection.topics.filter((topic) => byKey.has(topicKey(topic)) && !refused.has(topicKey(topic)));
  if (topics.length === 0) return [state, undefined];
  return [
    { ...state, refused: refused.with(topics.map(topicKey)) },
    { ...rejection, topics },
  ];
};

/** Data of a topic came: the vendor serves it after all. */
export const serving = (state: WantedState, topic: Topic): WantedState => {
  const refused = state.refused.without([topicKey(topic)]);
  return refused === state.refused ? state : { ...state, refused };
};

/** A new session begins. The vendor no longer sends topics of the one before. */
export const startingOver = (state: WantedState): WantedState => ({ ...state, unsubscribed: new Map() });
