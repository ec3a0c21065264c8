import type { Observable } from 'rxjs';
import type { Topic } from '../../model/topic.js';
import type { OpenSocket } from '../../transport/SocketLike.js';
import type { MarketValue } from '../anEvent.js';
import type { FakeConnection } from '../fakeNetwork.js';

/** Options of both scripted vendors. */
export interface VendorScript {
  /**
   * Topics it does not have; it says so in its own way.
   *
   * @defaultValue none
   */
  readonly unserved?: readonly Topic[] | undefined;
  /**
   * How many symbols the plan allows a connection; iTick counts over all types, TickFlow each channel.
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

/** What each vendor's script may say. */
export interface VendorScripts {
  readonly itick: ItickScript;
  readonly tickflow: TickflowScript;
}

/**
 * What a vendor does at some moment: sends an event to all who asked for it, sends any text to all, or whatever a function
 * makes it do.
 */
export type VendorAct = MarketValue | string | ((vendor: ScriptedVendor) => void);

/** A vendor on a fake network. It answers as the real one does; the rest is up to the test. */
export interface ScriptedVendor {
  /** Hand it to a provider. */
  readonly openSocket: OpenSocket;
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
  /** Keys of the topics withdrawn, likewise. */
  readonly withdrawn: readonly string[];
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
