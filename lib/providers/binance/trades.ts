import { defer, EMPTY, expand, from, map, mergeMap, type Observable } from 'rxjs';
import { isRecord } from '../../codec/json.js';
import { HistoryUnavailable } from '../../history/errors.js';
import type { TradesQuery } from '../../history/History.js';
import type { Ask, RestAnswer } from '../../history/restClient.js';
import { InvalidOption } from '../../model/errors.js';
import type { Trade } from '../../model/marketEvent.js';
import { codeOf, PROVIDER } from './protocol.js';
import { dataReader } from './readData.js';

/** The most rows of a page, and its weight (rest-api.md, "Compressed/Aggregate trades list"). */
const MOST_ROWS = 1_000;
const WEIGHT = 4;

/** The trades of a query, oldest first. */
export const pastTrades = (ask: Ask, { symbol, fromId, toId }: TradesQuery): Observable<Trade> => {
  const code = codeOf(symbol);
  for (const [option, id] of Object.entries({ fromId, toId })) {
    if (!Number.isSafeInteger(id) || id < 0)
      throw new InvalidOption(option, id, 'it is the id of a trade, a whole number');
  }
  const { read } = dataReader({ feed: PROVIDER });
  const stream = `${code.toLowerCase()}@aggTrade`;

  const tradesOf = ({ items, receivedAt, redact }: RestAnswer): readonly Trade[] => {
    if (items === undefined) throw new HistoryUnavailable(`the answer holds no trades, for ${symbol}`);
    return items.map((item) => {
      // A row does not say its symbol.
      const trade = read(stream, isRecord(item) ? { ...item, s: code } : {}, receivedAt);
      if (typeof trade === 'function')
        throw new HistoryUnavailable(`a trade of ${symbol} cannot be read: ${trade(redact).join('; ')}`);
      return trade as Trade;
    });
  };
  const idOf = ({ id }: Trade): number => id ?? NaN;
  const page = (first: number): Observable<Page> =>
    first > toId
      ? EMPTY
      : ask({
          path: '/aggTrades',
          params: { symbol: code, fromId: first, limit: Math.min(MOST_ROWS, toId - first + 1) },
          weight: WEIGHT,
        }).pipe(map((answer) => ({ first, trades: tradesOf(answer) })));

  return defer(() => page(fromId)).pipe(
    expand(({ first, trades }) => {
      const last = trades.at(-1);
      // A page that does not lead on would be asked for again and again.
      return last && idOf(last) >= first ? page(idOf(last) + 1) : EMPTY;
    }),
    mergeMap(({ first, trades }) => from(trades.filter((trade) => idOf(trade) >= first && idOf(trade) <= toId))),
  );
};

interface Page {
  readonly first: number;
  readonly trades: readonly Trade[];
}
