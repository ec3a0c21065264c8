import { ErrorHandler, inject, type Signal } from '@angular/core';
import type { OperatorFunction } from 'rxjs';
import { inContext } from './inContext.js';
import type { WatchForms } from './WatchForms.js';
import { watching } from './watching.js';
import { optionsOf, type WatchedInput } from './WatchOptions.js';

/** The forms of `injectEvents`: RxJS's `pipe`, from events to a signal. */
export type InjectEvents = WatchForms<'signal'>;

/**
 * The latest that operators make of a feed, as a signal, written at most once per animation frame. It ends with its
 * injection context, and keeps its last value when the feed ends: see `injectLink`. A feed that has ended comes back when its
 * `reload` is called, when it answers a new watcher, or with the next topic.
 *
 * Topics that stay while others change are not asked for again, and their events are not repeated. When none stays, the value
 * is `initial` at once and the operators start anew: the value of one topic is never read under the name of another.
 *
 * Never throws when read. Errors of an operator or of the topics go to the `ErrorHandler`, each once: a malformed topic
 * as `InvalidTopic`, and the others go on. Throws `InvalidOption` for an `every` that is no time, and Angular's error
 * NG0203 outside of an injection context without an `injector`.
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
  const options = optionsOf(watched);
  return inContext(injectEvents, options.injector, () => {
    const errors = inject(ErrorHandler);
    const { value } = watching(options, operators, (error) => errors.handleError(error));
    return value as Signal<never>;
  });
};
