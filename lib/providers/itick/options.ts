import { InvalidOption, InvalidTopic } from '../../model/errors.js';
import type { Topic } from '../../model/topic.js';
import { checkCredential, type Credential } from '../../session/credential.js';
import {
  checkConnections,
  checkFeedOptions,
  checkOneOf,
  checkUrl,
  type FeedOptions,
} from '../../session/FeedOptions.js';
import type { Topics } from '../../session/wanted.js';
import type { Platform } from '../../transport/Platform.js';
import { hasChannel, TOP_OF_BOOK } from '../channels.js';
import { otherThan, remedyFor, type CodeThreeMeaning } from './codeThree.js';
import type { TickVolume } from './marketEvents.js';
import { channels, DEFAULT_URL, klineCodes, markets, PING_EVERY, PROVIDER, type ItickMarket } from './protocol.js';

/** How the token reaches the vendor: a request header, the query of the address, or a message after the socket opened. */
export type ItickAuth = 'header' | 'query' | 'message';

/** What `itick` takes: the account, what is wanted, and how the vendor is to be read. */
export interface ItickOptions extends FeedOptions {
  /** The API token, or a function that supplies one and is asked before each attempt. */
  readonly token: Credential;
  /** Which cluster to connect to; each takes a connection of its own. */
  readonly market: ItickMarket;
  /** What is wanted; an Observable may change it. There is no connection before the first topic. */
  readonly topics: Topics;
  /**
   * The host of your account, from the dashboard.
   *
   * @defaultValue `'wss://api.itick.org'`; the market is appended
   */
  readonly url?: string | undefined;
  /**
   * How the token travels; headers are impossible in browsers.
   *
   * @defaultValue `'header'` in Node, `'query'` in browsers
   */
  readonly auth?: ItickAuth | undefined;
  /**
   * What `v` of a tick means: the `size` of the execution, or the day's `cumulative` volume. The vendor's pages and its
   * users disagree.
   *
   * @defaultValue `'cumulative'` for `'stock'` and `'size'` elsewhere
   */
  readonly tickVolume?: TickVolume | undefined;
  /**
   * What the vendor's bars of code 3 are: `10m` on its older pages, `15m` on its newer ones. Asking for the other one
   * throws `InvalidTopic` then.
   *
   * @defaultValue `'detect'`: taken for `'15m'` until a bar shows that it is `'10m'`
   */
  readonly klineCode3?: CodeThreeMeaning | 'detect' | undefined;
  /**
   * How many connections per market the plan allows; one more feed in this process is `FeedInUse`.
   *
   * @defaultValue `1`
   */
  readonly connections?: number | undefined;
  /**
   * Over how many of these `connections` to spread the symbols of this feed, as one takes 500 of them. Those beyond the first
   * are opened when they are needed, and are links of their own: `itick:stock#2` and so on in the `feed` of their events.
   *
   * @defaultValue `1`
   */
  readonly shards?: number | undefined;
  /**
   * Whether to subscribe without waiting for the login to be answered, for clusters that do not.
   *
   * @defaultValue `false`
   */
  readonly assumeLogin?: boolean | undefined;
}

/** The options with their defaults; throws `InvalidOption` for those that make no sense. */
export const itickSettings = (options: ItickOptions, platform: Platform) => {
  checkFeedOptions(options);
  const { market, heartbeat = {}, shards = 1 } = options;
  checkCredential('token', options.token);
  checkOneOf('market', market, markets);
  const auth = checkOneOf('auth', options.auth ?? (platform.headers ? 'header' : 'query'), [
    'header',
    'query',
    'message',
  ]);
  if (auth === 'header' && !platform.headers) {
    throw new InvalidOption('auth', auth, 'a browser cannot send headers with a WebSocket; use query or message');
  }
  const tickVolume = options.tickVolume ?? (market === 'stock' ? 'cumulative' : 'size');
  const meaning = checkOneOf('klineCode3', options.klineCode3 ?? 'detect', ['detect', '10m', '15m']);
  const connections = checkConnections(options.connections ?? 1);
  if (!Number.isSafeInteger(shards) || shards < 1 || shards > connections) {
    throw new InvalidOption('shards', shards, `it is a whole number from 1 to connections, ${connections}`);
  }
  const within = heartbeat.within ?? 2 * (heartbeat.every ?? PING_EVERY);
  return {
    feed: options.name ?? `${PROVIDER}:${market}`,
    endpoint: `${checkUrl(options.url ?? DEFAULT_URL)}/${market}`,
    auth,
    meaning,
    check: checkServed(meaning),
    tickVolume: checkOneOf('tickVolume', tickVolume, ['size', 'cumulative']),
    unsized: market === 'forex' || market === 'indices',
    sizeUnit: market === 'stock' ? ('shares' as const) : undefined,
    connections,
    sockets: shards,
    every: heartbeat.every ?? Math.min(PING_EVERY, within / 2),
    within,
  };
};

/** Throws `InvalidTopic` for a channel the vendor has not, and for bars that its code 3 is known not to be. */
const checkServed =
  (meaning: CodeThreeMeaning | 'detect') =>
  (topic: Topic): void => {
    if (!hasChannel(channels, topic)) {
      const problem = `the channel is none of ${Object.keys(channels).join(', ')}, which iTick pushes`;
      throw new InvalidTopic(topic, topic.channel === 'bbo' ? `${problem}; ${TOP_OF_BOOK}` : problem);
    }
    if (topic.channel === 'kline' && (topic.interval === otherThan[meaning] || !klineCodes[topic.interval])) {
      throw new InvalidTopic(topic, remedyFor(topic.interval));
    }
  };
