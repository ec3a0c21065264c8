import { map, type Observable } from 'rxjs';
import { numberOf } from '../../codec/fields.js';
import { HistoryUnavailable } from '../../history/errors.js';
import type { HistoryQuery } from '../../history/History.js';
import { barsBack, historyBar, type Page, type PageQuery, type Row } from '../../history/pages.js';
import type { Ask, RestAnswer } from '../../history/restClient.js';
import { rememberedCloseTime } from '../../model/closeTime.js';
import { minus } from '../../model/exact.js';
import type { Kline } from '../../model/marketEvent.js';
import { momentOf } from '../../model/moment.js';
import { codeOf, PROVIDER } from './protocol.js';

/** The most rows of a page, and its weight (rest-api.md, "Kline/Candlestick data"). */
const MOST_ROWS = 1_000;
const WEIGHT = 2;

/** The bars of a query; each row is an array: open time, open, high, low, close, volume, close time, turnover, trades, bought. */
export const pastKlines = (ask: Ask, query: HistoryQuery): Observable<Kline> => {
  const { interval } = query;
  const closeTime = rememberedCloseTime();

  const rowsOf = ({ items, receivedAt }: RestAnswer, symbol: string): readonly Row[] | HistoryUnavailable => {
    const rows = (items ?? []).flatMap((item): readonly Row[] => {
      const [stamp, open, high, low, close, volume, , turnover, trades, bought] = Array.isArray(item)
        ? (item as readonly unknown[])
        : [];
      const openTime = momentOf(stamp);
      if (openTime === undefined) return [];
      const span = { openTime, closeTime: closeTime(interval, openTime, symbol) };
      const figures = {
        open: numberOf(open),
        high: numberOf(high),
        low: numberOf(low),
        close: numberOf(close),
        volume: numberOf(volume),
        turnover: numberOf(turnover),
        receivedAt,
      };
      const bar = historyBar({ provider: PROVIDER, feed: PROVIDER, symbol }, interval, span, figures);
      return [{ openTime, bar: bar && detailed(bar, numberOf(trades), numberOf(bought)) }];
    });
    if (items === undefined || (items.length > 0 && rows.length === 0)) {
      return new HistoryUnavailable(`the answer holds no bars, for ${symbol}`);
    }
    return rows;
  };

  const page = ({ symbols: [symbol = ''], until, count }: PageQuery): Observable<Page> => {
    // The vendor counts the end in.
    const params = {
      symbol: codeOf(symbol),
      interval,
      endTime: Math.ceil(until) - 1,
      limit: Math.min(count, MOST_ROWS),
    };
    return ask({ path: '/klines', params, weight: WEIGHT }).pipe(
      map((answer) => new Map([[symbol, rowsOf(answer, symbol)]])),
    );
  };
  return barsBack({ query, most: 1, ask: page });
};

/** The bar with what buyers and sellers took, and how many trades made it. */
const detailed = (bar: Kline, trades: number, buyVolume: number): Kline => ({
  ...bar,
  ...(trades >= 0 && trades < Infinity && { trades }),
  ...(buyVolume >= 0 && buyVolume <= bar.volume && { buyVolume, sellVolume: minus(bar.volume, buyVolume) }),
  ...(bar.turnover !== undefined && bar.volume > 0 && { vwap: bar.turnover / bar.volume }),
});
