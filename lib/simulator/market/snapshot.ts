import type { Phase } from './hours.js';

/** One price level in decimal numbers. */
export interface SimulatedLevel {
  readonly price: number;
  readonly size: number;
  readonly orders: number;
}

/** The figures of a trading day so far, in shares (or coins, or contracts) and currency. */
export interface DayFigures {
  readonly last: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly previousClose: number;
  /** Sum of the sizes of all executions. */
  readonly volume: number;
  /** Sum of price times size of all executions. */
  readonly turnover: number;
  /** How many executions there were. */
  readonly trades: number;
  /** When it last traded or changed its status, epoch milliseconds of the market. */
  readonly time: number;
  readonly phase: Phase;
  readonly halted: boolean;
}

/** Both sides of the book, best first, ten levels. */
export interface Ladders {
  /** Empty at limit-down. */
  readonly bids: readonly SimulatedLevel[];
  /** Empty at limit-up. */
  readonly asks: readonly SimulatedLevel[];
  /** When the book last changed, epoch milliseconds of the market. */
  readonly bookTime: number;
}

/** The state of an instrument now. */
export interface MarketSnapshot extends DayFigures, Ladders {}

/** A forming bar in decimal numbers. */
export interface SimulatedBar {
  readonly openTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly turnover: number;
}

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
