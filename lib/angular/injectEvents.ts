import {
  computed,
  DestroyRef,
  ErrorHandler,
  inject,
  NgZone,
  signal,
  untracked,
  type InjectionToken,
  type Signal,
} from '@angular/core';
import { toObservable } from '@angular/core/rxjs-interop';
import { of, type Observable, type OperatorFunction } from 'rxjs';
import type { FeedEvent } from '../model/feedEvent.js';
import type { Topic } from '../model/topic.js';
import { injectFeed } from './injectFeed.js';
import { paced, type Pace } from './paced.js';
import type { ProvidedFeed } from './ProvidedFeed.js';
import { watchEach } from './watchEach.js';

/** What to watch: a list, or a signal (or any function of signals) that may change it. */
export type WatchedTopics = readonly Topic[] | (() => readonly Topic[]);

/** What `injectEvents` watches, and how often its signal is written. */
export interface WatchOptions<I = undefined> {
  /** What to watch; a function is read as a signal, and none for now is an empty list. */
  readonly topics: WatchedTopics;
  /**
   * The value before the first one.
   *
   * @defaultValue `undefined`
   */
  readonly initial?: I | undefined;
  /**
   * How often the signal is written: at most once per animation `frame`, at most once in so many ms, or for every `value`.
   *
   * @defaultValue `'frame'`
   */
  readonly every?: Pace | undefined;
  /** Which feed, where there is more than one. */
  readonly feed?: InjectionToken<ProvidedFeed> | undefined;
}

type WatchedInput<I> = WatchedTopics | WatchOptions<I>;
type To<A, B> = OperatorFunction<A, B>;

/** The forms of `injectEvents`: RxJS's `pipe`, from events to a signal. */
export interface InjectEvents {
  <I = undefined>(watched: WatchedInput<I>): Signal<FeedEvent | I>;
  <A, I = undefined>(watched: WatchedInput<I>, a: To<FeedEvent, A>): Signal<A | I>;
  <A, B, I = undefined>(watched: WatchedInput<I>, a: To<FeedEvent, A>, b: To<A, B>): Signal<B | I>;
  <A, B, C, I = undefined>(watched: WatchedInput<I>, a: To<FeedEvent, A>, b: To<A, B>, c: To<B, C>): Signal<C | I>;
  <A, B, C, D, I = undefined>(
    watched: WatchedInput<I>,
    a: To<FeedEvent, A>,
    b: To<A, B>,
    c: To<B, C>,
    d: To<C, D>,
  ): Signal<D | I>;
}

/**
 * The latest that operators make of a feed, as a signal, written at most once per animation frame. It ends with its
 * injection context, and keeps its last value when the feed ends: see `injectLink`. Other errors, of an operator or of
 * the topics, go to the `ErrorHandler`. Topics that stay while others change are not asked for again, and their events
 * are not repeated.
 *
 *     events      abc--d---    // frames of 4
 *     the signal  ----c---d
 *
 * @example
 * readonly last = injectEvents(() => quotes(this.symbol()), ofKind('quote'), map(({ last }) => last));
 */
export const injectEvents: InjectEvents = <I>(
  watched: WatchedInput<I>,
  ...operators: readonly OperatorFunction<never, unknown>[]
): Signal<never> => {
  const { topics, initial, every = 'frame', feed: token } = isOptions(watched) ? watched : { topics: watched };
  const errors = inject(ErrorHandler);
  const topics$ = typeof topics === 'function' ? toObservable(computed(topics)) : of(topics);
  const values$ = operators.reduce<Observable<unknown>>(
    (source$, operator) => (operator as OperatorFunction<unknown, unknown>)(source$),
    watchEach(injectFeed(token), topics$),
  );
  const value = signal<unknown>(initial);
  const watch = (): void => {
    const work = values$.pipe(paced(every)).subscribe({
      next: (next) => value.set(next),
      error: (error: unknown) => errors.handleError(error),
    });
    inject(DestroyRef).onDestroy(() => work.unsubscribe());
  };
  const zone = inject(NgZone);
  untracked(() => zone.runOutsideAngular(watch));
  return value.asReadonly() as Signal<never>;
};

const isOptions = <I>(watched: WatchedInput<I>): watched is WatchOptions<I> =>
  typeof watched === 'object' && !Array.isArray(watched);
