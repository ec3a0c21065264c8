import { wallClock } from '../model/wallClock.js';

/** Text of a vendor made safe for a terminal: no control sequence, no line break, no hidden character. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');

/** Without the noise of binary fractions: 0.1 + 0.2 is 0.3. */
export const clean = (value: number): number => Number(value.toPrecision(12));

/** How many decimals it takes to write a price: 2 for 225.54. */
export const decimalsOf = (price: number): number => {
  const [mantissa = '', exponent = '0'] = String(clean(price)).split('e');
  const fraction = mantissa.split('.')[1]?.length ?? 0;
  return Math.min(20, Math.max(0, fraction - Number(exponent)));
};

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 4 });

/** A size or volume with its thousands apart: `1,229`. */
export const amount = (value: number): string => grouped.format(value);

/** The way from one price to another: `+0.12%`, `-3.40%`, `0.00%`. */
export const percent = (from: number, to: number): string => {
  const hundredths = Math.round((to / from - 1) * 10_000);
  return `${hundredths > 0 ? '+' : ''}${((hundredths || 0) / 100).toFixed(2)}%`;
};

/** A part of a whole, and never all when something is missing: `0%`, `99%`, `100%`. */
export const share = (part: number): string => `${Math.floor(clean(part * 100))}%`;

/** When a bar opens, by the clock of this machine: to the minute, and one of a second to the second. */
export const barTime = ({ openTime, interval }: { readonly openTime: number; readonly interval: string }): string =>
  clock(openTime).slice(0, interval === '1s' ? 8 : 5);

/** A length of time in its largest unit: `0s`, `59s`, `3m`, `7h`, `2d`. */
export const age = (duration: number): string => {
  const seconds = Math.max(0, Math.floor(duration / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
};

/** A wait, or a hole in the data, with one decimal while it is short: `0.3 s`, `12 s`. */
export const seconds = (duration: number): string =>
  `${(Math.max(0, duration) / 1000).toFixed(duration < 9_950 ? 1 : 0)} s`;

/** A round trip: `0.8 ms`, `152 ms`. */
export const milliseconds = (duration: number): string =>
  `${clean(Number(duration.toFixed(duration < 10 ? 1 : 0)))} ms`;

/** The time of day on this machine: `12:00:01.123`. */
export const clock = (time: number): string => {
  const date = new Date(time);
  const [hours, minutes, rest] = [date.getHours(), date.getMinutes(), date.getSeconds()].map((n) =>
    String(n).padStart(2, '0'),
  );
  return `${hours}:${minutes}:${rest}.${String(date.getMilliseconds()).padStart(3, '0')}`;
};

/** What the clocks of a zone show: `2026-11-27 09:30`, or only the date. */
export const venueTime = (time: number, zone: string, to: 'second' | 'minute' | 'date'): string =>
  new Date(wallClock(time, zone)).toISOString().slice(0, { date: 10, minute: 16, second: 19 }[to]).replace('T', ' ');

const sizes = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A number of bytes: `812 B`, `1.2 kB`, `34 MB`. */
export const bytes = (count: number): string => {
  const power = Math.min(sizes.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  const value = count / 1_000 ** power;
  return `${value.toFixed(power > 0 && value < 9.95 ? 1 : 0)} ${sizes[power]}`;
};

/** A length of time as a clock counts it: `00:07`, `12:34`, `1:02:03`. */
export const elapsed = (duration: number): string => {
  const seconds = Math.max(0, Math.floor(duration / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const pair = (n: number): string => String(n).padStart(2, '0');
  return `${hours > 0 ? `${hours}:` : ''}${pair(minutes)}:${pair(rest)}`;
};

/** How many of something there are: `no gaps`, `1 gap`, `1,234 gaps`. */
export const counted = (count: number, what: string): string =>
  `${count === 0 ? 'no' : amount(count)} ${what}${count === 1 ? '' : 's'}`;

const BLOCKS = '▁▂▃▄▅▆▇█';
const ASCII = '_.-:=+*#';

/** Numbers as one character each, from the lowest of them to the highest; all in the middle when none differs. */
export const sparkline = (values: readonly number[], blocks: boolean): string => {
  const ramp = blocks ? BLOCKS : ASCII;
  const low = Math.min(...values);
  const range = Math.max(...values) - low;
  const height = (value: number): number => (range === 0 ? 0.5 : (value - low) / range);
  return values
    .map((value) => ramp.charAt(Math.min(ramp.length - 1, Math.floor(height(value) * ramp.length))))
    .join('');
};

/** A word as a shell takes it. */
export const shellQuote = (word: string): string =>
  /^[\w./:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
