import { InvalidOption } from '../model/errors.js';
import type { Backoff } from '../model/outage.js';

/** How the waits of `exponential` grow, and by which chance. */
export interface ExponentialOptions {
  /**
   * The longest wait before the second attempt, in milliseconds; it doubles from there.
   *
   * @defaultValue `500`
   */
  readonly first?: number;
  /**
   * The longest wait of all, in milliseconds.
   *
   * @defaultValue `30_000`
   */
  readonly cap?: number;
  /**
   * A number from 0 to below 1 that says which part of the wait is used.
   *
   * @defaultValue `Math.random`
   */
  readonly random?: () => number;
}

/** Caps the exponent: 2 ** n overflows to Infinity, and 0 * Infinity is NaN. */
const DOUBLINGS = 1_000;

/**
 * Waits a random part of a time that doubles with each attempt: "full jitter", which spreads a crowd of clients best
 * (M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015).
 *
 * @example
 * itick({ token, market: 'stock', topics, backoff: exponential({ first: 1_000, cap: 60_000 }) })
 */
export const exponential = ({ first = 500, cap = 30_000, random = Math.random }: ExponentialOptions = {}): Backoff => {
  if (!(first >= 0 && first < Infinity))
    throw new InvalidOption('first', first, 'a wait is a number of milliseconds, 0 or more');
  if (!(cap >= first && cap < Infinity))
    throw new InvalidOption('cap', cap, 'the cap is a number of milliseconds, no less than `first`');
  return (attempt) => random() * Math.min(cap, first * 2 ** Math.min(attempt - 1, DOUBLINGS));
};
