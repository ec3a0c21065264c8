import { InvalidOption } from '../../model/errors.js';
import type { Interval } from '../../model/interval.js';
import { rangeOf, volumeOf, worthOf, type Bar } from './Bar.js';
import { checkInterval, checkWhole } from '../../model/check.js';
import { klineSettings, type KlineOptions, type KlineSettings } from './KlineOptions.js';

/**
 * The length of a bar that is counted, not timed: so many executions (`ticks`), as much `volume` in the vendor's unit, as
 * much `turnover` in price times that unit, or prices so far apart (`range`).
 */
export type CountedLength = OneOf<'ticks' | 'volume' | 'turnover' | 'range'>;

type OneOf<Key extends string> = {
  [One in Key]: { readonly [K in One]: number } & { readonly [K in Exclude<Key, One>]?: undefined };
}[Key];

/** The `interval` of a counted bar: `{ ticks: 100 }` makes `100ticks`, `{ volume: 5_000 }` makes `5000volume`. */
export type CountedInterval = `${number}${keyof typeof measures}`;

/** How counted bars are made. They have no buckets that could be empty, and are not corrected. */
export type CountedOptions = Pick<KlineOptions, 'calendar' | 'grace' | 'delay' | 'forming' | 'idleAfter'>;

/** Where bars end; all else is the same for all of them. */
export interface Boundary<I extends string> {
  /** What bars call it. */
  readonly interval: I;
  /** The buckets that bars lie in: a bar by the clock fills its own, a counted one lies in its trading day. */
  readonly bucket: Interval;
  /** Whether a bar is full before its bucket ends. Bars by the clock are not, and have none. */
  readonly isFull: ((bar: Bar) => boolean) | undefined;
}

/** What is counted, by the name of the length. */
const measures = {
  ticks: ({ trades = 0 }: Bar) => trades,
  volume: volumeOf,
  turnover: worthOf,
  range: rangeOf,
} as const;

/** The boundary of a length; throws `InvalidOption` for what is none. */
export function boundaryOf(length: Interval): Boundary<Interval>;
export function boundaryOf(length: CountedLength): Boundary<CountedInterval>;
export function boundaryOf(length: Interval | CountedLength): Boundary<Interval | CountedInterval>;
export function boundaryOf(length: Interval | CountedLength): Boundary<Interval | CountedInterval> {
  if (typeof length !== 'object') {
    checkInterval(length);
    return { interval: length, bucket: length, isFull: undefined };
  }
  const [name, ...others] = names.filter((key) => length[key] !== undefined);
  if (name === undefined || others.length > 0)
    throw new InvalidOption('length', length, `it has one of ${names.join(', ')}`);
  const least = length[name] ?? NaN;
  if (name === 'ticks') checkWhole(name, least, 'executions');
  if (!(Number.isFinite(least) && least > 0)) throw new InvalidOption(name, least, 'it is a number above 0');
  const measure = measures[name];
  return { interval: `${least}${name}`, bucket: '1d', isFull: (bar) => measure(bar) >= least };
}

const names = ['ticks', 'volume', 'turnover', 'range'] as const;

/** The options of bars of a length, with their defaults; throws `InvalidOption` for those that such bars do not have. */
export const settingsOf = ({ isFull }: Boundary<string>, options: KlineOptions = {}): KlineSettings => {
  if (!isFull) return klineSettings(options);
  for (const option of ['late', 'horizon', 'empty'] as const) {
    if (options[option] !== undefined)
      throw new InvalidOption(option, options[option], 'bars by the clock alone take it');
  }
  // The last bar is kept for its close.
  return { ...klineSettings(options), horizon: 1 };
};

/** Whether a bar says how long it is; one that does not is none. */
export const isCountedInterval = (interval: unknown): boolean => typeof interval === 'string' && COUNTED.test(interval);

/** Numbers as JavaScript writes them: `0.5`, `1e-7`. */
const COUNTED = new RegExp(`^\\d[\\d.e+-]*(?:${names.join('|')})$`);
