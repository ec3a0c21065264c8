import { signal, untracked, type NgZone } from '@angular/core';
import { Observable, tap, type Subscriber } from 'rxjs';
import { isMarketEvent, type FeedEvent, type LinkEvent } from '../model/feedEvent.js';
import { idle, nextLink, type LinkState } from './LinkState.js';
import type { ProvidedFeed, WatchableFeed } from './ProvidedFeed.js';

/** Notes the link events that any watcher receives, and keeps sockets and timers of the feed out of the zone. */
export const withLink = ({ watch }: WatchableFeed, zone: NgZone): ProvidedFeed => {
  const link = signal<LinkState>(idle);
  const waiting = new Set<Subscriber<void>>();
  let watchers = 0;
  let last: LinkEvent | undefined;
  let isOver = false;
  let isReviving = false;

  const change = (next: (state: LinkState) => LinkState): void => untracked(() => link.update(next));
  const end = (cause?: unknown): void => {
    isOver = true;
    change((state) => ({ ...state, state: 'ended', cause, retryAt: undefined }));
  };

  const note = (event: FeedEvent): void => {
    // Every watcher receives the same event.
    if (isMarketEvent(event) || event === last) return;
    last = event;
    change((state) => nextLink(state, event));
  };
  const enter = (): void => {
    const isFirst = ++watchers === 1;
    change((state) =>
      isFirst || state.state === 'ended' ? { ...idle, state: 'connecting', lastGap: state.lastGap } : state,
    );
  };
  const leave = (): void => {
    if (--watchers > 0) return;
    last = undefined;
    change((state) => (state.state === 'ended' ? state : { ...idle, lastGap: state.lastGap }));
  };

  const revive = (): void => {
    isOver = false;
    isReviving = true;
    zone.runOutsideAngular(() => [...waiting].forEach((watcher) => watcher.next()));
    isReviving = false;
  };

  return {
    link: link.asReadonly(),
    reload: () => {
      if (!isOver || isReviving) return false;
      revive();
      return true;
    },
    revival$: new Observable((watcher) => {
      waiting.add(watcher);
      return () => waiting.delete(watcher);
    }),
    watch: (topics) => {
      const noted$ = watch(topics);
      return new Observable((watcher) => {
        // One that is revived itself proves nothing: of feeds that are not shared, two would revive each other for ever.
        let isNews = isOver && !isReviving;
        const hear = (event: FeedEvent): void => {
          note(event);
          if (!isNews) return;
          isNews = false;
          if (isOver) revive();
        };
        enter();
        const work = zone.runOutsideAngular(() =>
          noted$.pipe(tap({ next: hear, error: end, complete: end })).subscribe(watcher),
        );
        return () => {
          zone.runOutsideAngular(() => work.unsubscribe());
          leave();
        };
      });
    },
  };
};
