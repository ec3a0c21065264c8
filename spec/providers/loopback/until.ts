import { lastValueFrom, takeWhile, toArray, type Observable } from 'rxjs';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';

/** All events up to the one that is the last, which is among them. */
export const until = (events$: Observable<FeedEvent>, isLast: (event: FeedEvent) => boolean): Promise<FeedEvent[]> =>
  lastValueFrom(
    events$.pipe(
      takeWhile((event) => !isLast(event), true),
      toArray(),
    ),
  );
