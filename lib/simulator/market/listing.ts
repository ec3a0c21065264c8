import { seeded, seedFor } from './random.js';
import { clusters, venueOf, type Cluster, type Venue } from './venues.js';

/** An instrument of the simulated market; what is left out is made up by the rules of its venue. */
export interface SimulatedInstrument {
  /** `CODE.VENUE`, such as `AAPL.US`; Hong Kong codes without leading zeros. */
  readonly symbol: string;
  /**
   * Which iTick cluster serves it.
   *
   * @defaultValue the first that knows the venue
   */
  readonly cluster?: Cluster;
  /**
   * Previous close.
   *
   * @defaultValue a price made up from the seed
   */
  readonly price?: number;
  /**
   * What TickFlow calls it in `ext`.
   *
   * @defaultValue the code
   */
  readonly name?: string;
  /**
   * Shares outstanding, for TickFlow's turnover rate.
   *
   * @defaultValue `1e9`
   */
  readonly shares?: number;
}

/** An instrument to be listed: its symbol, or more that is known of it. */
export type SimulatedSymbol = string | SimulatedInstrument;

/** An instrument that trades here, and by which rules. */
export interface Listing extends SymbolParts {
  readonly symbol: string;
  readonly cluster: Cluster;
  readonly name: string;
  readonly shares: number;
  readonly rules: Venue;
  /** Previous close on the first day, in price units. */
  readonly firstClose: number;
}

/** The listing of a symbol, or `undefined` when no venue of these clusters could trade it. */
export const listingOf = (
  wanted: SimulatedSymbol,
  seed: number,
  among: readonly Cluster[] = clusters,
): Listing | undefined => {
  const { symbol: spelled, cluster: only, price, name, shares = 1e9 } = named(wanted);
  const symbol = unpadded(spelled);
  const parts = splitSymbol(symbol);
  if (parts === undefined) return undefined;
  for (const cluster of among) {
    if (only !== undefined && only !== cluster) continue;
    const rules = venueOf(cluster, parts.venue, parts.code, price);
    if (!rules?.codes.test(parts.code)) continue;
    const [from, to] = rules.prices;
    const close = price ?? from * (to / from) ** seeded(seedFor(seed, `${cluster} ${symbol} price`))();
    const firstClose = Math.round(close * 10 ** rules.priceDecimals);
    return { ...parts, symbol, cluster, name: name ?? parts.code, shares, rules, firstClose };
  }
  return undefined;
};

/** A bare symbol that is listed by default means the one that is listed. */
const named = (wanted: SimulatedSymbol): SimulatedInstrument =>
  typeof wanted === 'string'
    ? (defaultSymbols.find(({ symbol }) => symbol === unpadded(wanted)) ?? { symbol: wanted })
    : wanted;

/** What trades unless the caller says otherwise: every cluster and every kind of symbol is there. */
export const defaultSymbols: readonly SimulatedInstrument[] = [
  { symbol: '600000.SH', price: 9.78, name: '浦发银行', shares: 33.3e9 },
  { symbol: '600519.SH', price: 1_480, name: '贵州茅台', shares: 1.25e9 },
  { symbol: '000001.SZ', price: 11.42, name: '平安银行', shares: 19.4e9 },
  { symbol: '300750.SZ', price: 262.5, name: '宁德时代', shares: 4.4e9 },
  { symbol: '700.HK', price: 608, name: '腾讯控股', shares: 9.2e9 },
  { symbol: '9988.HK', price: 152.7, name: '阿里巴巴-W', shares: 19e9 },
  { symbol: 'AAPL.US', price: 225.12, name: 'Apple', shares: 15.1e9 },
  { symbol: 'TSLA.US', price: 320.72, name: 'Tesla', shares: 3.2e9 },
  { symbol: 'BRK.B.US', price: 470.35, name: 'Berkshire Hathaway', shares: 1.3e9 },
  { symbol: 'RELIANCE.NSE.IN', price: 1_424.6, name: 'Reliance Industries', shares: 13.5e9 },
  { symbol: 'EURUSD.GB', cluster: 'forex', price: 1.08412 },
  { symbol: 'GBPUSD.GB', cluster: 'forex', price: 1.27035 },
  { symbol: 'USDJPY.GB', cluster: 'forex', price: 154.321 },
  { symbol: 'XAUUSD.GB', cluster: 'forex', price: 2_650.4 },
  { symbol: 'BTCUSDT.BA', price: 92_426.53 },
  { symbol: 'ETHUSDT.BA', price: 3_034.01 },
  { symbol: 'SPX.GB', cluster: 'indices', price: 5_893.62, name: 'S&P 500' },
  { symbol: 'NQ.US', cluster: 'future', price: 23_527.5, name: 'Nasdaq 100 E-mini' },
  { symbol: 'au2604.SHF', price: 782.44, name: '沪金2604' },
  { symbol: 'SPY.US', cluster: 'fund', price: 590.3, name: 'SPDR S&P 500 ETF' },
];

/** A symbol in its parts: `BRK.B` of `US`, `RELIANCE` of exchange `NSE` in `IN`. */
interface SymbolParts {
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
