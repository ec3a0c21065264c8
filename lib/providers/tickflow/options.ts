import { InvalidOption } from '../../model/errors.js';
import { checkCredential, type Credential } from '../../session/credential.js';
import {
  checkConnections,
  checkFeedOptions,
  checkOneOf,
  checkUrl,
  type FeedOptions,
} from '../../session/FeedOptions.js';
import type { Topics } from '../../session/wanted.js';
import { DEFAULT_URL, endpoints, SILENCE, type TickflowEndpoint } from './protocol.js';

/** What `tickflow` takes: the account, and what is wanted. */
export interface TickflowOptions extends Omit<FeedOptions, 'authTimeout' | 'heartbeat'> {
  /** The API key, or a function that supplies one and is asked before each attempt. It travels in the address. */
  readonly apiKey: Credential;
  /** Quotes and depth; an Observable may change them. There is no connection before the first topic. */
  readonly topics: Topics;
  /**
   * The host; the path of the endpoint is appended.
   *
   * @defaultValue `'wss://api.tickflow.org'`
   */
  readonly url?: string | undefined;
  /**
   * Which of the vendor's endpoints; the legacy `quotes` serves no depth.
   *
   * @defaultValue `'stream'`
   */
  readonly endpoint?: TickflowEndpoint | undefined;
  /** When silence is taken for a dead link. The vendor pings and takes no ping of ours, so there is no `every`. */
  readonly heartbeat?:
    | {
        /**
         * Milliseconds of silence, pings included, after which the link is taken for dead.
         *
         * @defaultValue `75_000` where pings are seen; elsewhere silence is not watched
         */
        readonly within?: number | undefined;
      }
    | undefined;
  /**
   * How many feeds this process may have on one key.
   *
   * @defaultValue `Infinity`: the vendor states none
   */
  readonly connections?: number | undefined;
}

/** The options with their defaults; throws `InvalidOption` for those that make no sense. */
export const tickflowSettings = (options: TickflowOptions) => {
  checkNoLogin(options);
  checkFeedOptions(options);
  checkCredential('apiKey', options.apiKey);
  const endpoint = checkOneOf('endpoint', options.endpoint ?? 'stream', endpoints);
  return {
    endpoint,
    address: `${checkUrl(options.url ?? DEFAULT_URL)}/v1/ws/${endpoint}`,
    connections: checkConnections(options.connections ?? Infinity),
    within: options.heartbeat?.within ?? SILENCE,
    /** Where the platform hides the vendor's pings, silence is watched only on request. */
    watchSilence: options.heartbeat?.within !== undefined,
  };
};

/** What other vendors have, and this one has not. */
const checkNoLogin = ({ heartbeat, authTimeout }: FeedOptions): void => {
  if (authTimeout !== undefined) {
    throw new InvalidOption('authTimeout', authTimeout, 'TickFlow has no login to wait for');
  }
  if (heartbeat?.every !== undefined) {
    throw new InvalidOption('heartbeat.every', heartbeat.every, 'TickFlow pings by itself; say only `within`');
  }
};
