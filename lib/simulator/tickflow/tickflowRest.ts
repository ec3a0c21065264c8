import { longest, openTimeOf, type Span } from '../market/bars.js';
import { zoneOffset } from '../market/hours.js';
import type { Instrument } from '../market/instrument.js';
import type { SimulatedMarket } from '../market/market.js';
import type { SimulatedBar } from '../market/snapshot.js';
import { parsed } from '../texts.js';
import { faultyBars, jsonOf } from '../rest/faultyBars.js';
import { createRest, wholeNumber, type Answer, type Ask, type Rest } from '../rest/rest.js';
import type { HistoryFaults } from '../rest/restControl.js';
import { depthItem, quoteItem, resolve, unitOf } from './items.js';
import type { TickflowRules } from './rules.js';

const periods: ReadonlyMap<string, Span> = new Map([
  ...(['1m', '5m', '10m', '15m', '30m', '1d', '1w', '1M', '1Q', '1Y'] as const).map((span) => [span, span] as const),
  ['60m', '1h'],
]);

const COUNT = 100;
const DAY = 86_400_000;

const paths: ReadonlyMap<string, readonly string[]> = new Map([
  ['/v1/klines', ['GET']],
  ['/v1/klines/batch', ['GET']],
  ['/v1/klines/intraday', ['GET']],
  ['/v1/klines/intraday/batch', ['GET']],
  ['/v1/quotes', ['GET', 'POST']],
  ['/v1/depth', ['GET']],
  ['/v1/depth/batch', ['GET']],
]);

const codes: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  404: 'NOT_FOUND',
  429: 'RATE_LIMITED',
};

const failure = (status: number, message: string): string =>
  JSON.stringify({ code: codes[status] ?? `HTTP_${status}`, message });
const failed = (status: number, message: string): Answer => ({ status, body: failure(status, message) });

/** By what prices are multiplied. */
const adjustments: ReadonlyMap<string, (factor: number) => number> = new Map([
  ['none', () => 1],
  ['forward', (factor: number) => factor],
  ['forward_additive', (factor: number) => factor],
  ['backward', (factor: number) => 1 / factor],
  ['backward_additive', (factor: number) => 1 / factor],
]);

/** TickFlow's REST interface: columns of klines, quotes and depth, errors as HTTP status. */
export const createTickflowRest = (market: SimulatedMarket, rules: Required<TickflowRules>): Rest => {
  const { apiKey, maxRows, maxBatch, auctions, adjustment } = rules;
  const fold = { opening: true, closing: auctions === 'folded' };

  const columnsOf = (bars: readonly SimulatedBar[], before: number | undefined, unit: number) => ({
    timestamp: bars.map(({ openTime }) => openTime),
    open: bars.map(({ open }) => open),
    high: bars.map(({ high }) => high),
    low: bars.map(({ low }) => low),
    close: bars.map(({ close }) => close),
    volume: bars.map(({ volume }) => volume / unit),
    amount: bars.map(({ turnover }) => turnover),
    ...(before !== undefined && { prev_close: [before, ...bars.slice(0, -1).map(({ close }) => close)] }),
  });

  /** The columns of each symbol, or what is wrong with the question. */
  const klinesOf = (
    query: URLSearchParams,
    faults: HistoryFaults,
    today: boolean,
  ): ((instrument: Instrument) => unknown) | string => {
    const length = periods.get(query.get('period') ?? (today ? '1m' : '1d'));
    const count = wholeNumber(query.get('count')) ?? COUNT;
    const start = wholeNumber(query.get('start_time')) ?? -Infinity;
    const end = wholeNumber(query.get('end_time')) ?? Infinity;
    const adjusted = adjustments.get(query.get('adjust') ?? 'forward');
    if (length === undefined) return `unknown period; it is one of ${[...periods.keys()].join(', ')}`;
    if (!(count > 0)) return 'count is not a positive whole number';
    if (Number.isNaN(start) || Number.isNaN(end)) return 'start_time and end_time are times in milliseconds';
    if (adjusted === undefined) return `unknown adjust; it is one of ${[...adjustments.keys()].join(', ')}`;
    const wrong = { ...faults, prices: (faults.prices ?? 1) * (today ? 1 : adjusted(adjustment)) };
    const most = Math.min(count, maxRows);
    return (instrument) => {
      const { venue, rules: venueRules } = instrument.listing;
      const now = market.now();
      const from = today ? openTimeOf('1d', now, zoneOffset(venueRules.zone)(now)) : start;
      // The opening auction is in a minute that has not begun when it is held.
      const to = Math.min(today ? Infinity : end, now) + 1;
      const bars = faultyBars(market, instrument, { length, from, to, most, fold }, wrong);
      if (longest(length) < DAY) return columnsOf(bars, undefined, unitOf(venue));
      const first = Math.min(...bars.map(({ openTime }) => openTime));
      const [before] = faultyBars(market, instrument, { length, to: first, most: 1 }, wrong);
      return columnsOf(bars, before?.close ?? bars[0]?.open ?? 0, unitOf(venue));
    };
  };

  const symbolsIn = ({ method, url, body }: Ask): readonly string[] | undefined => {
    if (method !== 'POST') return url.searchParams.get('symbols')?.split(',', maxBatch + 1);
    const { symbols } = parsed(body) ?? {};
    return Array.isArray(symbols) && symbols.every((symbol) => typeof symbol === 'string') ? symbols : undefined;
  };

  const answer = (ask: Ask, faults: HistoryFaults): Answer => {
    const { pathname, searchParams: query } = ask.url;
    const [, , resource = ''] = pathname.split('/');
    const success = (data: unknown): Answer => ({ status: 200, body: `{"data":${jsonOf(data, faults.numbers)}}` });
    const make =
      resource === 'klines'
        ? klinesOf(query, faults, pathname.includes('/intraday'))
        : (instrument: Instrument): unknown =>
            JSON.parse(resource === 'quotes' ? quoteItem(instrument, true) : depthItem(instrument));
    if (typeof make === 'string') return failed(400, make);

    if (resource !== 'quotes' && !pathname.endsWith('/batch')) {
      const symbol = query.get('symbol');
      if (symbol === null) return failed(400, 'missing parameter: symbol');
      const instrument = resolve(market, symbol);
      return instrument ? success(make(instrument)) : failed(404, `symbol not found: ${symbol.slice(0, 64)}`);
    }
    const symbols = symbolsIn(ask);
    if (symbols === undefined) return failed(400, 'missing parameter: symbols');
    const wanted = new Set(symbols);
    if (wanted.size > maxBatch) return failed(400, `exceeded max ${maxBatch} symbols`);
    const rows = [...wanted].flatMap((symbol) => {
      const instrument = resolve(market, symbol);
      return instrument ? [[symbol, make(instrument)] as const] : [];
    });
    return success(resource === 'quotes' ? rows.map(([, row]) => row) : Object.fromEntries(rows));
  };

  return createRest({
    ...rules,
    secret: apiKey,
    serves: ({ pathname }) => pathname.startsWith('/v1/') && !pathname.startsWith('/v1/ws/'),
    methods: ({ pathname }) => paths.get(pathname) ?? [],
    login: ({ headers }) => (headers['x-api-key'] === apiKey ? undefined : failed(401, 'invalid api key')),
    answer,
    failure,
  });
};
