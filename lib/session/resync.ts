import {
  concatWith,
  ignoreElements,
  map,
  Observable,
  of,
  retry,
  Subscription,
  switchMap,
  tap,
  timer,
  type OperatorFunction,
} from 'rxjs';
import { checkTimeout, checkWhole } from '../model/check.js';
import { ABNORMAL } from '../model/closeCodes.js';
import { ConnectionLost, InvalidOption, SequenceGap } from '../model/errors.js';
import type { Depth } from '../model/marketEvent.js';
import type { Backoff } from '../model/outage.js';
import { previousOf, stepOf, type DepthSequence } from '../model/sequence.js';
import { canonicalSymbol } from '../model/symbol.js';
import type { Session } from '../transport/Session.js';
import { exponential } from './backoff.js';
import { checkFunction } from './FeedOptions.js';
import { turn } from './sends.js';
import { isServedNews } from './servedNews.js';

/** How the numbered books of one vendor are put together. */
export interface ResyncOptions<Out> {
  /**
   * Asks for the whole book of a symbol; unsubscribing gives that up. For a vendor that gives snapshots in its stream only, it sends the
   * command and completes. It is called again where it fails, where its book is too old, and where none comes `within` a time.
   *
   * @defaultValue none: a hole is a `SequenceGap`, which ends the session
   */
  readonly snapshot?: ((symbol: string, send: (message: Out) => void) => Observable<Depth>) | undefined;
  /**
   * Whether the vendor pushes a snapshot by itself when depth is subscribed. It is waited for then, and `snapshot` is called only where it
   * does not come `within` that time, or after a hole; it waits for its turn where the vendor limits the rate of messages.
   *
   * @defaultValue `false`
   */
  readonly pushed?: boolean | undefined;
  /**
   * The numbers that a depth covers; undefined for one that has none, which passes as it is.
   *
   * @defaultValue its `sequence`
   */
  readonly range?: ((depth: Depth) => DepthSequence | undefined) | undefined;
  /**
   * How long to wait before a snapshot is asked for again.
   *
   * @defaultValue `exponential()`
   */
  readonly backoff?: Backoff | undefined;
  /**
   * Milliseconds that a snapshot may take to come in the stream, once `snapshot` has completed without one.
   *
   * @defaultValue `3_000`
   */
  readonly within?: number | undefined;
  /**
   * How many updates of a symbol are held while its snapshot is awaited. Of more the oldest are forgotten, and the snapshot has to
   * be newer.
   *
   * @defaultValue `1_000`
   */
  readonly held?: number | undefined;
}

/** The book of one symbol in one session. */
interface Book {
  readonly symbol: string;
  /** The last number that was emitted; undefined while a snapshot is awaited. */
  at: number | undefined;
  /** The updates since the last hole. */
  held: Depth[];
  asking: Subscription;
}

/**
 * Puts numbered books together, and mends them after a hole. Put it below `keepSubscribed`, last in the pipe.
 *
 * The snapshot of a symbol is asked for when its depth is `subscribed`, and updates are held until it comes; those that are newer
 * follow it. A number that is missing later is a hole in that book alone: the update behind it passes, so that `orderBook` says
 * `valid: false`, and a new snapshot is asked for. What was seen before is dropped. All of it ends with the session.
 *
 *     session    s--u1-u2----u3-u3-u5--u6------   s `subscribed`
 *     snapshots  a--------1---------a-------5     a asked for
 *     result     s--------12-u3----u5-------56-
 *
 * @example
 * sessions$.pipe(keepSubscribed(wanted, protocol), resync({ snapshot: (symbol) => rest.depth(symbol) }))
 */
export const resync = <In extends { readonly kind: string }, Out>(
  options: ResyncOptions<Out>,
): OperatorFunction<Session<In, Out>, Session<In | Depth, Out>> => {
  for (const option of ['snapshot', 'range', 'backoff'] as const) checkFunction(option, options[option]);
  checkTimeout('within', options.within);
  checkWhole('held', options.held ?? 1, 'updates');
  return map((session) => ({ ...session, messages$: resynced(session, options) }));
};

const resynced = <In extends { readonly kind: string }, Out>(
  { messages$, send, sends }: Pick<Session<In, Out>, 'messages$' | 'send' | 'sends'>,
  options: ResyncOptions<Out>,
): Observable<In | Depth> =>
  new Observable((subscriber) => {
    const { snapshot, pushed = false, range = sequenceOf, backoff = exponential() } = options;
    const { within = 3_000, held: most = 1_000 } = options;
    const books = new Map<string, Book>();
    /** The numbers of books that were pushed before the vendor's answer: `subscribed` comes because of them, or after. */
    const early = new Map<string, number>();

    const ask = (book: Book, wait = 0): void => {
      book.asking.unsubscribe();
      book.asking = new Subscription();
      if (!snapshot) return;
      const turn$ = pushed ? timer(wait).pipe(switchMap(() => turn({ sends }))) : of(0);
      const asked$ = turn$.pipe(
        switchMap(() => snapshot(book.symbol, send)),
        tap((depth) => restart(book, depth)),
        concatWith(timer(within).pipe(map(notCome))),
        ignoreElements(),
        retry({ delay: (_, attempt) => timer(backoff(attempt, new ConnectionLost(ABNORMAL, 'no snapshot'))) }),
      );
      // `restart` may run within, and ends it.
      book.asking.add(asked$.subscribe());
    };

    const begin = (symbol: string): void => {
      const key = canonicalSymbol(symbol);
      if (books.has(key)) return;
      const book: Book = { symbol, at: early.get(key), held: [], asking: new Subscription() };
      early.delete(key);
      books.set(key, book);
      if (book.at === undefined) ask(book, within);
    };
    const end = (symbol: string): void => {
      const key = canonicalSymbol(symbol);
      books.get(key)?.asking.unsubscribe();
      books.delete(key);
      early.delete(key);
    };

    /** A snapshot came, from wherever; throws where updates behind it are missing. */
    const restart = (book: Book, depth: Depth): void => {
      const { held } = book;
      const last = range(depth)?.last;
      if (last === undefined) {
        subscriber.error(new InvalidOption('snapshot', book.symbol, 'its book has no `sequence`'));
        return;
      }
      const first = held[0] && range(held[0]);
      if (first && previousOf(first) > last) throw new Error('the snapshot is too old');
      book.asking.unsubscribe();
      book.held = [];
      book.at = last;
      subscriber.next(depth);
      for (const update of held) if (!isCovered(range(update), last)) follow(book, update);
    };

    const follow = (book: Book, depth: Depth): void => {
      const sequence = range(depth);
      if (!sequence) return subscriber.next(depth);
      if (book.at === undefined) return hold(book, depth, sequence);
      switch (stepOf(sequence, book.at)) {
        case 'old':
          return;
        case 'next':
          book.at = sequence.last;
          return subscriber.next(depth);
        case 'hole':
          if (!snapshot) return subscriber.error(new SequenceGap(book.symbol, book.at, sequence));
          book.at = undefined;
          book.held = [depth];
          subscriber.next(depth);
          ask(book);
      }
    };

    const hold = (book: Book, depth: Depth, sequence: DepthSequence): void => {
      const before = book.held.at(-1);
      const step = before ? stepOf(sequence, range(before)?.last ?? NaN) : 'next';
      if (step === 'old') return;
      // What is before a hole is of no use: the snapshot has to be newer.
      if (step === 'hole') book.held = [];
      book.held.push(depth);
      if (book.held.length > most) book.held.shift();
    };

    const take = (depth: Depth): void => {
      // Nothing is asked for a symbol that is not served: its data are late, or were never asked for.
      const key = canonicalSymbol(depth.symbol);
      const book = books.get(key);
      if (!book) {
        noteEarly(key, depth);
        return subscriber.next(depth);
      }
      if (depth.type === 'update') return follow(book, depth);
      try {
        restart(book, depth);
      } catch {
        // Updates that came before it are newer.
      }
    };

    const noteEarly = (key: string, depth: Depth): void => {
      const sequence = range(depth);
      const at = early.get(key);
      early.delete(key);
      if (!sequence) return;
      const step = depth.type === 'snapshot' ? 'next' : at === undefined ? 'hole' : stepOf(sequence, at);
      if (step === 'hole') return;
      if (early.size >= MOST_EARLY) early.clear();
      early.set(key, step === 'next' || at === undefined ? sequence.last : at);
    };

    subscriber.add(() => books.forEach(({ asking }) => asking.unsubscribe()));
    return messages$.subscribe({
      next: (message) => {
        if (isDepth(message)) return take(message);
        subscriber.next(message);
        if (isServedNews(message)) {
          for (const { channel, symbol } of message.topics) {
            if (channel === 'depth') (message.kind === 'subscribed' ? begin : end)(symbol);
          }
        }
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
  });

const sequenceOf = ({ sequence }: Depth): DepthSequence | undefined => sequence;

/** Bounds the memory against symbols that a peer makes up. */
const MOST_EARLY = 10_000;

/** Whether a snapshot with that number has all of an update. One that begins the numbers anew is not in it. */
const isCovered = (sequence: DepthSequence | undefined, last: number): boolean =>
  sequence !== undefined && sequence.last <= last && previousOf(sequence) < last;

const notCome = (): never => {
  throw new Error('no snapshot came in the stream');
};

const isDepth = (message: { readonly kind: string }): message is Depth => message.kind === 'depth';
