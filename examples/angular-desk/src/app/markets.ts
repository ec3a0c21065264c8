import { calendarOf, calendars, type Calendar } from 'rxtape';

export type Market = (typeof markets)[number];
export type Vendor = 'itick' | 'tickflow' | 'binance';

/** In the order of the list. */
export const markets = ['cn', 'hk', 'us', 'crypto', 'other'] as const;

const byVenue: Readonly<Record<string, Market>> = { SH: 'cn', SZ: 'cn', BJ: 'cn', HK: 'hk', US: 'us', BA: 'crypto' };

const venueOf = (symbol: string): string => symbol.slice(symbol.lastIndexOf('.') + 1);

export const marketOf = (symbol: string): Market => byVenue[venueOf(symbol)] ?? 'other';

/** Who is asked for a symbol; the first one serves it. */
export const vendorsOf = (symbol: string): readonly Vendor[] => {
  const market = marketOf(symbol);
  if (market === 'crypto') return ['binance'];
  return market === 'other' ? ['itick'] : ['itick', 'tickflow'];
};

/** Whether the second vendor stands by where the first one fails. */
export const isOnTwoLines = (symbol: string): boolean => vendorsOf(symbol).length > 1;

/** The hours that the exchange keeps. */
export const hoursOf = (symbol: string): Calendar =>
  marketOf(symbol) === 'crypto' ? calendars.always : calendarOf(symbol);

export const zoneOf = (symbol: string): string => hoursOf(symbol).zone;

const HONG_KONG: readonly (readonly [below: number, decimals: number])[] = [
  [0.5, 3],
  [100, 2],
  [1_000, 1],
];

/** How many decimals the smallest step of a price has. */
export const decimalsOf = (symbol: string, price: number): number => {
  const venue = venueOf(symbol);
  switch (marketOf(symbol)) {
    case 'hk':
      return HONG_KONG.find(([below]) => price < below)?.[1] ?? 0;
    case 'cn':
      // Funds have steps of a tenth of a cent.
      return (venue === 'SH' && symbol.startsWith('5')) || (venue === 'SZ' && symbol.startsWith('1')) ? 3 : 2;
    case 'crypto':
      return price < 1 ? 6 : price < 100 ? 4 : 2;
    default:
      return price < 1 ? 4 : 2;
  }
};

/** How far a mainland stock may go from the close of the day before. */
const bandOf = (symbol: string): number | undefined => {
  if (marketOf(symbol) !== 'cn') return undefined;
  if (venueOf(symbol) === 'BJ') return 0.3;
  return /^(?:30|68)/.test(symbol) ? 0.2 : 0.1;
};

/** Whether a price is at its limit of the day. */
export const limitAt = (symbol: string, last?: number, previousClose?: number): 'up' | 'down' | undefined => {
  const band = bandOf(symbol);
  if (band === undefined || last === undefined || !previousClose) return undefined;
  const cents = (price: number): number => Math.round(100 * price + 1e-6);
  if (cents(last) >= cents(previousClose * (1 + band))) return 'up';
  return cents(last) <= cents(previousClose * (1 - band)) ? 'down' : undefined;
};
