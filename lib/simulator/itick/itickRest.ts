import { barLengths, type BarLength } from '../market/bars.js';
import type { Instrument } from '../market/instrument.js';
import type { SimulatedMarket } from '../market/market.js';
import { clusters, type Cluster } from '../market/venues.js';
import { faultyBars, jsonOf } from '../rest/faultyBars.js';
import { createRest, wholeNumber, type Answer, type Ask, type Rest } from '../rest/rest.js';
import type { HistoryFaults } from '../rest/restControl.js';
import { findProduct } from './commands.js';
import { depthRow, klineCodes, klineRow, quoteRow, tickRow } from './frames.js';
import type { ItickRules } from './rules.js';

const resources = ['kline', 'tick', 'quote', 'depth'] as const;
type Resource = (typeof resources)[number];

/** Of one product, or of several with an `s`. */
const PATH = new RegExp(`^/(${clusters.join('|')})/(${resources.join('|')})(s?)$`, 'u');

const lengths: ReadonlyMap<string, BarLength> = new Map(
  barLengths.map((length) => [String(klineCodes[length]), length] as const),
);

const LIMIT = 100;
/** Products of one request. */
const MOST_CODES = 100;

const failed = (code: string, msg: string): Answer => ({
  status: 200,
  body: JSON.stringify({ code, msg, data: null }),
});
const message = (text: string): string => JSON.stringify({ message: text });
const bad = (text: string): Answer => ({ status: 400, body: message(text) });
const unknownProduct = failed('E001', 'not found this produce');

/** iTick's REST interface: klines and the newest of each product, success with code 0, errors with a code in HTTP 200. */
export const createItickRest = (market: SimulatedMarket, rules: Required<ItickRules>): Rest => {
  const { token, badToken, endTime, maxRows, auctions, numbers, forexSizes } = rules;
  const fold = auctions === 'folded' ? { opening: true, closing: true } : { opening: false, closing: false };

  const answer = ({ url }: Ask, faults: HistoryFaults): Answer => {
    const [, cluster, resource, several] = PATH.exec(url.pathname) ?? [];
    const { searchParams: query } = url;
    const make = rowsOf(resource as Resource, query, faults, several !== '');
    if (typeof make === 'string') return bad(make);
    const region = (query.get('region') ?? '').toUpperCase();
    const exchange = query.get('exchange')?.toUpperCase();
    const find = (code: string): Instrument | undefined =>
      findProduct(code, [...(exchange ? [exchange] : []), region], cluster as Cluster, market);
    const success = (data: unknown): Answer => {
      const text = jsonOf(data, faults.numbers ?? numbers);
      return { status: 200, body: `{"code":0,"msg":null,"data":${text}}` };
    };
    if (several === '') {
      const instrument = find((query.get('code') ?? '').toUpperCase());
      return instrument === undefined ? unknownProduct : success(make(instrument));
    }
    const codes = new Set((query.get('codes') ?? '').toUpperCase().split(',', MOST_CODES + 1));
    if (codes.size > MOST_CODES) return bad(`at most ${MOST_CODES} codes`);
    const found = [...codes].map((code) => [code, find(code)] as const);
    const rows = found.flatMap(([code, instrument]) => (instrument ? [[code, make(instrument)] as const] : []));
    return rows.length === 0 ? unknownProduct : success(Object.fromEntries(rows));
  };

  /** What is said of each product, or what is wrong with the question. */
  const rowsOf = (
    resource: Resource,
    query: URLSearchParams,
    faults: HistoryFaults,
    several: boolean,
  ): ((instrument: Instrument) => unknown) | string => {
    switch (resource) {
      case 'tick':
        return (instrument) => {
          const { ld, t, v, te } = tickRow(instrument, instrument.latest());
          return { s: instrument.listing.code, ld, t, v, ...(te !== undefined && { te }) };
        };
      case 'quote':
        return (instrument) => ({ s: instrument.listing.code, ...quoteRow(instrument, true) });
      case 'depth':
        return (instrument) => ({ s: instrument.listing.code, ...depthRow(instrument, forexSizes) });
      case 'kline': {
        const length = lengths.get(query.get('kType') ?? '');
        const limit = wholeNumber(query.get('limit')) ?? LIMIT;
        const et = wholeNumber(query.get('et')) ?? Infinity;
        if (length === undefined) return 'kType is not one of 1 to 10';
        if (!(limit > 0)) return 'limit is not a positive whole number';
        if (!(et >= 0)) return 'et is not a time in milliseconds';
        // The batch serves the recent window, whatever end is asked for.
        const to = several ? Infinity : endTime === 'inclusive' ? et + 1 : et;
        const most = Math.min(limit, maxRows);
        return (instrument) => faultyBars(market, instrument, { length, to, most, fold }, faults).map(klineRow);
      }
    }
  };

  return createRest({
    ...rules,
    secret: token,
    serves: ({ pathname }) => clusters.some((cluster) => pathname.startsWith(`/${cluster}/`)),
    methods: ({ pathname }) => (PATH.test(pathname) ? ['GET'] : []),
    login: ({ headers, url }) => {
      if ((headers['token'] ?? url.searchParams.get('token')) === token) return undefined;
      return badToken === 'code'
        ? failed('E002', 'auth failed')
        : { status: 401, body: message('Invalid API key in request') };
    },
    answer,
    failure: (_status, text) => message(text),
  });
};
