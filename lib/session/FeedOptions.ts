import { isObservable } from 'rxjs';
import { checkCount, checkTimeout, checkWhole, checkWord } from '../model/check.js';
import { InvalidOption } from '../model/errors.js';
import type { Backoff } from '../model/outage.js';
import type { OpenSocket } from '../transport/SocketLike.js';
import type { Probe } from './detectRefusal.js';

/** What every provider takes. */
export interface FeedOptions {
  /**
   * The name of this feed, in the `feed` of its events. Give two feeds that are merged names of their own.
   *
   * @defaultValue the provider, for iTick with its market: `itick:stock`
   */
  readonly name?: string | undefined;
  /**
   * How long to wait before each attempt.
   *
   * @defaultValue `exponential()`: full jitter, 500 ms doubling up to 30 s
   */
  readonly backoff?: Backoff | undefined;
  /**
   * The longest wait that a vendor may ask for, in milliseconds, by a `Retry-After` or by a text as `retry in 30 s`; a
   * backoff of yours may wait longer. The cause has what was asked for.
   *
   * @defaultValue `3_600_000`, an hour
   */
  readonly maxRetryAfter?: number | undefined;
  /** When silence is taken for a dead link. The defaults are those of each provider. */
  readonly heartbeat?:
    | {
        /** Milliseconds between two pings. */
        readonly every?: number | undefined;
        /** Milliseconds of silence, pings included, after which the link is taken for dead. */
        readonly within?: number | undefined;
      }
    | undefined;
  /**
   * Milliseconds a socket may take to open.
   *
   * @defaultValue `10_000`
   */
  readonly connectTimeout?: number | undefined;
  /**
   * After how many failed attempts the feed ends with `HandshakeRefused`, if no socket has ever opened and the platform
   * hides refusals, as browsers do.
   *
   * @defaultValue `8`, some half a minute; `Infinity` never stops trying
   */
  readonly connectAttempts?: number | undefined;
  /**
   * Asked after each of those attempts: a cheap REST call with the same credential, as `() => fetch(url, { headers })`. HTTP 401
   * and 403 end the feed with `Unauthorized`; whatever else it says, or if it fails, the network was lost.
   */
  readonly probe?: Probe | undefined;
  /**
   * Milliseconds the vendor may take to answer the login.
   *
   * @defaultValue `10_000`
   */
  readonly authTimeout?: number | undefined;
  /**
   * The largest frame to accept, in bytes; a larger one costs the connection.
   *
   * @defaultValue 4 MiB: some ten times the largest frame of a vendor, and what a hostile one of that size costs to
   * read stays below a second
   */
  readonly maxFrameBytes?: number | undefined;
  /**
   * Whether to offer permessage-deflate; it costs 20 to 40 times the CPU per message.
   *
   * @defaultValue `false`
   */
  readonly compress?: boolean | undefined;
  /** Opens the socket: for tests, proxies, zones and workers. */
  readonly openSocket?: OpenSocket | undefined;
}

/** Throws `InvalidOption` for the first of these options that makes no sense. */
export const checkFeedOptions = (options: FeedOptions): void => {
  checkObject(options);
  const { name, heartbeat = {}, connectAttempts = 1, maxFrameBytes = 1 } = options;
  checkName(name);
  for (const option of ['backoff', 'openSocket', 'probe'] as const) checkFunction(option, options[option]);
  checkCount('connectAttempts', connectAttempts);
  for (const option of ['maxRetryAfter', 'connectTimeout', 'authTimeout'] as const) {
    checkTimeout(option, options[option]);
  }
  for (const option of ['every', 'within'] as const) checkTimeout(`heartbeat.${option}`, heartbeat[option]);
  if ((heartbeat.within ?? Infinity) < (heartbeat.every ?? 0)) {
    const problem = 'a silence shorter than `every` would end every quiet link before its first ping';
    throw new InvalidOption('heartbeat.within', heartbeat.within, problem);
  }
  checkWhole('maxFrameBytes', maxFrameBytes, 'bytes');
};

/**
 * Throws `InvalidOption` unless the address is an absolute ws: or wss: one, or for a REST interface an http: or https: one;
 * returns it without a trailing slash. `option` is its name.
 */
export const checkUrl = (url: string, scheme: 'ws' | 'http' = 'ws', option = 'url'): string => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !(parsed.protocol === `${scheme}:` || parsed.protocol === `${scheme}s:`)) {
    // What may hold a credential is not repeated.
    const shown = /[?#@]/.test(url) ? undefined : url;
    const problem = `it starts with ${scheme}s:// or ${scheme}://, as ${scheme}s://api.example.org does`;
    throw new InvalidOption(option, shown, problem);
  }
  if (parsed.search || parsed.hash || parsed.username || parsed.password) {
    throw new InvalidOption(
      option,
      undefined,
      'it holds more than scheme, host and path; give credentials in their own option',
    );
  }
  return url.trim().replace(/\/+$/, '');
};

/** Throws `InvalidOption` unless the value is one of those allowed. */
export const checkOneOf: <T extends string>(option: string, value: T, allowed: readonly T[]) => T = checkWord;

/** Throws `InvalidOption` unless the plan's number of connections is a whole number or without limit. */
export const checkConnections = (connections: number): number => checkCount('connections', connections);

/** Throws `InvalidOption` for what is no object of options. */
export const checkObject = (options: unknown): void => {
  if (typeof options !== 'object' || options === null || isObservable(options)) {
    throw new InvalidOption('options', undefined, 'the factory takes one object with all options');
  }
};

/** Longer names are a mistake, such as a whole configuration. */
const LONGEST_NAME = 64;

/** Throws `InvalidOption` for what is no name of a feed. */
export const checkName = (name: unknown): void => {
  if (name !== undefined && !(typeof name === 'string' && name !== '' && name.length <= LONGEST_NAME)) {
    throw new InvalidOption('name', name, `it is a text of 1 to ${LONGEST_NAME} characters`);
  }
};

/** Throws `InvalidOption` for what is there and no function. */
export const checkFunction = (option: string, value: unknown): void => {
  if (value !== undefined && typeof value !== 'function') throw new InvalidOption(option, value, 'it is a function');
};
