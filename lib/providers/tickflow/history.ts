import { checkLimits, type Limits } from '../../history/budget.js';
import { firstSpellings } from '../../history/eachOf.js';
import type { History } from '../../history/History.js';
import type { HistoryFetch } from '../../history/HistoryFetch.js';
import { checkSpan } from '../../history/pages.js';
import { restClient, type Objection } from '../../history/restClient.js';
import { checkInterval } from '../../model/check.js';
import { InvalidOption } from '../../model/errors.js';
import { intervals, intradayLength, isIntraday, type Interval } from '../../model/interval.js';
import { parseSymbol } from '../../model/symbol.js';
import { checkCredential, type Credential } from '../../session/credential.js';
import { checkFunction, checkObject, checkUrl } from '../../session/FeedOptions.js';
import { PROVIDER, SYMBOLS_PER_REQUEST } from './protocol.js';
import { wireSymbol } from './symbols.js';
import { pastKlines } from './bars.js';
import { newestOf } from './newest.js';

/** What `tickflowHistory` takes. */
export interface TickflowHistoryOptions {
  /** The API key, or a function that supplies one and is asked before each request. It travels in a header. */
  readonly apiKey: Credential;
  /**
   * The REST host, or a proxy of yours.
   *
   * @defaultValue `'https://api.tickflow.org'`
   */
  readonly url?: string | undefined;
  /**
   * Sends the requests.
   *
   * @defaultValue the platform's `fetch`
   */
  readonly fetch?: HistoryFetch | undefined;
  /**
   * The requests that your plan allows: at most `calls` in any `per` milliseconds, of all histories with this key in this
   * process.
   *
   * @defaultValue `{ calls: 60, per: 60_000 }`
   */
  readonly budget?: { readonly calls: number; readonly per: number } | undefined;
}

const DEFAULT_URL = 'https://api.tickflow.org';
const DEFAULT_BUDGET: Limits = { calls: 60, per: 60_000 };
/** For so long after its end a bar still moves. */
const SETTLE = 5_000;

/** What the vendor calls the lengths of bars that it has. */
const periods: Partial<Readonly<Record<Interval, string>>> = {
  '1m': '1m',
  '5m': '5m',
  '10m': '10m',
  '15m': '15m',
  '30m': '30m',
  '1h': '60m',
  '1d': '1d',
  '1w': '1w',
  '1M': '1M',
};

/**
 * TickFlow's REST interface: bars that are over, unadjusted, and the newest quotes and depths. It has no history of trades or
 * of depth, and the volume of its bars is in the unit of its quotes: lots of 100 shares on SH, SZ and BJ.
 *
 * All histories with one key share one budget. Throws `InvalidOption` and `InvalidTopic` at once; for the rest see `History`.
 *
 * @example
 * tickflowHistory({ apiKey })
 *   .klines({ interval: '1m', symbols: ['600000.SH'], from: Date.now() - 3_600_000, to: Date.now() })
 *   .subscribe(({ openTime, close }) => console.log(openTime, close));
 */
export const tickflowHistory = (options: TickflowHistoryOptions): History => {
  checkObject(options);
  const { apiKey: credential, fetch } = options;
  checkFunction('fetch', fetch);
  checkCredential('apiKey', credential);
  const budget = checkLimits(options.budget ?? DEFAULT_BUDGET);
  const url = checkUrl(options.url ?? DEFAULT_URL, 'http');
  const ask = restClient({
    provider: PROVIDER,
    url,
    header: 'x-api-key',
    credential,
    limits: budget,
    fetch,
    objectionIn,
  });
  const newest = newestOf(ask);
  return {
    provider: PROVIDER,
    feed: PROVIDER,
    budget,
    settle: SETTLE,
    batch: SYMBOLS_PER_REQUEST,
    klines: (query) => {
      const period = periodOf(query.interval);
      checkSpan(query);
      return pastKlines(ask, period, { ...query, symbols: distinct(query.symbols) });
    },
    quotes: (symbols) => newest.quotes(distinct(symbols)),
    depths: (symbols) => newest.depths(distinct(symbols)),
  };
};

/** The longest bars of the vendor that fit into others; undefined where all of them are longer. */
const partOf = (whole: Interval): Interval | undefined => {
  const fits = (part: Interval): boolean =>
    isIntraday(part) && isIntraday(whole) && intradayLength[whole] % intradayLength[part] === 0;
  return (
    intervals.filter((part) => periods[part] !== undefined && fits(part)).at(-1) ??
    (isIntraday(whole) ? undefined : '1d')
  );
};

const periodOf = (interval: Interval): string => {
  checkInterval(interval);
  const period = periods[interval];
  if (period !== undefined) return period;
  const part = partOf(interval);
  const remedy = part
    ? `make them with resampleKlines('${interval}') from bars of ${part}`
    : `nor shorter ones; make them of quotes as they come, with toKlines('${interval}')`;
  throw new InvalidOption('interval', interval, `TickFlow has no bars of ${interval}${part ? ';' : ','} ${remedy}`);
};

/** One spelling of each instrument; throws `InvalidTopic` for what is none. */
const distinct = (symbols: readonly string[]): readonly string[] => {
  symbols.forEach(parseSymbol);
  return firstSpellings(symbols, wireSymbol);
};

/** What an answer says against the request: a code and a message, and no data. */
const objectionIn = ({ code, message, error, data }: Readonly<Record<string, unknown>>): Objection | undefined => {
  if (data !== undefined || [code, message, error].every((said) => said == null)) return undefined;
  const reason = [message, error].find((said) => typeof said === 'string' && said !== '');
  const shown = typeof code === 'string' || typeof code === 'number' ? String(code) : undefined;
  const about = /^(?:429|rate_?limit\w*|too_?many\w*)$/i.test(shown ?? '')
    ? 'slow'
    : /^(?:401|unauthorized|invalid_?(?:api_?)?key)$/i.test(shown ?? '')
      ? 'credential'
      : 'request';
  return { about, code: shown, reason: typeof reason === 'string' ? reason : 'refused without a reason' };
};
