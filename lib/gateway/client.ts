import {
  asyncScheduler,
  catchError,
  concatMap,
  map,
  of,
  ReplaySubject,
  Subject,
  Subscription,
  type Observable,
} from 'rxjs';
import { NORMAL, POLICY } from '../model/closeCodes.js';
import { isFeedError } from '../model/isRecoverable.js';
import { topicKey, type Topic } from '../model/topic.js';
import { writeEnd, type End } from '../nats/wire.js';
import { topicsIn } from '../share/foreign.js';
import type { SharedFeed } from '../share/shareFeed.js';
import { outbox, type Bounds } from './outbox.js';
import { readWish } from './wire.js';

/** The part of a socket of `ws` that is used here. */
export interface GatewaySocket {
  readonly bufferedAmount: number;
  readonly send: (text: string, sent: (error?: Error) => void) => void;
  readonly close: (code?: number, reason?: string) => void;
  readonly terminate: () => void;
  readonly ping: () => void;
  readonly on: (event: 'message' | 'close' | 'error' | 'pong', listener: (data: unknown) => void) => unknown;
}

/** How a client of a gateway is doing. */
export interface GatewayClient {
  /** What it may have of what it wants. */
  readonly topics: readonly Topic[];
  /** How many of its events gave way to later ones, as it was slow. */
  readonly conflated: number;
  /** How many of its events were lost, as it was too slow. */
  readonly lost: number;
  /** How many events wait for it. */
  readonly waiting: number;
}

/** Which of these topics a client may have. */
export type Ask = (topics: readonly Topic[]) => Observable<readonly Topic[]>;

/** In beats: how long a client may answer nothing, and when it is pinged. */
const PATIENCE = 20;
const PING_EVERY = 10;
/** In characters: a list of thousands of topics is shorter. */
const LONGEST_WISH = 2 ** 20;

/** One client of a gateway. `impossible` has, by key, the topics that the vendor of the feed can never serve, and why. */
export const client = (
  socket: GatewaySocket,
  shared: SharedFeed,
  ask: Ask,
  bounds: Bounds,
  impossible: Map<string, string>,
) => {
  const wishes$ = new Subject<readonly Topic[]>();
  const topics$ = new ReplaySubject<readonly Topic[]>(1);
  const work = new Subscription();
  const permitted = new Map<string, boolean>();
  /** Topics for which the feed began anew: once, as they are not asked for again. */
  const blamed = new Set<string>();
  let wanted: readonly Topic[] = [];
  let topics: readonly Topic[] = [];
  let watching = Subscription.EMPTY;
  let silence = 0;

  const send = (text: string, sent: () => void): void =>
    socket.send(text, (error) => {
      if (!error && !work.closed) sent();
    });
  const out = outbox({ send, buffered: () => socket.bufferedAmount }, bounds, () => watch());

  const end = (said: End): void => {
    out.end(writeEnd(said));
    socket.close(NORMAL);
    leave();
  };
  const refuse = (refused: readonly Topic[], reason: string): void => {
    if (refused.length === 0) return;
    const names = { provider: 'gateway', feed: 'gateway', receivedAt: asyncScheduler.now() };
    out.add({ kind: 'refused', ...names, topics: refused, reason });
  };
  const set = (fresh: readonly Topic[]): void => {
    topics = wanted.filter((topic) => permitted.get(topicKey(topic)) && !impossible.has(topicKey(topic)));
    // A hole of the client may end with what comes next, and ends now.
    out.beat();
    topics$.next(topics);
    refuse(
      fresh.filter((topic) => !permitted.get(topicKey(topic))),
      'the gateway does not permit it',
    );
    for (const topic of fresh) {
      const reason = impossible.get(topicKey(topic));
      if (reason !== undefined && permitted.get(topicKey(topic))) refuse([topic], reason);
    }
  };
  const fail = (error: unknown): void => {
    const [topic] = (isFeedError(error) && error._tag === 'InvalidTopic' && topicsIn([error.value])) || [];
    if (!topic || blamed.has(topicKey(topic)))
      return end({ failed: error instanceof Error ? error : new Error(String(error)) });
    // What one client asks for must not end the feed of the others.
    blamed.add(topicKey(topic));
    impossible.set(topicKey(topic), (error as Error).message);
    set(wanted.filter((one) => topicKey(one) === topicKey(topic)));
    out.begin();
  };
  /** Begins anew. What was watched before is left after that: else its topics would be withdrawn from the vendor in between. */
  function watch(): void {
    const before = watching;
    if (work.closed) return before.unsubscribe();
    out.beat();
    watching = new Subscription();
    watching.add(
      shared.watch(topics$).subscribe({
        next: (event) => out.add(event),
        error: fail,
        complete: () => end({ completed: true }),
      }),
    );
    before.unsubscribe();
  }
  function leave(): void {
    work.unsubscribe();
    watching.unsubscribe();
    out.drop();
  }

  const answered = (wish: readonly Topic[]): Observable<readonly Topic[]> => {
    wanted = wish;
    const keys = new Set(wish.map(topicKey));
    for (const key of permitted.keys()) if (!keys.has(key)) permitted.delete(key);
    const fresh = wish.filter((topic) => !permitted.has(topicKey(topic)));
    const allowed$ = fresh.length === 0 ? of([]) : ask(fresh).pipe(catchError(() => of([])));
    return allowed$.pipe(
      map((allowed) => {
        const may = new Set((topicsIn(allowed) ?? []).map(topicKey));
        for (const topic of fresh) permitted.set(topicKey(topic), may.has(topicKey(topic)));
        return fresh;
      }),
    );
  };
  work.add(wishes$.pipe(concatMap(answered)).subscribe(set));

  const hear = (data: unknown): void => {
    silence = 0;
    if (work.closed) return;
    const text = String(data);
    const wish = text.length > LONGEST_WISH ? undefined : readWish(text);
    if (wish) return wishes$.next(wish);
    leave();
    socket.close(POLICY, 'it is no message of this version');
  };
  socket.on('message', hear);
  socket.on('pong', () => (silence = 0));
  socket.on('error', () => undefined);
  watch();

  return {
    beat: (): void => {
      silence += 1;
      if (silence > PATIENCE) return socket.terminate();
      if (silence % PING_EVERY === 0) socket.ping();
      out.beat();
    },
    leave,
    facts: (): GatewayClient => ({ topics, ...out.facts() }),
  };
};
