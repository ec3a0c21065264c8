import { textOf } from '../../transport/textOf.js';
import { checkShare } from './checks.js';
import type { ChanceOptions } from './FaultOptions.js';
import type { Random } from './seeded.js';
import type { Signal } from './Signal.js';

/** Chance as the options have it: whether a fault befalls a signal, which only frames can be. Throws `InvalidOption`. */
export const befalling = ({ share = 0.01, only }: ChanceOptions): ((random: Random) => (signal: Signal) => boolean) => {
  checkShare(share);
  return (random) => (signal) => signal.kind === 'frame' && (only?.(textOf(signal.data)) ?? true) && random() < share;
};
