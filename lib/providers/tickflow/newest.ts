import { map, type Observable } from 'rxjs';
import { isRecord } from '../../codec/json.js';
import { eachOf } from '../../history/eachOf.js';
import type { Ask, RestAnswer } from '../../history/restClient.js';
import type { Depth, Quote } from '../../model/marketEvent.js';
import { stampRule } from '../../model/stamps.js';
import { quotes as quoteTopics, type Topic } from '../../model/topic.js';
import { chunks } from '../../session/chunks.js';
import { scrubbing } from '../../session/scrub.js';
import { itemReader } from './decodeFrame.js';
import { kinds } from './marketEvents.js';
import { channels, PROVIDER, SYMBOLS_PER_REQUEST } from './protocol.js';
import { spellingOf, wireSymbol } from './symbols.js';

/** The vendor's own client asks for more quotes by `POST`. */
const MOST_IN_ADDRESS = 20;

/** Reads the newest quotes and depths. */
export const newestOf = (ask: Ask) => {
  const stamps = stampRule();

  const reader = <E extends Quote | Depth>(symbols: readonly string[], kind: E['kind']) => {
    const wanted = new Set(symbols);
    const topics: readonly Topic[] = symbols.length === 0 ? [] : quoteTopics(...symbols);
    const spell = spellingOf({ state: { topics, unsubscribed: new Map() } });
    const read = itemReader({ feed: PROVIDER, spell, stamps });
    return ({ body: { data }, receivedAt, redact }: RestAnswer): readonly E[] =>
      itemsIn(data).flatMap((item): readonly E[] => {
        const event = read(kinds[channels[kind]], item, receivedAt);
        if (!event || !wanted.has(event.symbol)) return [];
        return [{ ...scrubbing(PROVIDER, redact).event(event), feed: PROVIDER } as E];
      });
  };

  return {
    quotes: (symbols: readonly string[]): Observable<Quote> => {
      const eventsOf = reader<Quote>(symbols, 'quote');
      const together = (some: readonly string[]): Observable<readonly Quote[]> => {
        const codes = some.map(wireSymbol);
        const request =
          codes.length > MOST_IN_ADDRESS ? { body: { symbols: codes } } : { params: { symbols: codes.join(',') } };
        return ask({ path: '/v1/quotes', ...request }).pipe(map(eventsOf));
      };
      return eachOf(chunks(symbols, SYMBOLS_PER_REQUEST), together, (symbol) => together([symbol]));
    },
    depths: (symbols: readonly string[]): Observable<Depth> => {
      const eventsOf = reader<Depth>(symbols, 'depth');
      return eachOf(
        chunks(symbols, SYMBOLS_PER_REQUEST),
        (some) =>
          ask({ path: '/v1/depth/batch', params: { symbols: some.map(wireSymbol).join(',') } }).pipe(map(eventsOf)),
        (symbol) => ask({ path: '/v1/depth', params: { symbol: wireSymbol(symbol) } }).pipe(map(eventsOf)),
      );
    },
  };
};

/** The items of an answer: a list, one alone, or a map by symbol, whose items may leave the symbol out. */
const itemsIn = (data: unknown): readonly unknown[] => {
  if (Array.isArray(data)) return data;
  if (!isRecord(data)) return [];
  if (typeof data['symbol'] === 'string') return [data];
  return Object.entries(data).map(([symbol, item]) => (isRecord(item) ? { symbol, ...item } : item));
};
