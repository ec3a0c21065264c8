import { decimalsOf } from './markets';

const plain = new Map<number, Intl.NumberFormat>();
const compact = new Intl.NumberFormat('en', {
  notation: 'compact',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

const digits = (decimals: number): Intl.NumberFormat => {
  const known = plain.get(decimals);
  if (known) return known;
  const made = new Intl.NumberFormat('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  plain.set(decimals, made);
  return made;
};

/** With the decimals of the tick of its symbol. */
export const price = (symbol: string, value: number | undefined, more = 0): string =>
  value === undefined || Number.isNaN(value) ? '–' : digits(decimalsOf(symbol, Math.abs(value)) + more).format(value);

/** Nothing is `−0.00%`. */
export const percent = (value: number | undefined): string => {
  if (value === undefined || Number.isNaN(value)) return '–';
  const text = Math.abs(100 * value).toFixed(2);
  return `${text === '0.00' ? '' : value < 0 ? '−' : '+'}${text}%`;
};

export const size = (value: number | undefined): string => {
  if (value === undefined) return '–';
  if (value >= 100_000) return compact.format(value);
  // Coins come in parts.
  return digits(Number.isInteger(value) ? 0 : value < 10 ? 4 : 2).format(value);
};

export const count = (value: number): string => digits(0).format(value);

export const seconds = (milliseconds: number): string => `${count(Math.max(0, milliseconds) / 1_000)} s`;

const offsets = new Map<string, number>();
const QUARTER = 900_000;

/** Milliseconds that the clocks of a zone are ahead of UTC. Zones change on a quarter of an hour. */
const offsetOf = (zone: string, time: number): number => {
  if (zone === 'UTC') return 0;
  const key = `${zone} ${Math.floor(time / QUARTER)}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const name = zoned(zone, 'longOffset', time);
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(name) ?? [];
  const offset = (sign === '-' ? -1 : 1) * (60 * Number(hours) + Number(minutes)) * 60_000;
  if (offsets.size > 10_000) offsets.clear();
  offsets.set(key, offset);
  return offset;
};

const zoned = (zone: string, timeZoneName: 'longOffset' | 'short', time: number): string =>
  new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName })
    .formatToParts(time)
    .find(({ type }) => type === 'timeZoneName')?.value ?? zone;

/** The clock of a zone, as if it were that of UTC. */
export const wallTime = (zone: string, time: number): number => time + offsetOf(zone, time);

/** `GMT+8`, `EST` */
export const zoneName = (zone: string, time: number): string => zoned(zone, 'short', time);

/** `10:31:05` by the clock of a zone. */
export const clock = (time: number, zone = 'UTC'): string => new Date(wallTime(zone, time)).toISOString().slice(11, 19);

/** `10:31` */
export const minute = (time: number, zone = 'UTC'): string => clock(time, zone).slice(0, 5);

/** `2026-11-30` */
export const date = (time: number, zone = 'UTC'): string => new Date(wallTime(zone, time)).toISOString().slice(0, 10);
