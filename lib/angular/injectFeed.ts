import { inject, type InjectionToken } from '@angular/core';
import { FEED, type ProvidedFeed } from './ProvidedFeed.js';

/** The feed of `provideFeed`, to be watched by hand. Has to be called in an injection context. */
export const injectFeed = (token: InjectionToken<ProvidedFeed> = FEED): ProvidedFeed => inject(token);
