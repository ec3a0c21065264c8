import { catchError, defer, EMPTY, filter, merge, type Observable } from 'rxjs';
import { isMarketEvent, type FeedEvent } from 'rxtape';

interface Line {
  readonly line$: Observable<FeedEvent>;
  /** Channel and symbol of what is refused to it. */
  readonly refused: Set<string>;
}

/** The figures of symbols that one line serves and another one is refused, whichever line of the standby serves the others. */
export const soleOf = (...feeds: readonly Observable<FeedEvent>[]): Observable<FeedEvent> =>
  defer(() => {
    const lines = feeds.map((line$): Line => ({ line$, refused: new Set() }));
    return merge(
      ...lines.map((line) =>
        line.line$.pipe(
          filter((event) => {
            note(line, event);
            const isWanting = ({ refused }: Line): boolean => refused.has(`${event.kind} ${symbolOf(event)}`);
            return isMarketEvent(event) && lines.some((other) => other !== line && isWanting(other));
          }),
          // The desk shows the end of a line by its own feed.
          catchError(() => EMPTY),
        ),
      ),
    );
  });

const symbolOf = (event: FeedEvent): string => ('symbol' in event ? event.symbol : '');

const note = ({ refused }: Line, event: FeedEvent): void => {
  if (event.kind === 'disconnected') refused.clear();
  if (event.kind !== 'refused' && event.kind !== 'subscribed') return;
  for (const key of event.topics.map(({ channel, symbol }) => `${channel} ${symbol}`)) {
    if (event.kind === 'refused') refused.add(key);
    else refused.delete(key);
  }
};
