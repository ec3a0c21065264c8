import { tap, type Observable } from 'rxjs';
import type { FeedEvent } from '../model/feedEvent.js';
import type { Cassette } from './Cassette.js';
import type { RingSink } from './ringSink.js';

/**
 * Passes all on; hands over what a ring has kept when the feed fails, and for each event that `when` names.
 *
 * @example
 * record(makeFeed, ring).pipe(dumpOn(ring, report, ({ kind }) => kind === 'undecodable'))
 */
export const dumpOn =
  (
    ring: Pick<RingSink, 'dump'>,
    report: (cassette: Cassette, cause: unknown) => void,
    when: (event: FeedEvent) => boolean = () => false,
  ) =>
  <E extends FeedEvent>(feed$: Observable<E>): Observable<E> =>
    feed$.pipe(
      tap({
        next: (event) => {
          if (when(event)) report(ring.dump(), event);
        },
        error: (error: unknown) => report(ring.dump(), error),
      }),
    );
