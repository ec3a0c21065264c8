import type { Connected, Disconnected } from '../model/feedEvent.js';
import type { EventFacts } from '../model/ownEvents.js';
import { PATIENCE, type Side } from './sides.js';

/** A time in which neither line may have been there. */
export interface Doubt {
  readonly from: number;
  readonly to: number;
}

/** What is said of such a time once it is seen, before the topics that are served again: a loss, if one is known, and a link. */
export const lateWords = (
  { provider, feed, receivedAt }: EventFacts,
  loss: Disconnected | undefined,
  resumed: Connected['resumed'],
): readonly (Disconnected | Connected)[] => {
  const facts = { provider, ...(feed !== undefined && { feed }), receivedAt };
  const connected: Connected = { kind: 'connected', ...facts, attempt: 1, resumed };
  return loss ? [{ ...loss, ...facts }, connected] : [connected];
};

/**
 * What may be missing of two lines of which one was always taken to be there. A link that is dead is silent before its loss
 * is noticed, and one that lives is late: if it ends soon after the other line was gone and back, neither may have had what
 * came meanwhile.
 */
export const doubts = () => {
  const of: [Doubt | undefined, Doubt | undefined] = [undefined, undefined];
  /** Whether there is any; nearly always there is none. */
  let isAny = false;
  const take = (side: Side): Doubt | undefined => {
    const doubt = of[side];
    of[side] = undefined;
    isAny = of[0] !== undefined || of[1] !== undefined;
    return doubt;
  };
  return {
    /** A side is heard so long after the other one was back that it has said all that came before. */
    heard: (side: Side, receivedAt: number): void => {
      const doubt = of[side];
      if (doubt && receivedAt >= doubt.to + PATIENCE) take(side);
    },
    /** Both have said the same, the first of them at `receivedAt`: where that is after a return there is no hole. */
    overlap: (receivedAt: number): void => {
      if (!isAny) return;
      for (const side of [0, 1] as const) if (receivedAt > (of[side]?.to ?? Infinity)) take(side);
    },
    /** Neither was heard from `from` on, until the other side than this one was back at `to`. */
    begin: (side: Side, from: number, to: number): void => {
      if (!(from < to)) return;
      of[side] = { from: of[side]?.from ?? from, to };
      isAny = true;
    },
    /** The side is lost: what was in doubt is a hole. */
    take,
    /** Both are lost: from when on something is missing, before that is seen; `Infinity` where nothing is. */
    takeAll: (): number => Math.min(take(0)?.from ?? Infinity, take(1)?.from ?? Infinity),
  };
};
