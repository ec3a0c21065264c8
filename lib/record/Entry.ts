/** When it happened. */
export interface Stamp {
  /** By the RxJS clock, in epoch milliseconds. */
  readonly wall: number;
  /** By a clock that is never set, in milliseconds since the recording began. */
  readonly mono: number;
}

/** What a socket does, and what is done to it. Every text is without credentials. */
export type Happening =
  /** A connection was asked for; the url has its query's names and no values. */
  | { readonly what: 'connect'; readonly url: string }
  | { readonly what: 'open' }
  | { readonly what: 'in'; readonly frame: string }
  /** A frame that is no UTF-8, in base64. */
  | { readonly what: 'binary'; readonly base64: string }
  | { readonly what: 'out'; readonly frame: string }
  /** A protocol-level ping of the peer. */
  | { readonly what: 'ping' }
  | { readonly what: 'close'; readonly code: number; readonly reason: string; readonly byUs: boolean }
  /** The upgrade was answered with an HTTP status. */
  | { readonly what: 'refused'; readonly status: number; readonly retryAfter: string; readonly reason: string }
  | { readonly what: 'error'; readonly message: string };

/** A connection that lasts: how it was asked for, whether it is open, and how the vendor greeted us. */
export interface Standing {
  readonly connection: number;
  /** The address, with its query's names and no values. */
  readonly url: string;
  readonly open: boolean;
  /** What the peer said before our last word of the first second: the login is in there, the market is not. */
  readonly greeting: readonly string[];
}

/** A recording begins, or goes on in a new file. */
export interface Start extends Stamp {
  readonly what: 'start';
  /** The connections that are there already. */
  readonly standing: readonly Standing[];
}

/** Frames that the disk was too slow for. */
export interface Lost extends Stamp {
  readonly what: 'lost';
  readonly count: number;
  /** What their lines would have taken. */
  readonly bytes: number;
}

/** Something that a socket did, by the number of its connection, from 1. */
export type SocketEntry = Stamp & { readonly connection: number } & Happening;

/** One line of a cassette. */
export type Entry = Start | Lost | SocketEntry;
