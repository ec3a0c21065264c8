import { InjectionToken, type Signal } from '@angular/core';
import type { Observable } from 'rxjs';
import type { FeedEvent } from '../model/feedEvent.js';
import type { Topic } from '../model/topic.js';
import type { LinkState } from './LinkState.js';

/** What Angular needs of a shared feed: that of `shareFeed`, of `shareAcrossTabs`, or one of your own. */
export interface WatchableFeed {
  readonly watch: (topics: readonly Topic[]) => Observable<FeedEvent>;
}

/** A shared feed that can be injected, with the state of its link. */
export interface ProvidedFeed extends WatchableFeed {
  /** How the connection is. */
  readonly link: Signal<LinkState>;
}

/** What is injected where no token is named. */
export const FEED = new InjectionToken<ProvidedFeed>('rxtape feed');
