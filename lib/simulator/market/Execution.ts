import type { Phase } from './hours.js';

/** Who crossed the spread. */
export type Aggressor = 'buyer' | 'seller';

/** One execution, in decimal numbers. */
export interface Execution {
  readonly time: number;
  readonly price: number;
  readonly size: number;
  /** Of the trading day so far, this execution included. */
  readonly volume: number;
  /** Who crossed the spread; absent in the opening auction. */
  readonly aggressor: Aggressor | undefined;
  readonly phase: Phase;
}
