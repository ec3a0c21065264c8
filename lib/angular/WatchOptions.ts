import type { InjectionToken, Injector } from '@angular/core';
import type { Topic } from '../model/topic.js';
import type { Pace } from './paced.js';
import type { ProvidedFeed } from './ProvidedFeed.js';

/** What to watch: a list, or a signal (or any function of signals) that may change it, and may give none for now. */
export type WatchedTopics = readonly Topic[] | (() => readonly Topic[] | undefined);

/** What `injectEvents` and `feedResource` watch, and how often their value is written. */
export interface WatchOptions<I = undefined> {
  /** What to watch; a function is read as a signal, and none for now is an empty list, or `undefined`. */
  readonly topics: WatchedTopics;
  /**
   * The value before the first one, and whenever none of the topics stays that the last value was made of.
   *
   * @defaultValue `undefined`
   */
  readonly initial?: I | undefined;
  /**
   * How often the value is written: at most once per animation `frame`, at most once in so many ms, or for every `value`.
   * `InvalidOption` is thrown for a number that is no time.
   *
   * @defaultValue `'frame'`
   */
  readonly every?: Pace | undefined;
  /**
   * Which feed, where there is more than one.
   *
   * @defaultValue the feed that is provided without a token
   */
  readonly feed?: InjectionToken<ProvidedFeed> | undefined;
  /**
   * Whose context it belongs to, and ends with, where it is not called in one.
   *
   * @defaultValue that of the current injection context
   */
  readonly injector?: Injector | undefined;
}

/** Topics alone, or with options. */
export type WatchedInput<I> = WatchedTopics | WatchOptions<I>;

export const optionsOf = <I>(watched: WatchedInput<I>): WatchOptions<I> =>
  isOptions(watched) ? watched : { topics: watched };

const isOptions = <I>(watched: WatchedInput<I>): watched is WatchOptions<I> =>
  typeof watched === 'object' && !Array.isArray(watched);
