import { asyncScheduler, catchError, defer, EMPTY, isObservable, lastValueFrom, Observable, tap } from 'rxjs';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Topic } from '../../../lib/model/topic.js';
import { memorySink, record, replay, type Cassette, type FeedConnection } from '../../../lib/record/index.js';
import type { ContractStage } from '../../../lib/testing/contract/stage.js';
import type { Line } from './stages.js';

type Topics = Parameters<ContractStage['feed']>[0];

/** Makes the feed of a provider, live or from a tape. */
export type MakeFeed = (
  topics: Topics,
  credential: string,
  from: Partial<FeedConnection> & Line,
) => Observable<FeedEvent>;

interface Change {
  readonly at: number;
  /** Whether the feed had said something: what is wanted may have been changed in answer to it. */
  readonly inAnswer: boolean;
  readonly topics: readonly Topic[];
}

/** A feed that was on stage: its cassette, what was wanted when, and all that it said. */
export interface Taped {
  readonly cassette: () => Cassette;
  readonly topics: readonly Topic[] | undefined;
  readonly changes: readonly Change[];
  readonly said: readonly unknown[];
}

export interface TapedStage {
  readonly stage: ContractStage;
  /** All feeds that were subscribed, in that order. */
  readonly tapes: readonly Taped[];
}

/** A stage whose feeds are all recorded, each on a cassette of its own. */
export const tapedStage = (
  stage: ContractStage,
  { openSocket, fetch }: Pick<Line, 'openSocket' | 'fetch'>,
  makeFeed: MakeFeed,
): TapedStage => {
  const tapes: Taped[] = [];
  const feed: ContractStage['feed'] = (topics, credential = stage.credential ?? '') =>
    defer(() => {
      const { cassette, ...sink } = memorySink();
      const changes: Change[] = [];
      const said: unknown[] = [];
      tapes.push({ cassette, topics: isObservable(topics) ? undefined : topics, changes, said });
      const noted = isObservable(topics)
        ? topics.pipe(
            tap((some) => changes.push({ at: asyncScheduler.now(), inAnswer: said.length > 0, topics: some })),
          )
        : topics;
      const monotonic = (): number => asyncScheduler.now();
      return record((connection) => makeFeed(noted, credential, connection), sink, {
        openSocket,
        fetch,
        monotonic,
      }).pipe(
        tap({
          next: (event) => said.push(event),
          error: (error: unknown) => said.push(error),
        }),
      );
    });
  return { stage: { ...stage, feed }, tapes };
};

/** A list that was changed in answer to something comes after all else of its millisecond. */
const AFTER = 0.5;

const changedAgain = (changes: readonly Change[]): Observable<readonly Topic[]> =>
  new Observable((subscriber) => {
    changes.forEach(({ at, inAnswer, topics }) => {
      const wait = at - asyncScheduler.now() + (inAnswer ? AFTER : 0);
      const change = (): void => subscriber.next(topics);
      if (wait > 0) subscriber.add(asyncScheduler.schedule(change, wait));
      else change();
    });
  });

/** What the same provider says of the cassette. */
export const saidAgain = async (taped: Taped, makeFeed: MakeFeed): Promise<readonly unknown[]> => {
  const { cassette, topics, changes } = taped;
  const replayed$ = replay(
    cassette(),
    (connection) => makeFeed(topics ?? changedAgain(changes), 'key-of-a-replay', connection),
    {
      speed: Infinity,
    },
  );
  const said: unknown[] = [];
  const heard$ = replayed$.pipe(
    tap((event) => said.push(event)),
    catchError((error: unknown) => {
      said.push(error);
      return EMPTY;
    }),
  );
  await lastValueFrom(heard$, { defaultValue: undefined });
  return said;
};
