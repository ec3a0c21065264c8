import type { FeedEvent, LinkEvent } from '../model/feedEvent.js';
import { isLevel } from '../model/level.js';
import type { Depth, Level } from '../model/marketEvent.js';
import { stepOf } from '../model/sequence.js';

type Link = Pick<LinkEvent, 'kind' | 'receivedAt'>;

/** A book that is sent in updates, kept for those who join late: the last update alone says nothing to them. */
export interface LastDepth {
  readonly update: (depth: Depth, link: Link | undefined) => void;
  /** The whole book; undefined while it is not known: before a snapshot, after a hole in the sequence or a lost link. */
  readonly snapshot: (link: Link | undefined) => Depth | undefined;
}

type Side = Map<number, Level>;

/** Begins with the last depth that was heard, if that was a snapshot. */
export const lastDepth = (last: FeedEvent | undefined): LastDepth => {
  const begin = last?.kind === 'depth' && last.type === 'snapshot' ? last : undefined;
  const bids = sideOf(begin?.bids);
  const asks = sideOf(begin?.asks);
  let latest = begin;

  /** Updates that came over a new link are of a book whose snapshot is still to come. */
  const isOver = (link: Link | undefined): boolean =>
    link?.kind === 'connected' && begin !== undefined && begin.receivedAt < link.receivedAt;

  return {
    update: (depth, link) => {
      if (latest === undefined) return;
      const { sequence = latest.sequence } = depth;
      const step = depth.sequence && latest.sequence ? stepOf(depth.sequence, latest.sequence.last) : 'next';
      if (step === 'old') return;
      if (step === 'hole' || isOver(link)) {
        latest = undefined;
        return;
      }
      setAll(bids, depth.bids);
      setAll(asks, depth.asks);
      latest = { ...depth, sequence };
    },
    snapshot: (link) =>
      latest && !isOver(link)
        ? {
            ...latest,
            type: 'snapshot',
            bids: [...bids.values()].sort((a, b) => b.price - a.price),
            asks: [...asks.values()].sort((a, b) => a.price - b.price),
          }
        : undefined,
  };
};

const sideOf = (levels: readonly Level[] = []): Side => {
  const side: Side = new Map();
  setAll(side, levels);
  return side;
};

const setAll = (side: Side, levels: readonly Level[]): void => {
  for (const level of levels) {
    if (isLevel(level)) side.set(level.price, level);
    else side.delete(level.price);
  }
};
