import type { Switched } from '../../model/feedEvent.js';
import { leftBy } from '../../model/leftBy.js';
import { closeHole, moveHole, openHole } from './holes.js';
import type { Tally } from './tally.js';

/**
 * A line of a standby serves from now on: what was expected of the one that is left is expected of it, and a hole that lasts goes on
 * as its own.
 */
export const takeOver = (to: Tally, tallies: ReadonlyMap<string, Tally>, event: Switched, cause: string): void => {
  const left = leftBy(event);
  const from = left && tallies.get(left.feed);
  if (!left || !from) return;
  const { isAll, isOf } = left;
  const { symbols, receivedAt } = event;
  // Of a lost link it is known already.
  const hole = from.hole ? undefined : left.hole;
  to.servesSince = receivedAt;
  if (hole) {
    const { provider, feed } = to;
    const symbol = !isAll && symbols.length === 1 ? symbols[0] : undefined;
    const known = openHole(to.holes, { provider, feed, symbol, from: hole.from, cause });
    known.isCountable = false;
    closeHole(to.holes, known, hole.to);
  }
  if (from === to) return;
  const endedAt = Math.min(receivedAt, hole?.from ?? receivedAt);
  to.topics.takeOver(from.topics.handOver(isOf, endedAt), endedAt, hole?.to ?? endedAt);
  if (!isAll) return;
  if (from.hole) moveHole(from.holes, to.holes, from.hole);
  to.hole = from.hole ?? to.hole;
  from.hole = undefined;
  from.state = 'left';
  from.refused.clear();
  from.isLagging = false;
};
