import type { InjectionToken, Signal } from '@angular/core';
import { injectFeed } from './injectFeed.js';
import type { LinkState } from './LinkState.js';
import type { ProvidedFeed } from './ProvidedFeed.js';

/**
 * How the link of a feed is, and when it last had a gap. It never throws: an error of the feed is the state `ended` with
 * its `cause`. It watches nothing itself, so without anybody who does it is `idle`.
 *
 * @example
 * readonly link = injectLink(); // link().state === 'live'
 */
export const injectLink = (token?: InjectionToken<ProvidedFeed>): Signal<LinkState> => injectFeed(token).link;
