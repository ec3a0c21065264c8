import type { Kline } from '../../model/marketEvent.js';
import { hasPart, type Part } from '../diff/like.js';
import { shown } from '../diff/shown.js';
import { valuesOf, type Seen, type Verdict } from './seen.js';

/** How far figures may be apart, as absolute differences. */
export interface KlineTolerance {
  /**
   * Of open, high, low and close.
   *
   * @defaultValue `0`
   */
  readonly price?: number | undefined;
  /**
   * Of volume, turnover and missed volume.
   *
   * @defaultValue `0`
   */
  readonly volume?: number | undefined;
}

const prices: readonly string[] = ['open', 'high', 'low', 'close'];
const volumes: readonly string[] = ['volume', 'turnover', 'missedVolume'];

/** How many bars are described. */
const DESCRIBED = 8;

/** Compares bars, one by one; fields that are not named do not matter, nor does when a bar was received. */
export const judgeKlines = (
  seen: Seen,
  expected: readonly Part<Kline>[],
  { price = 0, volume = 0 }: KlineTolerance = {},
): Verdict => {
  const allowed = (field: string): number => (prices.includes(field) ? price : volumes.includes(field) ? volume : 0);
  const fits = (field: string, is: unknown, ought: unknown): boolean =>
    hasPart(is, ought) || (typeof is === 'number' && typeof ought === 'number' && isWithin(is, ought, allowed(field)));
  const wrongIn = (is: Part<Kline>, ought: Part<Kline>): readonly string[] =>
    Object.entries(ought).flatMap(([field, value]: [string, unknown]) => {
      const found = is[field as keyof Kline];
      if (field === 'receivedAt' || fits(field, found, value)) return [];
      const margin = allowed(field) > 0 ? ` within ${allowed(field)}` : '';
      return [`    ${field}: received ${shown(found)}, expected ${shown(value)}${margin}`];
    });

  const bars = valuesOf(seen) as readonly Kline[];
  const wrong = Array.from({ length: Math.max(bars.length, expected.length) }, (_, index) => index).flatMap((index) => {
    const [is, ought] = [bars[index], expected[index]];
    if (is === undefined) return [`bar ${index} did not come: ${shown(ought)}`];
    if (ought === undefined) return [`bar ${index} was not expected: ${nameOf(is)}`];
    const fields = wrongIn(is, ought);
    return fields.length > 0 ? [[`bar ${index}, ${nameOf(is)}`, ...fields].join('\n')] : [];
  });
  const more = wrong.length > DESCRIBED ? [`and ${wrong.length - DESCRIBED} more that differ`] : [];
  return {
    pass: wrong.length === 0,
    message: () =>
      wrong.length === 0
        ? `the ${bars.length} bars are equal, and should not be`
        : [`received ${bars.length} bars, expected ${expected.length}`, ...wrong.slice(0, DESCRIBED), ...more].join(
            '\n',
          ),
  };
};

const nameOf = ({ interval, symbol, openTime }: Kline): string => `${interval} ${symbol} from ${openTime}`;

/** What decimals lose as binary fractions is not counted: 10.3 is within 0.1 of 10.2. */
const isWithin = (a: number, b: number, allowed: number): boolean =>
  a === b || (allowed > 0 && Math.abs(a - b) <= allowed + Number.EPSILON * Math.max(Math.abs(a), Math.abs(b)));
