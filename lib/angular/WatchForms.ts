import type { Signal } from '@angular/core';
import type { OperatorFunction } from 'rxjs';
import type { FeedEvent } from '../model/feedEvent.js';
import type { FeedResource } from './ResourceState.js';
import type { WatchedInput } from './WatchOptions.js';

/** What the values of a feed are made into. */
export interface Watched<T> {
  readonly signal: Signal<T>;
  readonly resource: FeedResource<T>;
}

type To<A, B> = OperatorFunction<A, B>;

/**
 * RxJS's `pipe`, from events to a signal or a resource, of any number of operators. Nine are checked one against the next;
 * with more, the last one says what comes out.
 */
export interface WatchForms<M extends keyof Watched<unknown>> {
  <I = undefined>(watched: WatchedInput<I>): Watched<FeedEvent | I>[M];
  <A, I = undefined>(watched: WatchedInput<I>, a: To<FeedEvent, A>): Watched<A | I>[M];
  <A, B, I = undefined>(watched: WatchedInput<I>, a: To<FeedEvent, A>, b: To<A, B>): Watched<B | I>[M];
  <A, B, C, I = undefined>(watched: WatchedInput<I>, a: To<FeedEvent, A>, b: To<A, B>, c: To<B, C>): Watched<C | I>[M];
  <A, B, C, D, I = undefined>(
    watched: WatchedInput<I>,
    a: To<FeedEvent, A>,
    b: To<A, B>,
    c: To<B, C>,
    d: To<C, D>,
  ): Watched<D | I>[M];
  <A, B, C, D, E, I = undefined>(
    watched: WatchedInput<I>,
    a: To<FeedEvent, A>,
    b: To<A, B>,
    c: To<B, C>,
    d: To<C, D>,
    e: To<D, E>,
  ): Watched<E | I>[M];
  <A, B, C, D, E, F, I = undefined>(
    watched: WatchedInput<I>,
    a: To<FeedEvent, A>,
    b: To<A, B>,
    c: To<B, C>,
    d: To<C, D>,
    e: To<D, E>,
    f: To<E, F>,
  ): Watched<F | I>[M];
  <A, B, C, D, E, F, G, I = undefined>(
    watched: WatchedInput<I>,
    a: To<FeedEvent, A>,
    b: To<A, B>,
    c: To<B, C>,
    d: To<C, D>,
    e: To<D, E>,
    f: To<E, F>,
    g: To<F, G>,
  ): Watched<G | I>[M];
  <A, B, C, D, E, F, G, H, I = undefined>(
    watched: WatchedInput<I>,
    a: To<FeedEvent, A>,
    b: To<A, B>,
    c: To<B, C>,
    d: To<C, D>,
    e: To<D, E>,
    f: To<E, F>,
    g: To<F, G>,
    h: To<G, H>,
  ): Watched<H | I>[M];
  <A, B, C, D, E, F, G, H, J, I = undefined>(
    watched: WatchedInput<I>,
    a: To<FeedEvent, A>,
    b: To<A, B>,
    c: To<B, C>,
    d: To<C, D>,
    e: To<D, E>,
    f: To<E, F>,
    g: To<F, G>,
    h: To<G, H>,
    j: To<H, J>,
  ): Watched<J | I>[M];
  <A, B, C, D, E, F, G, H, J, Z, I = undefined>(
    watched: WatchedInput<I>,
    a: To<FeedEvent, A>,
    b: To<A, B>,
    c: To<B, C>,
    d: To<C, D>,
    e: To<D, E>,
    f: To<E, F>,
    g: To<F, G>,
    h: To<G, H>,
    j: To<H, J>,
    ...more: readonly [...OperatorFunction<never, unknown>[], OperatorFunction<never, Z>]
  ): Watched<Z | I>[M];
}
