import type { WritableSignal } from '@angular/core';
import {
  BehaviorSubject,
  filter,
  Subscription,
  tap,
  timer,
  type MonoTypeOperatorFunction,
  type Observable,
} from 'rxjs';
import { isLinkEvent, type FeedEvent } from '../model/feedEvent.js';
import { topicKey, type Topic } from '../model/topic.js';
import { noFacts, takeNotes, type Facts } from './facts.js';
import type { WatchableFeed } from './ProvidedFeed.js';
import { watchEach } from './watchEach.js';
import { errorOf } from './wish.js';

/** The value and the facts for as long as a topic stays. */
export interface Run {
  readonly value: WritableSignal<unknown>;
  readonly facts: WritableSignal<Facts>;
}

/** A subscription to the feed through the operators. */
export interface Pipeline {
  /** Starts to watch. Topics that were refused wait a turn, so that the vendor is asked again. */
  readonly start: (topics: readonly Topic[], refused?: ReadonlySet<string>) => void;
  readonly want: (topics: readonly Topic[]) => void;
  /** Whether the feed has ended; it may come back. */
  readonly isOver: () => boolean;
  /** Whether it has, or an operator has failed. */
  readonly hasEnded: () => boolean;
  readonly stop: () => void;
}

export interface PipelineOptions {
  readonly feed: WatchableFeed;
  readonly through: (events$: Observable<unknown>) => Observable<unknown>;
  readonly pace: MonoTypeOperatorFunction<unknown>;
  /** Hears the error of an operator. */
  readonly onFailure: (error: unknown) => void;
}

/** Writes into a run what comes of the topics. */
export const pipeline = ({ feed, through, pace, onFailure }: PipelineOptions, { value, facts }: Run): Pipeline => {
  const work = new Subscription();
  const topics$ = new BehaviorSubject<readonly Topic[]>([]);
  let isOver = false;
  let hasFailed = false;
  let hasData = false;
  let hasValue = false;

  const change = (changed: Partial<Facts>): void => {
    if (!work.closed) facts.update((known) => ({ ...known, ...changed }));
  };
  const notes = takeNotes(change);
  const load = (): void => {
    if (hasData && hasValue) change({ isLoaded: true, isKept: true });
  };
  const over = (error?: unknown): void => {
    isOver = true;
    if (error !== undefined) change({ error: errorOf(error) });
  };
  const note = (event: FeedEvent): void => {
    notes.next(event);
    if (hasData || isLinkEvent(event)) return;
    hasData = true;
    load();
  };
  const write = (next: unknown): void => {
    if (work.closed) return;
    value.set(next);
    if (hasValue) return;
    hasValue = true;
    load();
  };
  const fail = (error: unknown): void => {
    if (work.closed) return;
    hasFailed = true;
    change({ error: errorOf(error) });
    onFailure(error);
  };
  /** A feed that ends without a value has failed, as in Angular's `rxResource`. */
  const end = (): void => {
    if (!isOver || (hasData && hasValue)) return;
    change({ error: facts().error ?? new Error('the feed has ended before any data came') });
  };

  return {
    start: (topics, refused = noFacts.dead) => {
      const first = topics.filter((topic) => !refused.has(topicKey(topic)));
      facts.update(({ isKept }) => ({ ...noFacts, isKept }));
      topics$.next(first);
      const values$ = through(watchEach(feed, topics$, over).pipe(tap(note)));
      work.add(values$.pipe(pace).subscribe({ next: write, error: fail, complete: end }));
      // What changes the topics meanwhile asks for all of them.
      const later$ = timer(0).pipe(filter(() => topics$.value === first));
      if (first.length < topics.length) work.add(later$.subscribe(() => topics$.next(topics)));
    },
    want: (topics) => {
      notes.keep(topics);
      topics$.next(topics);
    },
    isOver: () => isOver,
    hasEnded: () => isOver || hasFailed,
    stop: () => work.unsubscribe(),
  };
};
