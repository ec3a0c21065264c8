import type { SizeUnit } from './marketEvent.js';

const CN = 'Asia/Shanghai';

/** IANA time zone of the venues whose days, weeks and months are not those of UTC. */
const zones: ReadonlyMap<string, string> = new Map([
  ...['SH', 'SZ', 'BJ', 'CN', 'SHF', 'DCE', 'ZCE', 'CFX', 'INE', 'GFE'].map((venue) => [venue, CN] as const),
  ['HK', 'Asia/Hong_Kong'],
  ['US', 'America/New_York'],
  ['JP', 'Asia/Tokyo'],
  ['KR', 'Asia/Seoul'],
  ['TW', 'Asia/Taipei'],
  ['SG', 'Asia/Singapore'],
  ['IN', 'Asia/Kolkata'],
  ['DE', 'Europe/Berlin'],
]);

/** The time zone of the exchange behind a symbol; UTC for venues that trade around the clock or are not known. */
export const zoneOf = (symbol: string): string => zones.get(venueOf(symbol)) ?? 'UTC';

const venueOf = (symbol: string): string => symbol.slice(symbol.lastIndexOf('.') + 1);

/** The venues whose lots are of 100 shares. */
const HUNDREDS: ReadonlySet<string> = new Set(['SH', 'SZ', 'BJ']);

/** How many shares a unit of volume is; undefined where it is unknown. */
export const sharesOf = (symbol: string, unit: SizeUnit | undefined): number | undefined =>
  unit === 'shares' ? 1 : unit === 'lots' && HUNDREDS.has(venueOf(symbol)) ? 100 : undefined;
