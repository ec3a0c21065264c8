import { connect, filter, merge } from 'rxjs';
import { conflate, isMarketEvent, type FeedEvent, type MakeFeed } from 'rxtape';

/** Milliseconds in which the next figure of a symbol takes the place of the one before: as many as there are beats of the page. */
const EVERY = 200;

/** What is whole in each event, so that the last one says all. */
export type Figure = 'quote' | 'bbo' | 'depth';

/**
 * A feed with at most five of these figures a second for each symbol, so that all that is behind it does no more work than
 * can be seen. All else passes as it comes: executions, as each of them counts, and what the link says, after the figures
 * that came before.
 */
export const paced =
  (makeFeed: MakeFeed, ...figures: readonly Figure[]): MakeFeed =>
  (topics$) => {
    const isFigure = ({ kind }: FeedEvent): boolean => figures.some((figure) => figure === kind);
    return makeFeed(topics$).pipe(
      connect((events$) =>
        merge(
          events$.pipe(
            filter((event) => isFigure(event) || !isMarketEvent(event)),
            conflate({ every: EVERY }),
          ),
          events$.pipe(filter((event) => isMarketEvent(event) && !isFigure(event))),
        ),
      ),
    );
  };
