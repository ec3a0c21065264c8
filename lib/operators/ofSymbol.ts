import { filter, type Observable } from 'rxjs';
import { InvalidTopic } from '../model/errors.js';
import { isMarketEvent, isOwnData, type FeedEvent } from '../model/feedEvent.js';
import { canonicalSymbol, LONGEST_SYMBOL, parseSymbol } from '../model/symbol.js';

/**
 * Keeps the data of the given symbols, however they spell them, and all that the link says, so that operators
 * further down still see the gaps.
 *
 * Throws `InvalidTopic` for a malformed symbol, and for none at all.
 *
 *     events         (ab)-c-b-a-x   a, b of two symbols; c connected, x disconnected
 *     ofSymbol('A')  a----c---a-x
 *
 * @example
 * feed$.pipe(ofSymbol('700.HK')) // also those of a feed that was asked for 00700.HK
 */
export const ofSymbol = (...symbols: readonly string[]) => {
  if (symbols.length === 0) throw new InvalidTopic(symbols, 'there is no symbol in it to keep');
  const isAsked = askedBy(symbols);
  return <E extends FeedEvent>(events$: Observable<E>): Observable<E> =>
    events$.pipe(filter((event) => !(isMarketEvent(event) || isOwnData(event)) || isAsked(event.symbol)));
};

/** A feed that runs for days over changing symbols shall not remember them all. */
const MEMORY = 10_000;

/** Remembers its answer per spelling, so that an event costs a lookup. */
const askedBy = (symbols: readonly string[]): ((symbol: string) => boolean) => {
  const instruments = new Set(symbols.map((symbol) => (parseSymbol(symbol), canonicalSymbol(symbol))));
  const answers = new Map<string, boolean>();
  return (symbol) => {
    if (typeof symbol !== 'string') return false;
    const known = answers.get(symbol);
    if (known !== undefined) return known;
    const answer = instruments.has(canonicalSymbol(symbol));
    if (symbol.length > LONGEST_SYMBOL) return answer;
    if (answers.size >= MEMORY) answers.clear();
    answers.set(symbol, answer);
    return answer;
  };
};
