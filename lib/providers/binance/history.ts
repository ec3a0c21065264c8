import { firstSpellings } from '../../history/eachOf.js';
import type { History, TradesQuery } from '../../history/History.js';
import type { HistoryFetch } from '../../history/HistoryFetch.js';
import { checkSpan } from '../../history/pages.js';
import { checkInterval } from '../../model/check.js';
import { InvalidOption } from '../../model/errors.js';
import { checkObject } from '../../session/FeedOptions.js';
import { pastKlines } from './bars.js';
import { restSettings } from './options.js';
import { codeOf, hasInterval, PROVIDER } from './protocol.js';
import { binanceRest } from './rest.js';
import { pastTrades } from './trades.js';

/** What `binanceHistory` takes. */
export interface BinanceHistoryOptions {
  /**
   * The REST host.
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
   * What your address may use, in the vendor's weights: at most `calls` in any `per` milliseconds, of all feeds and histories of
   * Binance in this process. A page of bars weighs 2, one of trades 4.
   *
   * @defaultValue `{ calls: 6_000, per: 60_000 }`
   */
  readonly budget?: { readonly calls: number; readonly per: number } | undefined;
}

/** Binance's past: bars, and trades by their ids. */
export interface BinanceHistory extends History {
  /**
   * The trades of a symbol from one id to another, both included, oldest first, however many calls it takes. Ids count up by one: of
   * those asked for all are there, up to the last trade there is.
   *
   * Cold; unsubscribing aborts the request. Fails as `klines` does.
   */
  readonly trades: (query: TradesQuery) => ReturnType<typeof pastTrades>;
}

/** For so long after its end a bar still moves: it is pushed every 2 s. */
const SETTLE = 3_000;

/**
 * Binance's REST interface: bars that are over, and trades by their ids, without an account. All histories and feeds in this process share one
 * budget. Throws `InvalidOption` and `InvalidTopic` at once; for the rest see `History`.
 *
 * @example
 * binanceHistory()
 *   .klines({ interval: '1m', symbols: ['BTCUSDT.BA'], from: Date.now() - 3_600_000, to: Date.now() })
 *   .subscribe(({ openTime, close }) => console.log(openTime, close));
 */
export const binanceHistory = (options: BinanceHistoryOptions = {}): BinanceHistory => {
  checkObject(options);
  const { restUrl, fetch, limits } = restSettings(options);
  const ask = binanceRest(restUrl, limits, fetch);
  return {
    provider: PROVIDER,
    feed: PROVIDER,
    budget: limits,
    settle: SETTLE,
    klines: (query) => {
      checkInterval(query.interval);
      if (!hasInterval(query.interval)) {
        const problem = `Binance has no bars of ${query.interval}; make them with resampleKlines('${query.interval}') from bars of 5m`;
        throw new InvalidOption('interval', query.interval, problem);
      }
      checkSpan(query);
      return pastKlines(ask, { ...query, symbols: firstSpellings(query.symbols, codeOf) });
    },
    trades: (query) => pastTrades(ask, query),
  };
};
