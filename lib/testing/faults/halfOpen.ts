import { asyncScheduler, filter } from 'rxjs';
import { checkMoment } from './checks.js';
import type { Fault } from './Fault.js';
import type { MomentOptions } from './FaultOptions.js';
import { tampering } from './tampering.js';

/**
 * Leaves each connection open and dead, after so many frames or milliseconds: nothing arrives any more, no ping and no
 * close either, and nothing that is said gets through. Only silence tells of it. Throws `InvalidOption`.
 *
 *     in                      -a-b-c-|
 *     halfOpen({ frames: 2 }) -a-b----     // until the client closes
 *
 * @example
 * faulty(openSocket, halfOpen({ after: 30_000, connections: 1 }))
 */
export const halfOpen = (options: MomentOptions): Fault => {
  const { frames, after = Infinity } = checkMoment(options);
  return tampering(options, () => {
    let heard = 0;
    let openedAt = Infinity;
    const isDead = (): boolean => asyncScheduler.now() >= openedAt + (heard < frames ? after : 0);
    return {
      incoming: filter(({ kind }) => {
        if (isDead()) return false;
        if (kind === 'open') openedAt = asyncScheduler.now();
        if (kind === 'frame') heard += 1;
        return true;
      }),
      outgoing: filter(() => !isDead()),
    };
  });
};
