import { InjectionToken, type Signal } from '@angular/core';
import type { SharedFeed } from '../share/shareFeed.js';
import type { LinkState } from './LinkState.js';

/** A shared feed that can be injected, with the state of its link. */
export interface ProvidedFeed extends SharedFeed {
  /** How the connection is. */
  readonly link: Signal<LinkState>;
}

/** What is injected where no token is named. */
export const FEED = new InjectionToken<ProvidedFeed>('rxtape feed');
