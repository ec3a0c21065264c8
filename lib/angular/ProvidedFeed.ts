import { InjectionToken, type Signal } from '@angular/core';
import type { Observable } from 'rxjs';
import type { FeedEvent } from '../model/feedEvent.js';
import type { Topic } from '../model/topic.js';
import type { LinkState } from './LinkState.js';

/** What Angular needs of a shared feed: that of `shareFeed`, of `shareAcrossTabs`, or one of your own. */
export interface WatchableFeed {
  /** Events of the topics, and of the link. Cold: each subscription is a watcher. */
  readonly watch: (topics: readonly Topic[]) => Observable<FeedEvent>;
}

/** A shared feed that can be injected, with the state of its link. */
export interface ProvidedFeed extends WatchableFeed {
  /** How the connection is. */
  readonly link: Signal<LinkState>;
  /**
   * Starts a feed that has ended anew, for every signal that watched it: after a credential was mended, say. Returns whether it
   * had ended; a feed that has not reconnects by itself. If it fails again, that is the state again. Never throws.
   */
  readonly reload: () => boolean;
  /** Emits when a feed that had ended is to be watched again: by `reload`, or since it answers a new watcher. Never ends. */
  readonly revival$: Observable<void>;
}

/** What is injected where no token is named. */
export const FEED = new InjectionToken<ProvidedFeed>('rxtape feed');
