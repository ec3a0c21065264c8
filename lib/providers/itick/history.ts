import { numberOf } from '../../codec/fields.js';
import { firstSpellings } from '../../history/eachOf.js';
import type { History } from '../../history/History.js';
import type { HistoryFetch } from '../../history/HistoryFetch.js';
import { checkLimits, type Limits } from '../../history/budget.js';
import { checkSpan } from '../../history/pages.js';
import { restClient, type Objection } from '../../history/restClient.js';
import { checkInterval } from '../../model/check.js';
import type { Depth, Quote } from '../../model/marketEvent.js';
import { checkCredential, type Credential } from '../../session/credential.js';
import { checkFunction, checkObject, checkOneOf, checkUrl } from '../../session/FeedOptions.js';
import { markets, PROVIDER, type ItickMarket } from './protocol.js';
import { wireSymbol } from './symbols.js';
import { pastKlines } from './bars.js';
import { newestOf } from './newest.js';

/** What `itickHistory` takes. */
export interface ItickHistoryOptions {
  /** The API token, or a function that supplies one and is asked before each request. It travels in a header. */
  readonly token: Credential;
  /** Which cluster to ask. */
  readonly market: ItickMarket;
  /**
   * The REST host of your account, from the dashboard, or a proxy of yours.
   *
   * @defaultValue `'https://api.itick.org'`; the market is appended
   */
  readonly url?: string | undefined;
  /**
   * Sends the requests.
   *
   * @defaultValue the platform's `fetch`
   */
  readonly fetch?: HistoryFetch | undefined;
  /**
   * The requests that your plan allows: at most `calls` in any `per` milliseconds, of all histories with this token in
   * this process.
   *
   * @defaultValue `{ calls: 5, per: 60_000 }`, the free plan
   */
  readonly budget?: { readonly calls: number; readonly per: number } | undefined;
}

const DEFAULT_URL = 'https://api.itick.org';
const DEFAULT_BUDGET: Limits = { calls: 5, per: 60_000 };
/** For so long after its end a bar still moves; users of the vendor wait 20 to 60 s. */
const SETTLE = 30_000;

/**
 * iTick's REST interface: bars that are over, and the newest quotes and depths. It has no history of trades or of depth.
 *
 * All histories with one token share one budget. Throws `InvalidOption` and `InvalidTopic` at once; for the rest see
 * `History`.
 *
 * @example
 * itickHistory({ token, market: 'stock' })
 *   .klines({ interval: '1m', symbols: ['AAPL.US'], from: Date.now() - 3_600_000, to: Date.now() })
 *   .subscribe(({ openTime, close }) => console.log(openTime, close));
 */
export const itickHistory = (options: ItickHistoryOptions): History => {
  checkObject(options);
  const { token: credential, fetch, market } = options;
  checkFunction('fetch', fetch);
  checkCredential('token', credential);
  checkOneOf('market', market, markets);
  const budget = checkLimits(options.budget ?? DEFAULT_BUDGET);
  const url = `${checkUrl(options.url ?? DEFAULT_URL, 'http')}/${market}`;
  const feed = `${PROVIDER}:${market}`;
  const ask = restClient({ provider: PROVIDER, url, header: 'token', credential, limits: budget, fetch, objectionIn });
  const newest = newestOf(ask, feed, market);
  return {
    provider: PROVIDER,
    feed,
    budget,
    settle: SETTLE,
    klines: (query) => {
      checkInterval(query.interval);
      checkSpan(query);
      return pastKlines(ask, feed, { ...query, symbols: distinct(query.symbols) });
    },
    quotes: (symbols) => newest<Quote>('quote', distinct(symbols)),
    depths: (symbols) => newest<Depth>('depth', distinct(symbols)),
  };
};

/** One spelling of each instrument; throws `InvalidTopic` for what is none. */
const distinct = (symbols: readonly string[]): readonly string[] => firstSpellings(symbols, wireSymbol);

const CREDENTIAL = /api.?key|token|auth/i;
const SLOW = /rate.?limit|too (?:many|frequent|fast)/i;

/** What an answer says against the request: a code that is not 0, met as a text in HTTP 200, or a message alone. */
const objectionIn = ({ code, msg, message }: Readonly<Record<string, unknown>>): Objection | undefined => {
  if (code === undefined ? typeof message !== 'string' : numberOf(code) === 0) return undefined;
  const reason = typeof msg === 'string' ? msg : typeof message === 'string' ? message : 'refused without a reason';
  const shown = typeof code === 'string' || typeof code === 'number' ? String(code) : undefined;
  const about =
    shown === '429' || SLOW.test(reason)
      ? 'slow'
      : shown === 'E002' || shown === '401' || (shown === undefined && CREDENTIAL.test(reason))
        ? 'credential'
        : 'request';
  return { about, code: shown, reason };
};
