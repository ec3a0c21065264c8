import { InvalidOption } from '../../model/errors.js';
import { klineSettings, type KlineOptions } from './KlineOptions.js';

/** The length of a bar that is counted, not timed: so many executions, or as much volume, in the vendor's unit. */
export type CountedLength =
  { readonly ticks: number; readonly volume?: undefined } | { readonly volume: number; readonly ticks?: undefined };

/** The `interval` of a counted bar: `{ ticks: 100 }` makes `100ticks`, `{ volume: 5_000 }` makes `5000volume`. */
export type CountedInterval = `${number}ticks` | `${number}volume`;

/** How counted bars are made. They have no buckets that could be empty, and are not corrected. */
export type CountedOptions = Pick<KlineOptions, 'calendar' | 'grace' | 'delay' | 'forming'>;

export interface CountedSettings extends Pick<
  ReturnType<typeof klineSettings>,
  'calendar' | 'grace' | 'delay' | 'forming'
> {
  readonly interval: CountedInterval;
  /** When a bar is full; the other one is `Infinity`. */
  readonly ticks: number;
  readonly volume: number;
}

/** Fills in the defaults; throws `InvalidOption` for what makes no sense. */
export const countedSettings = (length: CountedLength, options: KlineOptions = {}): CountedSettings => {
  for (const option of ['late', 'horizon', 'empty'] as const) {
    if (options[option] !== undefined)
      throw new InvalidOption(option, options[option], 'bars by the clock alone take it');
  }
  const { calendar, grace, delay, forming } = klineSettings(options);
  const { ticks = Infinity, volume = Infinity } = length;
  return { interval: countedInterval(length), ticks, volume, calendar, grace, delay, forming };
};

const countedInterval = (length: CountedLength): CountedInterval => {
  const { ticks, volume } = length;
  if ((ticks === undefined) === (volume === undefined))
    throw new InvalidOption('length', length, 'it has either ticks or volume');
  if (volume === undefined) {
    if (!(Number.isSafeInteger(ticks) && ticks > 0))
      throw new InvalidOption('ticks', ticks, 'it is a whole number of executions, 1 or more');
    return `${ticks}ticks`;
  }
  if (!(Number.isFinite(volume) && volume > 0)) throw new InvalidOption('volume', volume, 'it is a number above 0');
  return `${volume}volume`;
};
