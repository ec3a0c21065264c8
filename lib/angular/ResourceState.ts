import type { Signal } from '@angular/core';
import type { RefusedTopic } from './wish.js';

/**
 * `idle`: there is no topic. `loading`: until the first data and the first value. `resolved`. `reloading`: there is a
 * value, and a hole in the data is open or `reload` has not brought data yet. `error`: the feed has ended, an operator or
 * the topics failed, or every topic is refused. `server`: the page is rendered on a server, where nothing connects.
 */
export type FeedStatus = 'idle' | 'loading' | 'reloading' | 'resolved' | 'error' | 'server';

/** The state of a resource as one value, of the shape that Angular's `resourceFromSnapshots` takes. */
export type FeedSnapshot<T> =
  | { readonly status: 'idle' | 'loading' | 'reloading' | 'resolved'; readonly value: T }
  | { readonly status: 'error'; readonly error: Error };

/** What operators make of a feed, with its state, as Angular's `Resource` has it. */
export interface FeedResource<T> {
  /**
   * The latest value, or `initial`. It never throws: in the state of `error` it is the last one, and there `hasValue` is
   * false.
   */
  readonly value: Signal<T>;
  /** What can be expected of the value. */
  readonly status: Signal<FeedStatus>;
  /**
   * Why the status is `error`, undefined otherwise: the error that ended the feed, what an operator or the function of the topics
   * threw, or `InvalidTopic` where every topic is malformed or refused.
   */
  readonly error: Signal<Error | undefined>;
  /** Whether the status is `loading` or `reloading`. */
  readonly isLoading: Signal<boolean>;
  /** The topics that are malformed, or that the vendor has refused; the others go on. Empty for none. */
  readonly refused: Signal<readonly RefusedTopic[]>;
  /** Status with value or error. For Angular, which knows no `server`, that is `idle`. */
  readonly snapshot: Signal<FeedSnapshot<T>>;
  /** Whether there is a value that is not undefined, and no error. Reactive; narrows the type of `value`. */
  hasValue(this: T extends undefined ? this : never): this is FeedResource<Exclude<T, undefined>>;
  hasValue(): boolean;
  /**
   * Watches anew, with fresh operators; refused topics are asked for again. The value stays until the next one. A feed
   * that has ended is started anew for all its signals. Returns whether that was begun: not while it is `idle`,
   * `loading` or on a server.
   */
  reload(): boolean;
}
