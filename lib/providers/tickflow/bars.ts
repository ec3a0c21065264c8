import * as t from 'io-ts';
import { map, type Observable } from 'rxjs';
import { numberOf, optional } from '../../codec/fields.js';
import { isRecord } from '../../codec/json.js';
import { readerOf } from '../../codec/reader.js';
import { HistoryUnavailable } from '../../history/errors.js';
import type { HistoryQuery } from '../../history/History.js';
import { barsBack, historyBar, lengthOf, type Page, type PageQuery, type Row } from '../../history/pages.js';
import type { Ask } from '../../history/restClient.js';
import { rememberedCloseTime } from '../../model/closeTime.js';
import { plus } from '../../model/exact.js';
import { isIntraday } from '../../model/interval.js';
import type { Kline } from '../../model/marketEvent.js';
import { momentOf } from '../../model/moment.js';
import { zoneOf } from '../../model/venue.js';
import { wallClock } from '../../model/wallClock.js';
import { PROVIDER, SYMBOLS_PER_REQUEST } from './protocol.js';
import { wireSymbol } from './symbols.js';

/** The most rows of one symbol, and of all symbols of a request: some ten megabytes. */
const MOST_ROWS = 5_000;
const MOST_ROWS_OF_ALL = 100_000;

const figures = t.array(t.unknown);

/** Bars in parallel arrays; more of them are sent, and not read. */
const Columns = t.intersection([
  t.type({ timestamp: figures, open: figures, high: figures, low: figures, close: figures, volume: figures }),
  t.partial({ amount: optional(figures) }),
]);

const readColumns = readerOf(Columns);

export const pastKlines = (ask: Ask, period: string, query: HistoryQuery): Observable<Kline> => {
  const { interval } = query;
  const length = lengthOf(interval);
  const closeTime = rememberedCloseTime();

  const rowsOf = (said: unknown, symbol: string, receivedAt: number): readonly Row[] | HistoryUnavailable => {
    if (said == null) return [];
    const columns = readColumns(said);
    if (!columns) return new HistoryUnavailable(`the data of the answer are no bars, for ${symbol}`);
    const { timestamp, open, high, low, close, volume, amount } = columns;
    // Which value of a shorter column is missing cannot be known: to guess would shift all that follow.
    if ([open, high, low, close, volume].some((column) => column.length !== timestamp.length)) {
      return new HistoryUnavailable(`the columns of the answer differ in length, for ${symbol}`);
    }
    const amounts = amount?.length === timestamp.length ? amount : undefined;
    return timestamp.flatMap((stamp, i): readonly Row[] => {
      const openTime = momentOf(stamp);
      if (openTime === undefined) return [];
      const figures = {
        open: numberOf(open[i]),
        high: numberOf(high[i]),
        low: numberOf(low[i]),
        close: numberOf(close[i]),
        volume: numberOf(volume[i]),
        turnover: amounts && numberOf(amounts[i]),
        receivedAt,
      };
      const span = { openTime, closeTime: closeTime(interval, openTime, symbol) };
      return [{ openTime, bar: historyBar({ provider: PROVIDER, feed: PROVIDER, symbol }, interval, span, figures) }];
    });
  };

  const page = ({ symbols, until, count }: PageQuery): Observable<Page> => {
    const [only = ''] = symbols;
    const params = {
      period,
      count: Math.min(count, MOST_ROWS, Math.floor(MOST_ROWS_OF_ALL / symbols.length)),
      start_time: Math.max(0, Math.floor(query.from - length)),
      end_time: Math.round(until),
      adjust: 'none',
    };
    if (symbols.length === 1) {
      return ask({ path: '/v1/klines', params: { symbol: wireSymbol(only), ...params } }).pipe(
        map(({ body: { data }, receivedAt }) => new Map([[only, rowsOf(data, only, receivedAt)]])),
      );
    }
    const codes = symbols.map(wireSymbol).join(',');
    return ask({ path: '/v1/klines/batch', params: { symbols: codes, ...params } }).pipe(
      map(({ body: { data }, receivedAt }) => {
        if (!isRecord(data)) throw new HistoryUnavailable('the data of the answer are no bars by symbol');
        return new Map(symbols.map((symbol) => [symbol, rowsOf(data[wireSymbol(symbol)], symbol, receivedAt)]));
      }),
    );
  };
  return barsBack({
    query,
    most: SYMBOLS_PER_REQUEST,
    ask: page,
    finish: isIntraday(interval) ? withAuction(length) : undefined,
  });
};

const HOUR = 3_600_000;
const DAY = 86_400_000;

/** When the last continuous trading of a day ends, in hours of the exchange's clock. */
const closings: ReadonlyMap<string, number> = new Map([
  ...['SH', 'SZ', 'BJ', 'SHF', 'DCE', 'ZCE', 'INE', 'GFE'].map((venue) => [venue, 15] as const),
  ...['HK', 'US'].map((venue) => [venue, 16] as const),
]);

/** A row stamped at the close is the closing auction, and belongs to the last bar, where there is one. */
const withAuction =
  (length: number) =>
  (bars: readonly Kline[]): readonly Kline[] => {
    const merged: Kline[] = [];
    for (const bar of bars) {
      const last = merged.at(-1);
      if (last && bar.openTime - last.openTime <= length && isClosing(bar)) merged.splice(-1, 1, joined(last, bar));
      else merged.push(bar);
    }
    return merged;
  };

const isClosing = ({ openTime, symbol }: Kline): boolean => {
  // All closings are at full hours; to ask a zone takes its time.
  if (openTime % HOUR !== 0) return false;
  const closing = closings.get(symbol.slice(symbol.lastIndexOf('.') + 1));
  return closing !== undefined && wallClock(openTime, zoneOf(symbol)) % DAY === closing * HOUR;
};

/** A bar in which nothing was traded has no price of its own. */
const joined = (last: Kline, auction: Kline): Kline => {
  if (auction.volume === 0) return last;
  const { open, high, low } = last.volume === 0 ? auction : last;
  return {
    ...last,
    open,
    high: Math.max(high, auction.high),
    low: Math.min(low, auction.low),
    close: auction.close,
    volume: plus(last.volume, auction.volume),
    turnover:
      last.turnover === undefined || auction.turnover === undefined ? undefined : plus(last.turnover, auction.turnover),
  };
};
