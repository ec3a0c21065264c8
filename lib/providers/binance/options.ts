import { checkLimits } from '../../history/budget.js';
import type { HistoryFetch } from '../../history/HistoryFetch.js';
import { checkTimeout, checkWhole } from '../../model/check.js';
import { InvalidOption } from '../../model/errors.js';
import { checkFeedOptions, checkFunction, checkUrl, type FeedOptions } from '../../session/FeedOptions.js';
import type { Topics } from '../../session/wanted.js';
import type { Platform } from '../../transport/Platform.js';
import { DEFAULT_REST_URL, DEFAULT_URL, PROVIDER, ROTATE_FROM, ROTATE_TO, SILENCE, WEIGHT } from './protocol.js';

/** What `binance` takes: what is wanted, and where it is had. There is no account and no key. */
export interface BinanceOptions extends FeedOptions {
  /** What is wanted; an Observable may change it. There is no connection before the first topic. */
  readonly topics: Topics;
  /**
   * The host of the streams; another one where yours is blocked.
   *
   * @defaultValue `'wss://data-stream.binance.vision'`
   */
  readonly url?: string | undefined;
  /**
   * The REST host: whole books come from it, and which symbols exist.
   *
   * @defaultValue `'https://data-api.binance.vision'`
   */
  readonly restUrl?: string | undefined;
  /**
   * Sends the requests.
   *
   * @defaultValue the platform's `fetch`
   */
  readonly fetch?: HistoryFetch | undefined;
  /**
   * How many levels a side a whole book has at first, 1 to 5 000. What lies beyond is not known until it changes. More levels weigh more: 100 weigh
   * 5, 500 weigh 25, 1 000 weigh 50, and 5 000 weigh 250 of the `budget`.
   *
   * @defaultValue `1_000`
   */
  readonly levels?: number | undefined;
  /**
   * Milliseconds after which a connection is succeeded by the next one, without a hole. The vendor ends each after 24 hours.
   *
   * @defaultValue 12 to 23 hours, by chance, so that feeds do not come all at once
   */
  readonly rotateAfter?: number | undefined;
  /**
   * How many connections the topics may be spread over. Each takes 1 024 topics and is a link of its own: the events of the second are of
   * the feed `binance#2`.
   *
   * @defaultValue `8`
   */
  readonly shards?: number | undefined;
  /**
   * What your address may use of REST, in the vendor's weights: at most `calls` in any `per` milliseconds, of all feeds and histories
   * of Binance in this process. A page of bars weighs 2, one of trades 4.
   *
   * @defaultValue `{ calls: 6_000, per: 60_000 }`
   */
  readonly budget?: { readonly calls: number; readonly per: number } | undefined;
}

const DEFAULT_SHARDS = 8;
const MOST_LEVELS = 5_000;
const DEFAULT_LEVELS = 1_000;
/** Where the platform hides the vendor's pings we ask something ourselves. */
const PING_EVERY = 25_000;

/** The options with their defaults; throws `InvalidOption` for those that make no sense. */
export const binanceSettings = (options: BinanceOptions, platform: Platform, random = Math.random) => {
  checkFeedOptions(options);
  if (options.authTimeout !== undefined) {
    throw new InvalidOption('authTimeout', options.authTimeout, 'Binance has no login to wait for');
  }
  const { levels = DEFAULT_LEVELS, heartbeat = {} } = options;
  if (!(Number.isInteger(levels) && levels >= 1 && levels <= MOST_LEVELS)) {
    throw new InvalidOption('levels', levels, `it is a whole number of levels a side, 1 to ${MOST_LEVELS}`);
  }
  checkTimeout('rotateAfter', options.rotateAfter);
  checkWhole('shards', options.shards ?? DEFAULT_SHARDS, 'connections');
  const within = heartbeat.within ?? Math.max(SILENCE, 2 * (heartbeat.every ?? 0));
  const every = heartbeat.every ?? (platform.headers ? undefined : Math.min(PING_EVERY, within / 2));
  return {
    feed: options.name ?? PROVIDER,
    endpoint: `${checkUrl(options.url ?? DEFAULT_URL)}/stream`,
    levels,
    every,
    within,
    shards: options.shards ?? DEFAULT_SHARDS,
    rotateAfter: options.rotateAfter ?? ROTATE_FROM + random() * (ROTATE_TO - ROTATE_FROM),
    ...restSettings(options),
  };
};

/** Those of them that are about REST. */
export const restSettings = ({ restUrl, fetch, budget }: Pick<BinanceOptions, 'restUrl' | 'fetch' | 'budget'>) => {
  checkFunction('fetch', fetch);
  return {
    restUrl: checkUrl(restUrl ?? DEFAULT_REST_URL, 'http', 'restUrl'),
    fetch,
    limits: checkLimits(budget ?? WEIGHT),
  };
};
