import { map, type Observable } from 'rxjs';
import { readerOf } from '../../codec/reader.js';
import { HistoryRefused, HistoryUnavailable } from '../../history/errors.js';
import type { HistoryQuery } from '../../history/History.js';
import { barsBack, historyBar, type Page, type PageQuery, type Row } from '../../history/pages.js';
import type { Ask, RestAnswer } from '../../history/restClient.js';
import { rememberedCloseTime } from '../../model/closeTime.js';
import { InvalidOption } from '../../model/errors.js';
import type { Kline } from '../../model/marketEvent.js';
import type { Interval } from '../../model/interval.js';
import { momentOf } from '../../model/moment.js';
import { otherThan, remedyFor } from './codeThree.js';
import { klineCodes, PROVIDER } from './protocol.js';
import { partsOf } from './symbols.js';
import * as wire from './wire.js';

/** The most rows the vendor documents. */
const MOST_ROWS = 500;
/** Of bars whose code has two meanings so many rows are asked for, so that the times at which they open show it. */
const ROWS_OF_CODE_THREE = 20;

const readBar = readerOf(wire.Bar);

export const pastKlines = (ask: Ask, feed: string, query: HistoryQuery): Observable<Kline> => {
  const { interval } = query;
  const closeTime = rememberedCloseTime();
  const kType = klineCodes[interval];
  if (kType === undefined) throw new InvalidOption('interval', interval, remedyFor(interval));
  const isDisputed = otherThan[interval] !== undefined;

  const rowsOf = ({ body: { data }, receivedAt }: RestAnswer, symbol: string): readonly Row[] | HistoryUnavailable => {
    if (data == null) return [];
    const items = Array.isArray(data) ? data : undefined;
    const rows = (items ?? []).flatMap((item: unknown): readonly Row[] => {
      const bar = readBar(item);
      const openTime = bar && momentOf(bar.t);
      if (openTime === undefined) return [];
      const span = { openTime, closeTime: closeTime(interval, openTime, symbol) };
      const { o: open, h: high, l: low, c: close, v: volume, tu } = bar as wire.Bar;
      const figures = { open, high, low, close, volume, turnover: tu ?? undefined, receivedAt };
      return [{ openTime, bar: historyBar({ provider: PROVIDER, feed, symbol }, interval, span, figures) }];
    });
    if (items === undefined || (items.length > 0 && rows.length === 0)) {
      return new HistoryUnavailable(`the data of the answer are no bars, for ${symbol}`);
    }
    return rows;
  };

  const page = ({ symbols: [symbol = ''], until, count }: PageQuery): Observable<Page> => {
    const { code, exchange, venue } = partsOf(symbol);
    const params = {
      region: venue,
      code,
      ...(exchange !== undefined && { exchange }),
      kType,
      limit: Math.min(MOST_ROWS, Math.max(count, isDisputed ? ROWS_OF_CODE_THREE : 0)),
      et: Math.round(until),
    };
    return ask({ path: '/kline', params }).pipe(map((answer) => new Map([[symbol, rowsOf(answer, symbol)]])));
  };
  return barsBack({ query, most: 1, ask: page, finish: isDisputed ? checkLength(interval) : undefined });
};

const MINUTE = 60_000;

/**
 * Bars of code 3 are of ten minutes or of fifteen, and their neighbours show which. Where they do not, it is as in a stream:
 * they are taken for fifteen.
 */
const checkLength =
  (interval: Interval) =>
  (bars: readonly Kline[]): readonly Kline[] => {
    const steps = bars.map(({ openTime }, i) => (openTime - (bars[i - 1]?.openTime ?? -Infinity)) / MINUTE);
    const [tens, fifteens] = [10, 15].map((length) => steps.filter((step) => step === length).length) as [
      number,
      number,
    ];
    const found = tens > fifteens ? '10m' : '15m';
    if (bars.length === 0 || found === interval) return bars;
    throw new HistoryRefused({ reason: remedyFor(interval) });
  };
