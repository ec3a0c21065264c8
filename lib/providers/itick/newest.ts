import { map, type Observable } from 'rxjs';
import { isRecord } from '../../codec/json.js';
import { eachOf } from '../../history/eachOf.js';
import type { Ask, RestAnswer } from '../../history/restClient.js';
import type { Depth, Quote } from '../../model/marketEvent.js';
import { stampRule } from '../../model/stamps.js';
import { chunks } from '../../session/chunks.js';
import { scrubbing } from '../../session/scrub.js';
import { PROVIDER, type ItickMarket } from './protocol.js';
import { rowReader } from './readRow.js';
import { partsOf, spelling } from './symbols.js';

/** How many instruments its users put into one request. */
const SYMBOLS_PER_REQUEST = 10;

/** Reads the newest quote or depth of each symbol; of instruments of one region ten at a time. */
export const newestOf = (ask: Ask, feed: string, market: ItickMarket) => {
  const stamps = stampRule();
  const reading = {
    feed,
    tickVolume: 'size',
    sizeUnit: market === 'stock' ? 'shares' : undefined,
    unsized: market === 'forex' || market === 'indices',
    stamps,
  } as const;

  return <E extends Quote | Depth>(type: E['kind'], symbols: readonly string[]): Observable<E> => {
    const readRow = rowReader({ ...reading, spell: spelling(symbols) });
    const wanted = new Set(symbols);

    const eventsOf = (
      { body: { data }, receivedAt, redact }: RestAnswer,
      region: string,
      only?: string,
    ): readonly E[] => {
      const items = only === undefined ? Object.entries(isRecord(data) ? data : {}) : [[only, data] as const];
      return items.flatMap(([code, item]): readonly E[] => {
        const row = isRecord(item) ? { s: code, ...item, r: region, type } : undefined;
        const event = row && readRow(row, receivedAt);
        if (!event || typeof event === 'function' || event.kind !== type || !wanted.has(event.symbol)) return [];
        return [{ ...scrubbing(PROVIDER, redact).event(event), feed } as E];
      });
    };

    const single = (symbol: string): Observable<readonly E[]> => {
      const { code, exchange, venue: region } = partsOf(symbol);
      const params = { region, code, ...(exchange !== undefined && { exchange }) };
      return ask({ path: `/${type}`, params }).pipe(map((answer) => eventsOf(answer, region, code)));
    };
    const together = (some: readonly string[]): Observable<readonly E[]> => {
      const region = partsOf(some[0] ?? '').venue;
      const params = { region, codes: some.map((symbol) => partsOf(symbol).code).join(',') };
      return ask({ path: `/${type}s`, params }).pipe(map((answer) => eventsOf(answer, region)));
    };
    return eachOf(groupsOf(symbols), together, single);
  };
};

/** Symbols that one request can ask for: of one region, and without an exchange of their own. */
const groupsOf = (symbols: readonly string[]): readonly (readonly string[])[] => {
  const groups = new Map<string, string[]>();
  for (const symbol of symbols) {
    const { exchange, venue } = partsOf(symbol);
    const key = exchange === undefined ? venue : symbol;
    groups.set(key, [...(groups.get(key) ?? []), symbol]);
  }
  return [...groups.values()].flatMap((some) => chunks(some, SYMBOLS_PER_REQUEST));
};
