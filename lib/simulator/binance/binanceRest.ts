import type { SimulatedMarket } from '../market/market.js';
import { createRest, type Answer, type Ask, type Rest } from '../rest/rest.js';
import type { HistoryFaults } from '../rest/restControl.js';
import { bestOf, dayOf, klineRow } from './events.js';
import { statusOf, symbolInfo } from './exchangeInfo.js';
import { faultyKlines } from './faultyKlines.js';
import { fixed } from './fixed.js';
import type { Instruments, Traded } from './instruments.js';
import { isInterval } from './intervals.js';
import type { Rung } from './deepBook.js';
import {
  BadRequest,
  badInterval,
  badStatus,
  badTickerType,
  conflict,
  invalidSymbol,
  otherStatus,
  readParameters,
  type Parameters,
} from './parameters.js';
import type { BinanceRules } from './rules.js';
import { createWeights } from './weights.js';

/** One path: the parameters that it knows, what it weighs, and its answer. */
interface Route {
  readonly parameters: readonly string[];
  /** By what was asked for, right or wrong. */
  readonly weight: (query: URLSearchParams) => number;
  readonly answer: (parameters: Parameters, faults: HistoryFaults) => unknown;
}

const BOOK = { usual: 100, most: 5_000 };
const ROWS = { usual: 500, most: 1_000 };
const STATUSES = ['TRADING', 'HALT', 'BREAK'];

const depthWeight = (query: URLSearchParams): number => {
  const limit = Number(query.get('limit') ?? BOOK.usual);
  if (limit > 1_000) return 250;
  if (limit > 500) return 50;
  return limit > 100 ? 25 : 5;
};
const dayWeight = (query: URLSearchParams): number => {
  if (query.has('symbol')) return 2;
  const symbols = query.get('symbols')?.split(',').length ?? Infinity;
  if (symbols <= 20) return 2;
  return symbols <= 100 ? 40 : 80;
};
const bestWeight = (query: URLSearchParams): number => (query.has('symbol') ? 2 : 4);

/** Binance's REST interface: public market data, weighed by address. */
export const createBinanceRest = (
  market: SimulatedMarket,
  instruments: Instruments,
  rules: Required<BinanceRules>,
): Rest => {
  const weights = createWeights(rules);

  const existing = (symbol: string): Traded => {
    const traded = instruments.find(symbol);
    if (traded === undefined) throw invalidSymbol();
    return traded;
  };
  const statusIn = (parameters: Parameters): string | undefined => {
    const status = parameters.text('symbolStatus');
    if (status !== undefined && !STATUSES.includes(status)) throw badStatus();
    return status;
  };
  /** The instrument that is named, or a row for each of those that are, or for all. */
  const perSymbol = (parameters: Parameters, rowOf: (traded: Traded) => unknown): unknown => {
    const named = parameters.symbols();
    const status = statusIn(parameters);
    const fits = (traded: Traded): boolean => status === undefined || statusOf(traded) === status;
    if (typeof named === 'string') {
      const traded = existing(named);
      if (!fits(traded)) throw otherStatus();
      return rowOf(traded);
    }
    return (named?.map(existing) ?? [...instruments.all()]).filter(fits).map(rowOf);
  };

  const depth = (parameters: Parameters): unknown => {
    const traded = existing(parameters.symbol());
    const { ledger } = traded;
    const limit = parameters.limit(BOOK.usual, BOOK.most);
    const status = statusIn(parameters);
    if (status !== undefined && status !== statusOf(traded)) throw otherStatus();
    const rows = (side: readonly Rung[]): [string, string][] =>
      side.map(({ price, size }) => [fixed(price, ledger.priceDecimals), fixed(size, ledger.sizeDecimals)]);
    return { lastUpdateId: ledger.updateId(), bids: rows(ledger.bids(limit)), asks: rows(ledger.asks(limit)) };
  };

  const klines = (parameters: Parameters, faults: HistoryFaults): unknown => {
    const { klines: history, ledger } = existing(parameters.symbol());
    const interval = parameters.text('interval') ?? '';
    if (!isInterval(interval)) throw badInterval();
    const [startTime, endTime] = [parameters.time('startTime'), parameters.time('endTime')];
    const zone = parameters.zone();
    const query = {
      interval,
      limit: parameters.limit(ROWS.usual, ROWS.most),
      zone,
      ...(startTime !== undefined && { startTime }),
      ...(endTime !== undefined && { endTime }),
    };
    const rows = faultyKlines(history, ledger, query, faults, market.now());
    return rows.map((row) => klineRow(ledger, interval, row, zone));
  };

  const aggTrades = (parameters: Parameters): unknown => {
    const { ledger } = existing(parameters.symbol());
    const fromId = parameters.whole('fromId');
    const [startTime, endTime] = [parameters.time('startTime'), parameters.time('endTime')];
    const limit = parameters.limit(ROWS.usual, ROWS.most);
    if (fromId !== undefined && (startTime !== undefined || endTime !== undefined)) throw conflict();
    const found = ledger.trades.filter(
      ({ id, time }) => id >= (fromId ?? 0) && time >= (startTime ?? 0) && time <= (endTime ?? Infinity),
    );
    const isFromOldest = fromId !== undefined || startTime !== undefined;
    return (isFromOldest ? found.slice(0, limit) : found.slice(-limit)).map((trade) => ({
      a: trade.id,
      p: fixed(trade.price, ledger.priceDecimals),
      q: fixed(trade.size, ledger.sizeDecimals),
      f: trade.first,
      l: trade.last,
      T: trade.time,
      m: trade.buyerIsMaker,
      M: true,
    }));
  };

  const dayRow =
    (isFull: boolean) =>
    (traded: Traded): unknown => {
      const day = dayOf(traded);
      return {
        symbol: traded.ledger.symbol,
        ...(isFull && {
          priceChange: day.p,
          priceChangePercent: day.P,
          weightedAvgPrice: day.w,
          prevClosePrice: day.x,
          lastPrice: day.c,
          lastQty: day.Q,
          bidPrice: day.b,
          bidQty: day.B,
          askPrice: day.a,
          askQty: day.A,
        }),
        openPrice: day.o,
        highPrice: day.h,
        lowPrice: day.l,
        ...(!isFull && { lastPrice: day.c }),
        volume: day.v,
        quoteVolume: day.q,
        openTime: day.O,
        closeTime: day.C,
        firstId: day.F,
        lastId: day.L,
        count: day.n,
      };
    };
  const ticker = (parameters: Parameters): unknown => {
    const type = parameters.text('type') ?? 'FULL';
    if (type !== 'FULL' && type !== 'MINI') throw badTickerType();
    return perSymbol(parameters, dayRow(type === 'FULL'));
  };
  const bookTicker = (parameters: Parameters): unknown =>
    perSymbol(parameters, (traded) => {
      const { b, B, a, A } = bestOf(traded.ledger);
      return { symbol: traded.ledger.symbol, bidPrice: b, bidQty: B, askPrice: a, askQty: A };
    });

  const exchangeInfo = (parameters: Parameters): unknown => {
    const named = parameters.symbols();
    const status = statusIn(parameters);
    if (named !== undefined && status !== undefined) throw conflict();
    const listed = named === undefined ? [...instruments.all()] : [named].flat().map(existing);
    return {
      timezone: 'UTC',
      serverTime: market.now(),
      rateLimits: [{ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: rules.weight.limit }],
      exchangeFilters: [],
      symbols: listed.filter((traded) => status === undefined || statusOf(traded) === status).map(symbolInfo),
    };
  };

  const always = (weight: number) => (): number => weight;
  const lists = ['symbol', 'symbols', 'symbolStatus'];
  const routes: ReadonlyMap<string, Route> = new Map([
    ['/api/v3/ping', { parameters: [], weight: always(1), answer: () => ({}) }],
    ['/api/v3/time', { parameters: [], weight: always(1), answer: () => ({ serverTime: market.now() }) }],
    [
      '/api/v3/exchangeInfo',
      { parameters: [...lists, 'permissions', 'showPermissionSets'], weight: always(20), answer: exchangeInfo },
    ],
    ['/api/v3/depth', { parameters: ['symbol', 'limit', 'symbolStatus'], weight: depthWeight, answer: depth }],
    [
      '/api/v3/klines',
      {
        parameters: ['symbol', 'interval', 'startTime', 'endTime', 'timeZone', 'limit'],
        weight: always(2),
        answer: klines,
      },
    ],
    [
      '/api/v3/aggTrades',
      { parameters: ['symbol', 'fromId', 'startTime', 'endTime', 'limit'], weight: always(4), answer: aggTrades },
    ],
    ['/api/v3/ticker/24hr', { parameters: [...lists, 'type'], weight: dayWeight, answer: ticker }],
    ['/api/v3/ticker/bookTicker', { parameters: lists, weight: bestWeight, answer: bookTicker }],
  ]);

  const answer = ({ url }: Ask, faults: HistoryFaults): Answer => {
    const route = routes.get(url.pathname);
    try {
      const body = route?.answer(readParameters(url.searchParams, route.parameters), faults);
      return { status: 200, body: JSON.stringify(body) };
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      return { status: 400, body: JSON.stringify({ code: error.code, msg: error.message }) };
    }
  };

  const rest = createRest({
    secret: '',
    budget: { calls: Infinity, per: 60_000 },
    waitIn: 'header',
    serves: ({ pathname }) => pathname.startsWith('/api/'),
    methods: ({ pathname }) => (routes.has(pathname) ? ['GET'] : []),
    login: () => undefined,
    limit: ({ url, address = '' }) => {
      const refusal = weights.charge(address, routes.get(url.pathname)?.weight(url.searchParams) ?? 1);
      if (refusal === undefined) return undefined;
      const { status, retryAfter, msg } = refusal;
      return { status, headers: { 'retry-after': String(retryAfter) }, body: JSON.stringify({ code: -1003, msg }) };
    },
    answer,
    failure: (_status, msg) => JSON.stringify({ code: -1000, msg }),
  });

  return {
    ...rest,
    answer: (ask) => {
      const made = rest.answer(ask);
      if (made === 'never') return made;
      const headers = {
        'access-control-expose-headers': 'retry-after, x-mbx-used-weight-1m',
        'x-mbx-used-weight-1m': String(weights.used(ask.address ?? '')),
        ...made.headers,
      };
      return { ...made, headers };
    },
  };
};
