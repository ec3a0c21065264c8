import type { BadCassette } from './errors.js';

/** A recording that can be read: from its beginning each time, and some entries at a time, so that memory stays flat. */
export interface Cassette {
  /** How errors call it: the path of its file. */
  readonly name: string;
  /**
   * All entries or, when kinds are named, all of these and each `start`: a file is read faster so. Fails with
   * `BadCassette` for a file that is not a cassette.
   */
  readonly blocks: (...only: readonly Entry['what'][]) => Iterable<readonly Entry[]> | AsyncIterable<readonly Entry[]>;
}

/** What happens to damage in a cassette. */
export interface ReadOptions {
  /**
   * Called with each line that cannot be read; the lines around it are read. Without it they are skipped in silence. Not
   * called when only some kinds of entries are read, as a replay does before it begins.
   */
  readonly onDamage?: ((damage: BadCassette) => void) | undefined;
}

/** When it happened. */
export interface Stamp {
  /** By the RxJS clock, in epoch milliseconds. */
  readonly wall: number;
  /** By a clock that is never set, in milliseconds since the recording began. */
  readonly mono: number;
}

/** What a socket does, and what is done to it. Every text is without credentials. */
export type SocketEvent =
  /** A connection was asked for; the url keeps the names of its query and loses the values. */
  | { readonly what: 'connect'; readonly url: string }
  | { readonly what: 'open' }
  | { readonly what: 'in'; readonly frame: string }
  /** A frame that is not UTF-8, in base64. */
  | { readonly what: 'binary'; readonly base64: string }
  | { readonly what: 'out'; readonly frame: string }
  /** A protocol-level ping of the peer. */
  | { readonly what: 'ping' }
  | { readonly what: 'close'; readonly code: number; readonly reason: string; readonly byUs: boolean }
  /** The upgrade was answered with an HTTP status. */
  | { readonly what: 'refused'; readonly status: number; readonly retryAfter: string; readonly reason: string }
  | { readonly what: 'error'; readonly message: string };

/** A connection that lasts: how it was asked for, whether it is open, and how the vendor greeted us. */
export interface ActiveConnection {
  readonly connection: number;
  /** The address, with the names of its query and without the values. */
  readonly url: string;
  readonly open: boolean;
  /** What the peer sent in the first second, up to our last frame: the login is in there, the market is not. */
  readonly greeting: readonly string[];
}

/** A recording begins, or goes on in a new file. */
export interface Start extends Stamp {
  readonly what: 'start';
  /** The connections that are there already. */
  readonly standing: readonly ActiveConnection[];
}

/** Frames that the disk was too slow for. */
export interface Lost extends Stamp {
  readonly what: 'lost';
  readonly count: number;
  /** What their lines would have taken. */
  readonly bytes: number;
}

/** Something that a socket did, by the number of its connection, from 1. */
export type SocketEntry = Stamp & { readonly connection: number } & SocketEvent;

/** What becomes of a request by HTTP. Every text is without credentials, and no header of ours is there. */
export type RequestEvent =
  /** The url keeps its query but for values under a telling name; the body is empty where there is none. */
  | { readonly what: 'request'; readonly method: string; readonly url: string; readonly body: string }
  /** The whole answer; of its headers those that `record` hands on, in small letters. */
  | {
      readonly what: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** No answer came, or none that could be read to its end. */
  | { readonly what: 'failed'; readonly message: string }
  /** We gave it up before there was an answer. */
  | { readonly what: 'aborted' };

/** Something that became of a request, by its number, from 1. */
export type RequestEntry = Stamp & { readonly request: number } & RequestEvent;

/** One line of a cassette. */
export type Entry = Start | Lost | SocketEntry | RequestEntry;
