import {
  inject,
  makeEnvironmentProviders,
  NgZone,
  PLATFORM_ID,
  type EnvironmentProviders,
  type InjectionToken,
} from '@angular/core';
import { NEVER } from 'rxjs';
import { shareFeed, type MakeFeed, type ShareOptions } from '../share/shareFeed.js';
import { FEED, type ProvidedFeed, type WatchableFeed } from './ProvidedFeed.js';
import { withLink } from './withLink.js';

/** By what a feed is injected, and for how long it outlives its watchers. */
export interface ProvideFeedOptions extends ShareOptions {
  /** What it is injected by, where there is more than one feed. */
  readonly token?: InjectionToken<ProvidedFeed> | undefined;
}

/**
 * Provides a feed to `injectFeed`, `injectEvents` and `injectLink`. `makeFeed` is called in an injection context, when
 * the feed is first injected, and returns a shared feed, or a factory of cold ones, which is shared here.
 *
 * Nothing connects before the first watcher. On the server `makeFeed` is not called, and watchers receive nothing.
 *
 * @example
 * provideFeed(() => (topics) => itick({ token, market: 'stock', topics }), { linger: 5_000 })
 */
export const provideFeed = (
  makeFeed: () => WatchableFeed | MakeFeed,
  { token = FEED, linger }: ProvideFeedOptions = {},
): EnvironmentProviders => {
  const make = (): WatchableFeed => {
    const made = makeFeed();
    return typeof made === 'function' ? shareFeed(made, { linger }) : made;
  };
  const useFactory = (): ProvidedFeed => withLink(inject(PLATFORM_ID) === 'server' ? nothing : make(), inject(NgZone));
  return makeEnvironmentProviders([{ provide: token, useFactory }]);
};

const nothing: WatchableFeed = { watch: () => NEVER };
