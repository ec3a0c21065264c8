import type { Observable } from 'rxjs';
import type { MarketEvent } from '../../model/marketEvent.js';
import type { Topic } from '../../model/topic.js';
import type { OpenSocket } from '../../transport/SocketLike.js';
import type { FakeConnection } from '../fakeNetwork.js';
import type { MarketValue } from '../feeds.js';

/** Options of all scripted vendors. */
export interface VendorScript {
  /**
   * Topics it does not have; it says so in its own way.
   *
   * @defaultValue none
   */
  readonly unserved?: readonly Topic[] | undefined;
  /**
   * How many symbols the plan allows a connection; iTick counts over all types, TickFlow each channel, and Binance streams.
   *
   * @defaultValue no limit
   */
  readonly maxSymbols?: number | undefined;
  /**
   * Milliseconds between two events of each topic that is subscribed to, made up by the builders.
   *
   * @defaultValue none
   */
  readonly every?: number | undefined;
}

/** Options of a scripted iTick. */
export interface ItickScript extends VendorScript {
  /**
   * The one accepted token.
   *
   * @defaultValue `'demo'`
   */
  readonly token?: string | undefined;
  /**
   * Whether the login's ack repeats the token, as iTick has been seen to do.
   *
   * @defaultValue `false`
   */
  readonly echoToken?: boolean | undefined;
}

/** Options of a scripted TickFlow. */
export interface TickflowScript extends VendorScript {
  /**
   * The one accepted key.
   *
   * @defaultValue `'demo'`
   */
  readonly apiKey?: string | undefined;
}

/** Options of a scripted Binance, which serves everybody. The symbols of `unserved` do not exist. */
export type BinanceScript = VendorScript;

/** What each vendor's script may say. */
export interface VendorScripts {
  readonly itick: ItickScript;
  readonly tickflow: TickflowScript;
  readonly binance: BinanceScript;
}

/** The `fetch` of a scripted vendor. It answers within a tick of the RxJS clock. */
export type ScriptedFetch = (url: string) => Observable<{
  readonly status: number;
  readonly headers: { readonly get: (name: string) => string | null };
  readonly text: () => Observable<string>;
}>;

/**
 * What a vendor does at some moment: sends an event to all who asked for it, sends any text to all, or whatever a function
 * makes it do.
 */
export type VendorAct = MarketValue | string | ((vendor: ScriptedVendor) => void);

/** A vendor on a fake network. It answers as the real one does; the rest is up to the test. */
export interface ScriptedVendor {
  /** Hand it to a provider. */
  readonly openSocket: OpenSocket;
  /** The same for one that asks REST: of Binance it has whole books, and which symbols exist. HTTP 404 for all else. */
  readonly fetch: ScriptedFetch;
  /** Every connection ever made, oldest first. */
  readonly connections: readonly FakeConnection[];
  /** How many sockets were asked for, refused ones included. */
  readonly attempts: number;
  /** Connections that are logged in now. */
  readonly live: number;
  /** `live`, now and whenever it changes. */
  readonly live$: Observable<number>;
  /** Keys of the topics asked for, oldest first, over all connections, those refused included; see `topicKey`. */
  readonly asked: readonly string[];
  /** Keys of the topics unsubscribed, likewise. */
  readonly unsubscribed: readonly string[];
  /** Does one thing now. An event of a topic that no client asked for is not sent; a time of 0 is left out. */
  readonly act: (act: VendorAct) => void;
  /** Sends a text to all connections. */
  readonly say: (frame: string) => void;
  /** Ends all connections without a close frame. */
  readonly drop: () => void;
  /** Closes all connections. The code defaults to 1000. */
  readonly close: (code?: number, reason?: string) => void;
  /** Answers upgrades with an HTTP status from now on; `retryAfter` is the header as sent. */
  readonly refuse: (status: number, retryAfter?: string) => void;
  /** Ends `refuse`. */
  readonly accept: () => void;
  /** Keeps connections open, new ones too, and says nothing at all: no data, ack, pong or ping. Defaults to true. */
  readonly mute: (on?: boolean) => void;
}

/** The part of a `URL` that is read, spelled out for programs whose types know neither DOM nor Node. */
interface ClientUrl {
  readonly pathname: string;
  readonly searchParams: { get(name: string): string | null };
}

/** One client of a scripted vendor. */
export interface Client {
  readonly url: ClientUrl;
  readonly headers: Readonly<Record<string, string>>;
  /** What it is subscribed to, by key. */
  readonly topics: ReadonlyMap<string, Topic>;
  /** Accepts the socket. */
  readonly open: () => void;
  /** Refuses the socket. */
  readonly refuse: (status: number, reason: string) => void;
  /** From now on it counts as live. */
  readonly loggedIn: () => void;
  readonly subscribe: (topics: readonly Topic[]) => void;
  readonly unsubscribe: (topics: readonly Topic[]) => void;
  readonly say: (frame: string) => void;
  readonly ping: () => void;
  readonly close: () => void;
}

/** The protocol of a vendor. */
export interface Dialect {
  /** Opens or refuses a connection. */
  readonly meet: (client: Client) => void;
  /** The topics that a command names, to be counted as asked for or unsubscribed. */
  readonly read: (text: string) => { readonly asks: boolean; readonly topics: readonly Topic[] } | undefined;
  /** Answers what a client says. */
  readonly receive: (client: Client, text: string) => void;
  /** The frame that carries an event to a client; throws for an event the vendor has no frame for. */
  readonly frame: (event: MarketEvent) => (client: Client) => string;
  /** Answers a request of REST, where a feed sends some. */
  readonly answer?: ((url: ClientUrl) => { readonly status: number; readonly json: object }) | undefined;
  /** Whether its depths are numbered: each goes to all who asked for it, as one that is left out is a hole. */
  readonly isNumbered?: boolean | undefined;
  /** Milliseconds between the pings it sends, if it does. */
  readonly pingEvery: number | undefined;
}

/** How many distinct symbols there are. */
export const symbolsIn = (topics: Iterable<Topic>): number => new Set([...topics].map(({ symbol }) => symbol)).size;
