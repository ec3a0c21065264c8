import type { VendorControl } from '../control.js';

/** Binance's side of the simulator: as of the other vendors, and what only Binance does. */
export interface BinanceControl extends VendorControl {
  /** Connections that were closed (1008) because they sent more frames than they may. */
  readonly overruns: number;
  /** Says to all connections that the server is about to shut down; ends them so many milliseconds later, if at all. */
  shutdown(endAfter?: number): void;
  /** The next so many updates of the symbol's book get lost on each of its depth streams, for all connections. */
  loseDepth(symbol: string, updates: number): void;
}
