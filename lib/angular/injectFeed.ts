import { inject, type InjectionToken, type Injector } from '@angular/core';
import { inContext } from './inContext.js';
import { FEED, type ProvidedFeed } from './ProvidedFeed.js';

/** Where a feed is looked for. */
export interface InjectFeedOptions {
  /**
   * Where it is not called in an injection context.
   *
   * @defaultValue that of the current injection context
   */
  readonly injector?: Injector | undefined;
}

/**
 * The feed of `provideFeed`, to be watched by hand: `watch(topics)` is an Observable, `reload()` brings back a feed that has
 * ended. Throws Angular's error NG0203 outside of an injection context without an `injector`, and NG0201 where no
 * such feed is provided.
 */
export const injectFeed = (
  token: InjectionToken<ProvidedFeed> = FEED,
  { injector }: InjectFeedOptions = {},
): ProvidedFeed => inContext(injectFeed, injector, () => inject(token));
