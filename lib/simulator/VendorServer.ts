import type { Gateway } from './gateway.js';
import type { Change } from './market/instrument.js';

/** One vendor: its door, and what it tells its clients about the market. */
export interface VendorServer extends Gateway {
  /** Whether an upgrade to this path is for this vendor. */
  readonly serves: (url: URL) => boolean;
  readonly publish: (changes: readonly Change[]) => void;
}
