import { firstSpellings } from '../../history/eachOf.js';
import type { History } from '../../history/History.js';
import { checkSpan } from '../../history/pages.js';
import { checkInterval } from '../../model/check.js';
import { InvalidOption } from '../../model/errors.js';
import { checkObject } from '../../session/FeedOptions.js';
import { pastKlines } from './bars.js';
import { restSettings, type BinanceOptions } from './options.js';
import { codeOf, hasInterval, PROVIDER } from './protocol.js';
import { binanceRest } from './rest.js';
import { pastTrades } from './trades.js';

/** What `binanceHistory` takes: what a feed takes that is about REST. */
export type BinanceHistoryOptions = Pick<BinanceOptions, 'restUrl' | 'fetch' | 'budget'>;

/** Binance's past: bars, and trades by their ids, which count up by one. */
export interface BinanceHistory extends History {
  readonly trades: NonNullable<History['trades']>;
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
