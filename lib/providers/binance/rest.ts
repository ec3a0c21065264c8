import { asyncScheduler, map, type Observable } from 'rxjs';
import type { Limits } from '../../history/budget.js';
import { HistoryUnavailable, isHistoryRefused, type HistoryRefused } from '../../history/errors.js';
import type { HistoryFetch } from '../../history/HistoryFetch.js';
import { restClient, type Ask, type Objection } from '../../history/restClient.js';
import type { Depth } from '../../model/marketEvent.js';
import { codeOf, PROVIDER } from './protocol.js';
import type { dataReader } from './readData.js';

/** The vendor's REST interface, within the weight that an address may use. */
export const binanceRest = (url: string, limits: Limits, fetch: HistoryFetch | undefined): Ask =>
  restClient({ provider: PROVIDER, url: `${url}/api/v3`, limits, fetch, lists: true, objectionIn });

const TOO_MANY = -1003;
const UNKNOWN_SYMBOL = -1121;
/** Characters that no symbol has (errors.md, "-1100 ILLEGAL_CHARS"). */
const ILLEGAL = -1100;

/** Whether the vendor does not know a symbol that was asked for. */
export const isUnknownSymbol = (error: unknown): error is HistoryRefused =>
  isHistoryRefused(error) && (error.code === String(UNKNOWN_SYMBOL) || error.code === String(ILLEGAL));

const BANNED = /banned until (\d{13})\b/;

/** An error has a code below zero, and a text. A ban says in the text until when; a browser does not show the header. */
const objectionIn = ({ code, msg }: Readonly<Record<string, unknown>>): Objection | undefined => {
  if (typeof code !== 'number' || typeof msg !== 'string') return undefined;
  const until = Number(BANNED.exec(msg)?.[1]);
  return {
    about: code === TOO_MANY ? 'slow' : 'request',
    code: String(code),
    reason: msg,
    wait: until > 0 ? Math.max(0, until - asyncScheduler.now()) : undefined,
  };
};

/** The weight of a book by its levels a side (rest-api.md, "Order book"). */
const weightOf = (levels: number): number => (levels <= 100 ? 5 : levels <= 500 ? 25 : levels <= 1_000 ? 50 : 250);

/** Asks for the whole book of a symbol, of so many levels a side. */
export const wholeBook = (
  ask: Ask,
  { readBook }: Pick<ReturnType<typeof dataReader>, 'readBook'>,
  levels: number,
  symbol: string,
): Observable<Depth> =>
  ask({ path: '/depth', params: { symbol: codeOf(symbol), limit: levels }, weight: weightOf(levels) }).pipe(
    map(({ body, receivedAt, redact }) => {
      const book = readBook(body, symbol, receivedAt);
      if (typeof book === 'function') throw new HistoryUnavailable(`the answer is no book: ${book(redact).join('; ')}`);
      return book;
    }),
  );
