import { noop, type OperatorFunction } from 'rxjs';
import { inContext } from './inContext.js';
import type { FeedResource } from './ResourceState.js';
import type { WatchForms } from './WatchForms.js';
import { watching } from './watching.js';
import { optionsOf, type WatchedInput } from './WatchOptions.js';

/**
 * The latest that operators make of a feed, with its state, as Angular's `resource` has it: `value`, `status`, `error`,
 * `isLoading`, `hasValue()`, `reload()`, and `refused`. All else is as in `injectEvents`, but errors of an operator or of the topics
 * are its `error`, and malformed topics are `refused`; nothing goes to the `ErrorHandler`.
 *
 * Throws `InvalidOption` for an `every` that is no time, and Angular's error NG0203 outside of an injection context without
 * an `injector`.
 *
 *     events  ---c-q---d---c-s---!    // d `disconnected`, s `subscribed`, ! an error
 *     status  l----v---r-----v---e    // l `loading`, v `resolved`, r `reloading`, e `error`
 *
 * @example
 * readonly last = feedResource(() => quotes(this.symbol()), ofKind('quote'), map(({ last }) => last));
 * readonly label = computed(() => (this.last.hasValue() ? this.last.value() : this.last.status()));
 */
export const feedResource: WatchForms<'resource'> = <I>(
  watched: WatchedInput<I>,
  ...operators: readonly OperatorFunction<never, unknown>[]
): FeedResource<never> => {
  const options = optionsOf(watched);
  const made = inContext(feedResource, options.injector, () => watching(options, operators, noop));
  return made as FeedResource<never>;
};
