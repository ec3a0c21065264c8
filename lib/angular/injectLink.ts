import type { InjectionToken, Signal } from '@angular/core';
import { inContext } from './inContext.js';
import { injectFeed, type InjectFeedOptions } from './injectFeed.js';
import type { LinkState } from './LinkState.js';
import type { ProvidedFeed } from './ProvidedFeed.js';

/**
 * How the link of a feed is, and when it last had a gap. It never throws when read: an error of the feed is the state
 * `ended` with its `cause`. It watches nothing itself, so without anybody who does it is `idle`. Throws Angular's error NG0203
 * outside of an injection context without an `injector`.
 *
 * @example
 * readonly link = injectLink(); // link().state === 'live'
 */
export const injectLink = (
  token?: InjectionToken<ProvidedFeed>,
  { injector }: InjectFeedOptions = {},
): Signal<LinkState> => inContext(injectLink, injector, () => injectFeed(token).link);
