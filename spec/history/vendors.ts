import type { History } from '../../lib/history/History.js';
import type { HistoryFetch } from '../../lib/history/HistoryFetch.js';
import { binanceHistory } from '../../lib/providers/binance/index.js';
import { itickHistory } from '../../lib/providers/itick/index.js';
import { tickflowHistory } from '../../lib/providers/tickflow/index.js';
import type { ItickBar } from '../simulator/rest/asking.js';
import type { Asked, Reply } from './fakeRest.js';

/** A bar that a vendor has. */
export type TrueBar = ItickBar;

export const trueBar = (t: number, size = 1): TrueBar => {
  const price = 10 + (t % 997) / 100;
  return { t, o: price, h: price + 1, l: price - 1, c: price + 0.5, v: size * (1 + (t % 13)), tu: 100 + (t % 7) };
};

/** How a vendor serves what it has. */
export interface Manners {
  readonly includesEnd: boolean;
  /** No page has more rows of a symbol. */
  readonly cap: number;
  readonly order: (rows: readonly TrueBar[]) => readonly TrueBar[];
  readonly asText: boolean;
}

export const plain: Manners = { includesEnd: true, cap: Infinity, order: (rows) => rows, asText: false };

interface Settings {
  readonly credential: string;
  readonly fetch: HistoryFetch;
  readonly budget?: { readonly calls: number; readonly per: number };
}

export interface VendorOfBars {
  readonly symbols: readonly [string, string, string];
  /** One instrument in two spellings; absent for a vendor that has one of each. */
  readonly spellings?: readonly [string, string] | undefined;
  readonly most: number;
  readonly historyOf: (settings: Settings) => History;
  /** Answers by what it has of each of `symbols`. */
  readonly answer: (bars: ReadonlyMap<string, readonly TrueBar[]>, manners?: Manners) => (asked: Asked) => Reply;
}

const newest = (
  bars: readonly TrueBar[],
  { includesEnd, cap, order }: Manners,
  end: number,
  count: number,
): readonly TrueBar[] =>
  order(bars.filter(({ t }) => (includesEnd ? t <= end : t < end)).slice(-Math.min(cap, count) || bars.length));

const figure = (value: number, { asText }: Manners): unknown => (asText ? String(value) : value);

const itick: VendorOfBars = {
  symbols: ['AAPL.US', '00700.HK', '600000.SH'],
  spellings: ['700.HK', '00700.HK'],
  most: 1,
  historyOf: ({ credential, ...rest }) => itickHistory({ token: credential, market: 'stock', ...rest }),
  answer:
    (bars, manners = plain) =>
    ({ path, params }) => {
      if (path !== '/stock/kline') return { status: 404, text: 'no such path' };
      const symbol = itick.symbols.find((one) => one.replace(/^0+/, '') === `${params['code']}.${params['region']}`);
      const known = symbol === undefined ? undefined : bars.get(symbol);
      if (!known) return { json: { code: 'E001', msg: 'not found this produce', data: null } };
      const rows = newest(known, manners, Number(params['et']), Number(params['limit']));
      const data = rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([key, value]) => [key, figure(value as number, manners)])),
      );
      return { json: { code: 0, msg: null, data } };
    },
};

const names = { t: 'timestamp', o: 'open', h: 'high', l: 'low', c: 'close', v: 'volume', tu: 'amount' } as const;

export const columnsOf = (
  rows: readonly TrueBar[],
  manners: Manners = plain,
): Readonly<Record<string, readonly unknown[]>> =>
  Object.fromEntries(
    Object.entries(names).map(([key, name]) => [name, rows.map((row) => figure(row[key as keyof TrueBar], manners))]),
  );

const tickflow: VendorOfBars = {
  symbols: ['600000.SH', '00700.HK', '000001.SZ'],
  spellings: ['700.HK', '00700.HK'],
  most: 100,
  historyOf: ({ credential, ...rest }) => tickflowHistory({ apiKey: credential, ...rest }),
  answer:
    (bars, manners = plain) =>
    ({ path, params }) => {
      const { start_time: start, end_time: end, count, adjust } = params;
      if (adjust !== 'none' || count === undefined) return { status: 400, json: { code: 'BAD', message: 'what?' } };
      const columns = (symbol: string): unknown => {
        const from = (bars.get(symbol) ?? []).filter(({ t }) => t >= Number(start));
        return columnsOf(newest(from, manners, Number(end), Number(count)), manners);
      };
      if (path === '/v1/klines') return { json: { data: columns(params['symbol'] ?? '') } };
      if (path !== '/v1/klines/batch') return { status: 404, json: { code: 'NOT_FOUND', message: 'no such path' } };
      const symbols = (params['symbols'] ?? '').split(',');
      return { json: { data: Object.fromEntries(symbols.map((symbol) => [symbol, columns(symbol)])) } };
    },
};

/** Rows are arrays; a stamp is a number in whatever form figures are. */
export const rowOf = (bar: TrueBar, manners: Manners = plain): readonly unknown[] => {
  const { o, h, l, c, v, tu } = bar;
  const [open, high, low, close, volume, turnover, bought] = [o, h, l, c, v, tu, v / 4].map((one) =>
    figure(one, manners),
  );
  return [
    bar.t,
    open,
    high,
    low,
    close,
    volume,
    bar.t + 59_999,
    turnover,
    1 + (bar.t % 5),
    bought,
    figure(tu / 4, manners),
    '0',
  ];
};

const binance: VendorOfBars = {
  symbols: ['BTCUSDT.BA', '1INCHUSDT.BA', 'ETHUSDT.BA'],
  most: 1,
  historyOf: ({ fetch, budget }) => binanceHistory({ fetch, budget }),
  answer:
    (bars, manners = plain) =>
    ({ path, params: { symbol, endTime, limit, interval } }) => {
      if (path !== '/api/v3/klines' || interval === undefined) return { status: 404, text: 'no such path' };
      const known = bars.get(`${symbol}.BA`);
      if (!known) return { status: 400, json: { code: -1121, msg: 'Invalid symbol.' } };
      // It always counts its end in: a vendor that did not would have been asked for one more.
      const end = Number(endTime) + (manners.includesEnd ? 0 : 1);
      return { json: newest(known, manners, end, Number(limit)).map((bar) => rowOf(bar, manners)) };
    },
};

export const vendors = { itick, tickflow, binance } as const;
