import { InvalidTopic } from './errors.js';

/** The parts of a symbol such as `AAPL.US`, `BRK.B.US` or `RELIANCE.NSE.IN`. */
export interface SymbolParts {
  /** What the exchange calls it. May hold dots (`BRK.B`). */
  readonly code: string;
  /** The exchange inside the venue; only India (`IN`) has one. */
  readonly exchange?: string;
  /** Exchange, region or OTC source: the part after the last dot. */
  readonly venue: string;
}

/** The most characters a symbol may have. Bounds the memory against symbols that a peer makes up. */
export const LONGEST_SYMBOL = 64;

const CODE = /^[^\s,$.]+(?:\.[^\s,$.]+)*$/u;
const VENUE = /^[A-Z][A-Z0-9]{0,9}$/;

const reject = (symbol: unknown, problem: string): never => {
  throw new InvalidTopic(symbol, problem);
};

/**
 * Splits a symbol at its last dot into code and venue; throws `InvalidTopic` when it is malformed.
 *
 * Only venue `IN` has three parts, as its vendors need the exchange (`RELIANCE.NSE.IN`).
 */
export const parseSymbol = (symbol: string): SymbolParts => {
  if (typeof symbol !== 'string') return reject(symbol, 'a symbol is a string such as AAPL.US');
  if (symbol.length > LONGEST_SYMBOL)
    return reject(`${symbol.slice(0, LONGEST_SYMBOL)}…`, `a symbol has at most ${LONGEST_SYMBOL} characters`);
  const dot = symbol.lastIndexOf('.');
  const code = symbol.slice(0, dot);
  const venue = symbol.slice(dot + 1);
  if (dot < 1) return reject(symbol, 'a symbol is CODE.VENUE, such as AAPL.US or 600000.SH');
  if (!VENUE.test(venue)) return reject(symbol, `the venue "${venue}" is not in capital letters, such as US, HK or SH`);
  if (!CODE.test(code)) return reject(symbol, `the code "${code}" is empty, or holds a space, comma, $ or stray dot`);
  if (venue !== 'IN') return { code, venue };
  const split = code.lastIndexOf('.');
  const exchange = code.slice(split + 1);
  if (split < 1 || !VENUE.test(exchange)) {
    return reject(symbol, 'symbols of venue IN name the exchange too, in capital letters, such as RELIANCE.NSE.IN');
  }
  return { code: code.slice(0, split), exchange, venue };
};

const PADDED_HK = /^0+(\d+\.HK)$/;

/**
 * One spelling for all spellings of an instrument: Hong Kong codes lose their leading zeros, so that `00700.HK` and
 * `700.HK` are equal. For comparing only; events carry what the caller wrote.
 */
export const canonicalSymbol = (symbol: string): string =>
  symbol.charCodeAt(0) === 48 && symbol.length <= LONGEST_SYMBOL ? symbol.replace(PADDED_HK, '$1') : symbol;
