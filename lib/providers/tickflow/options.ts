import { checkCredential, type Credential } from '../../session/credential.js';
import {
  checkConnections,
  checkFeedOptions,
  checkOneOf,
  checkUrl,
  type FeedOptions,
} from '../../session/FeedOptions.js';
import type { Topics } from '../../session/wish.js';
import { DEFAULT_URL, endpoints, SILENCE, type TickflowEndpoint } from './protocol.js';

/** What `tickflow` takes: the account, and what is wanted. */
export interface TickflowOptions extends FeedOptions {
  /** The API key, or a function that supplies one and is asked before each attempt. It travels in the address. */
  readonly apiKey: Credential;
  /** Quotes and depth; an Observable may change them. There is no connection before the first topic. */
  readonly topics: Topics;
  /** Defaults to `wss://api.tickflow.org`; the path of the endpoint is appended. */
  readonly url?: string | undefined;
  /** Defaults to `stream`; the legacy `quotes` serves no depth. */
  readonly endpoint?: TickflowEndpoint | undefined;
  /** How many feeds this process may have on one key. Defaults to no limit: the vendor states none. */
  readonly connections?: number | undefined;
}

/** The options with their defaults; throws `InvalidOption` for those that make no sense. */
export const tickflowSettings = (options: TickflowOptions) => {
  checkFeedOptions(options);
  checkCredential('apiKey', options.apiKey);
  const endpoint = checkOneOf('endpoint', options.endpoint ?? 'stream', endpoints);
  return {
    endpoint,
    address: `${checkUrl(options.url ?? DEFAULT_URL)}/v1/ws/${endpoint}`,
    connections: checkConnections(options.connections ?? Infinity),
    within: options.heartbeat?.within ?? SILENCE,
    /** Where nobody shows us the vendor's pings, silence is watched only on request. */
    unheard: options.heartbeat?.within !== undefined,
  };
};
