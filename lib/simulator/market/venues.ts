import { evenTicks, hongKongTicks } from './book.js';
import { hours, type MarketHours } from './hours.js';

/** What is traded, in iTick's words: one WebSocket path each. */
export const clusters = ['stock', 'forex', 'indices', 'crypto', 'future', 'fund'] as const;
/** One of `clusters`. */
export type Cluster = (typeof clusters)[number];

/** How a venue trades one class of instruments. Prices and sizes are whole numbers of their smallest decimal. */
export interface Venue {
  readonly zone: string;
  readonly hours: MarketHours;
  readonly priceDecimals: number;
  readonly tickAt: (price: number) => number;
  readonly sizeDecimals: number;
  /** The smallest size, in units of the smallest decimal. */
  readonly lot: number;
  /** How far a price may go from the previous close, as a fraction. */
  readonly band?: number;
  /** What a level of the book is worth, in currency. */
  readonly depth: number;
  /** Where prices of made-up instruments begin. */
  readonly prices: readonly [from: number, to: number];
  /** Which codes are well formed. */
  readonly codes: RegExp;
}

const LATIN = /^[A-Z0-9][A-Z0-9._-]{0,19}$/;

const venue = (zone: string, rules: Partial<Venue> = {}): Venue => ({
  zone,
  hours: hours.office,
  priceDecimals: 2,
  tickAt: evenTicks(1),
  sizeDecimals: 0,
  lot: 1,
  depth: 100_000,
  prices: [10, 300],
  codes: LATIN,
  ...rules,
});

const china = (code: string): Venue =>
  venue('Asia/Shanghai', {
    hours: hours.cn,
    lot: 100,
    band: /^(?:30|68)/u.test(code) ? 0.2 : 0.1,
    depth: 1_000_000,
    prices: [5, 60],
    codes: /^\d{6}$/,
  });
const hongKong = (): Venue =>
  venue('Asia/Hong_Kong', {
    hours: hours.hk,
    priceDecimals: 3,
    tickAt: hongKongTicks,
    lot: 100,
    depth: 1_000_000,
    prices: [1, 400],
    codes: /^[1-9]\d{0,4}$/,
  });
const america = (): Venue => venue('America/New_York', { hours: hours.us });
const chinaFutures = (codes: RegExp) => (): Venue =>
  venue('Asia/Shanghai', {
    hours: hours.cnFutures,
    tickAt: evenTicks(2),
    depth: 20_000,
    prices: [500, 6_000],
    codes,
  });
/** Treasury bonds trade a quarter of an hour longer than indices. */
const financialFutures = (code: string): Venue => ({
  ...chinaFutures(/^[A-Z]{1,2}\d{4}$/)(),
  hours: code.startsWith('T') ? hours.cnBondFutures : hours.cnIndexFutures,
});
const abroad = (zone: string) => (): Venue => venue(zone);

const crypto = (_code: string, price?: number): Venue => {
  const dear = price === undefined || price >= 100;
  return venue('UTC', {
    hours: hours.never,
    priceDecimals: dear ? 2 : 6,
    sizeDecimals: dear ? 4 : 1,
    depth: 50_000,
    prices: [100, 900],
  });
};
const forex = (code: string, price?: number): Venue => {
  const metal = price === undefined ? code.startsWith('X') : price >= 500;
  const yen = price === undefined ? code.endsWith('JPY') : !metal && price >= 20;
  return venue('Europe/London', {
    hours: hours.weekdays,
    priceDecimals: metal ? 2 : yen ? 3 : 5,
    sizeDecimals: 1,
    prices: metal ? [900, 3_000] : yen ? [90, 200] : [0.5, 2],
  });
};
const index = (zone: string) => (): Venue => venue(zone, { hours: hours.weekdays, prices: [3_000, 30_000] });

type MakeVenue = (code: string, price?: number) => Venue;

const byCluster: Readonly<Record<Cluster, Readonly<Record<string, MakeVenue>>>> = {
  stock: {
    SH: china,
    SZ: china,
    BJ: (code) => ({ ...china(code), band: 0.3 }),
    HK: hongKong,
    US: america,
    IN: () => venue('Asia/Kolkata', { hours: hours.india, tickAt: evenTicks(5), prices: [100, 3_000] }),
    SG: abroad('Asia/Singapore'),
    JP: abroad('Asia/Tokyo'),
    TW: abroad('Asia/Taipei'),
    KR: abroad('Asia/Seoul'),
    TH: abroad('Asia/Bangkok'),
    MY: abroad('Asia/Kuala_Lumpur'),
    ID: abroad('Asia/Jakarta'),
    VN: abroad('Asia/Ho_Chi_Minh'),
    AU: abroad('Australia/Sydney'),
    GB: abroad('Europe/London'),
    DE: abroad('Europe/Berlin'),
    ES: abroad('Europe/Madrid'),
    NL: abroad('Europe/Amsterdam'),
    IT: abroad('Europe/Rome'),
    TR: abroad('Europe/Istanbul'),
    MX: abroad('America/Mexico_City'),
    NG: abroad('Africa/Lagos'),
  },
  forex: { GB: forex },
  indices: { GB: index('Europe/London'), US: index('America/New_York') },
  crypto: { BA: crypto, BT: crypto, PB: crypto },
  future: {
    US: () => venue('America/Chicago', { hours: hours.weekdays, tickAt: evenTicks(25), prices: [2_000, 24_000] }),
    HK: () => venue('Asia/Hong_Kong', { hours: hours.hkFutures, tickAt: evenTicks(100), prices: [8_000, 24_000] }),
    CN: chinaFutures(LATIN),
    SHF: chinaFutures(/^[a-z]{1,2}\d{4}$/),
    INE: chinaFutures(/^[a-z]{1,2}\d{4}$/),
    DCE: chinaFutures(/^[a-z]{1,2}\d{4}$/),
    GFE: chinaFutures(/^[a-z]{1,2}\d{4}$/),
    ZCE: chinaFutures(/^[A-Z]{1,2}\d{3}$/),
    CFX: financialFutures,
  },
  fund: { US: america, HK: hongKong },
};

/** The rules of a venue for one class of instruments; `undefined` when it trades none. */
export const venueOf = (cluster: Cluster, name: string, code: string, price?: number): Venue | undefined => {
  const venues = byCluster[cluster];
  return Object.hasOwn(venues, name) ? venues[name]?.(code, price) : undefined;
};
