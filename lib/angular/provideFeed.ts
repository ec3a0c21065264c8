import {
  effect,
  inject,
  Injector,
  makeEnvironmentProviders,
  NgZone,
  PLATFORM_ID,
  runInInjectionContext,
  signal,
  untracked,
  type EnvironmentProviders,
  type InjectionToken,
} from '@angular/core';
import { NEVER } from 'rxjs';
import { shareFeed, type MakeFeed, type ShareOptions } from '../share/shareFeed.js';
import { idle, type LinkState } from './LinkState.js';
import { FEED, type ProvidedFeed, type WatchableFeed } from './ProvidedFeed.js';
import { withLink } from './withLink.js';

/** By what a feed is injected, and for how long it outlives its watchers. */
export interface ProvideFeedOptions extends ShareOptions {
  /**
   * What it is injected by, where there is more than one feed.
   *
   * @defaultValue that which is meant where no token is named
   */
  readonly token?: InjectionToken<ProvidedFeed> | undefined;
  /**
   * A signal, or function of signals, that the login depends on; it is called in an injection context. When what it gives changes after the feed has ended, say by
   * `Unauthorized`, the feed starts anew for all signals that watched it; while it has not ended nothing happens.
   *
   * @defaultValue `reload` is left to you
   */
  readonly credential?: (() => unknown) | undefined;
}

/**
 * Provides a feed to `injectFeed`, `injectEvents`, `feedResource` and `injectLink`. `makeFeed` is called in an injection context,
 * when the feed is first injected, and returns a shared feed, or a factory of cold ones, which is shared here. What it
 * throws is thrown by the function that injects.
 *
 * Nothing connects before the first watcher. On the server `makeFeed` is not called, watchers receive nothing, and the
 * link is `server`.
 *
 * @example
 * provideFeed(() => (topics) => itick({ token, market: 'stock', topics }), { linger: 5_000 })
 */
export const provideFeed = (
  makeFeed: () => WatchableFeed | MakeFeed,
  { token = FEED, linger, credential }: ProvideFeedOptions = {},
): EnvironmentProviders => {
  const make = (): WatchableFeed => {
    const made = makeFeed();
    return typeof made === 'function' ? shareFeed(made, { linger }) : made;
  };
  const useFactory = (): ProvidedFeed => {
    if (inject(PLATFORM_ID) === 'server') return nothing();
    const feed = withLink(make(), inject(NgZone));
    if (credential) reloadWith(credential, feed);
    return feed;
  };
  return makeEnvironmentProviders([{ provide: token, useFactory }]);
};

const nothing = (): ProvidedFeed => ({
  watch: () => NEVER,
  link: signal<LinkState>({ ...idle, state: 'server' }).asReadonly(),
  reload: () => false,
  revival$: NEVER,
});

/** Calls `reload` when the credential changes. */
const reloadWith = (credential: () => unknown, { reload }: ProvidedFeed): void => {
  const injector = inject(Injector);
  let known: { readonly value: unknown } | undefined;
  const renew = (): void => {
    const value = runInInjectionContext(injector, credential);
    if (known && !Object.is(known.value, value)) untracked(reload);
    known = { value };
  };
  untracked(() => effect(renew, { injector }));
};
