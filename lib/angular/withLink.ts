import { signal, untracked, type NgZone } from '@angular/core';
import { Observable, tap } from 'rxjs';
import { isMarketEvent, type FeedEvent, type LinkEvent } from '../model/feedEvent.js';
import { idle, nextLink, type LinkState } from './LinkState.js';
import type { ProvidedFeed, WatchableFeed } from './ProvidedFeed.js';

/** Notes the link events that any watcher receives, and keeps sockets and timers of the feed out of the zone. */
export const withLink = ({ watch }: WatchableFeed, zone: NgZone): ProvidedFeed => {
  const link = signal<LinkState>(idle);
  let watchers = 0;
  let last: LinkEvent | undefined;

  const change = (next: (state: LinkState) => LinkState): void => untracked(() => link.update(next));
  const end = (cause?: unknown): void => change((state) => ({ ...state, state: 'ended', cause, retryAt: undefined }));

  const note = (event: FeedEvent): void => {
    // Every watcher receives the same event.
    if (isMarketEvent(event) || event === last) return;
    last = event;
    change((state) => nextLink(state, event));
  };
  const enter = (): void => {
    if (++watchers === 1) change(({ lastGap }) => ({ ...idle, state: 'connecting', lastGap }));
  };
  const leave = (): void => {
    if (--watchers > 0) return;
    last = undefined;
    change((state) => (state.state === 'ended' ? state : { ...idle, lastGap: state.lastGap }));
  };

  return {
    link: link.asReadonly(),
    watch: (topics) => {
      const noted$ = watch(topics).pipe(tap({ next: note, error: end, complete: end }));
      return new Observable((watcher) => {
        enter();
        const work = zone.runOutsideAngular(() => noted$.subscribe(watcher));
        return () => {
          zone.runOutsideAngular(() => work.unsubscribe());
          leave();
        };
      });
    },
  };
};
