/** A symbol in its parts: `BRK.B` of `US`, `RELIANCE` of exchange `NSE` in `IN`. */
export interface SymbolParts {
  readonly code: string;
  readonly exchange: string | undefined;
  readonly venue: string;
}

/** No symbol of any venue is longer; what is takes no time. */
const LONGEST = 64;

/** Splits `CODE.VENUE` at the last dot, India's `CODE.EXCHANGE.IN` twice; `undefined` when it is malformed. */
export const splitSymbol = (symbol: string): SymbolParts | undefined => {
  if (symbol.length > LONGEST) return undefined;
  const [, code, venue] = /^(.+)\.([A-Z]+)$/u.exec(symbol) ?? [];
  if (code === undefined || venue === undefined) return undefined;
  if (venue !== 'IN') return { code, exchange: undefined, venue };
  const [, inner, exchange] = /^(.+)\.([A-Z]+)$/u.exec(code) ?? [];
  return inner === undefined ? undefined : { code: inner, exchange, venue };
};

/** One spelling for the market: Hong Kong codes without leading zeros. */
export const unpadded = (symbol: string): string =>
  symbol.length > LONGEST ? symbol : symbol.replace(/^0+(?=\d+\.HK$)/u, '');
