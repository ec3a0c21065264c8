import { asyncScheduler, defer, finalize, Subject, takeUntil, type Observable } from 'rxjs';
import type { FeedError } from '../model/errors.js';
import { isVirtual } from '../model/steadyClock.js';
import { nodePlatform } from '../transport/nodePlatform.js';
import type { OpenSocket } from '../transport/SocketLike.js';
import type { Entry, Stamp } from './Entry.js';
import { recorded } from './recorded.js';
import type { Sink } from './Sink.js';

/** What a feed takes from the tape instead of the network: to be spread into the options of its factory. */
export interface Tape {
  /** The sockets: live ones that are listened to, or those of the cassette. */
  readonly openSocket: OpenSocket;
  /** When the recording asked for its next connection; only when it is replayed. */
  readonly backoff?: (attempt: number, cause: FeedError) => number;
  /** No limit, when it is replayed: a tape kicks nobody. */
  readonly connections?: number;
}

/** Makes the feed that is recorded or replayed, and what is built on it. */
export type MakeTaped<T> = (tape: Tape) => Observable<T>;

/** The sockets and the clock of a recording, and who is told when it fails. */
export interface RecordOptions {
  /** Opens the sockets. Defaults to Node's. */
  readonly openSocket?: OpenSocket | undefined;
  /**
   * A clock that is never set, in milliseconds: a replay goes by it. Defaults to `performance.now`, and to the clock of
   * RxJS where a recording begins in virtual time.
   */
  readonly monotonic?: (() => number) | undefined;
  /** Told when the sink fails; the feed then goes on unrecorded. Without it the feed fails with the same error. */
  readonly onFailure?: ((error: Error) => void) | undefined;
}

/**
 * The feed, unchanged; while it is subscribed, all that its sockets do goes to the sink, in both directions and without
 * credentials.
 *
 * Cold: each subscription is a recording. Fails with what the sink fails with, unless there is an `onFailure`.
 *
 * @example
 * record((tape) => itick({ token, market: 'stock', topics, ...tape }), fileSink('tape.ndjson.gz'))
 */
export const record = <T>(
  makeFeed: MakeTaped<T>,
  sink: Sink,
  { openSocket = nodePlatform.openSocket, monotonic: given, onFailure }: RecordOptions = {},
): Observable<T> =>
  defer(() => {
    const monotonic = given ?? monotonicNow();
    const beganAt = monotonic();
    const stamp = (): Stamp => ({ wall: asyncScheduler.now(), mono: monotonic() - beganAt });
    const failure$ = new Subject<never>();
    const track = sink.start(onFailure ?? ((error) => failure$.error(error)));
    const write = (entry: Entry): void => track.write(entry);

    let connections = 0;
    const tape: Tape = {
      openSocket: recorded(openSocket, () => {
        connections += 1;
        const connection = connections;
        return (happening) => write({ ...stamp(), connection, ...happening });
      }),
    };
    write({ what: 'start', ...stamp(), standing: [] });
    return defer(() => makeFeed(tape)).pipe(takeUntil(failure$), finalize(track.end));
  });

/** One clock for a whole recording. Asked twice, as the machine may have been busy between two readings. */
const monotonicNow = (): (() => number) =>
  isVirtual(asyncScheduler.now()) && isVirtual(asyncScheduler.now())
    ? () => asyncScheduler.now()
    : () => performance.now();
