import { catchError, map, throwError, type Observable } from 'rxjs';
import { isFeedError, type FeedEvent } from '../index.js';
import { itick } from '../providers/itick/index.js';
import { tickflow } from '../providers/tickflow/index.js';
import type { FeedConnection } from '../record/index.js';
import { printable } from './format.js';
import type { Source } from './Plan.js';

/** An event, and the name of the source it came from. */
export interface Heard {
  readonly source: string;
  readonly event: FeedEvent;
}

/** A feed that ended, in one line. */
export class SourceEnded extends Error {
  readonly _tag = 'SourceEnded';
}

/** How a feed reaches its vendor, where not as usual. */
export interface Through extends Partial<FeedConnection> {
  readonly url?: string | undefined;
}

/** The feed of a source. Throws `InvalidTopic` and `InvalidOption` at once; fails with `SourceEnded`. */
export const openSource = (source: Source, through: Through = {}): Observable<Heard> => {
  const { name } = source;
  return feedOf(source, through).pipe(
    map((event) => ({ source: name, event })),
    catchError((error: unknown) => throwError(() => new SourceEnded(`${name}: ${described(error)}`))),
  );
};

const feedOf = (source: Source, { url = source.url, ...connection }: Through): Observable<FeedEvent> => {
  const { topics, credential } = source;
  return source.vendor === 'itick'
    ? itick({ token: credential, market: source.market, topics, url, ...connection })
    : tickflow({ apiKey: credential, endpoint: source.endpoint, topics, url, ...connection });
};

const described = (error: unknown): string =>
  printable(isFeedError(error) ? `${error._tag}: ${error.message}` : String(error));
