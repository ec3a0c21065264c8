import type { Side } from './twins.js';

/** A time in which neither line may have been there. */
export interface Doubt {
  readonly from: number;
  readonly to: number;
}

/**
 * What may be missing of two lines of which one was always taken to be there: a link that is dead is silent before its loss
 * is noticed. Where the other line is gone and back in that time, neither has had what came meanwhile.
 */
export const doubts = () => {
  const of: [Doubt | undefined, Doubt | undefined] = [undefined, undefined];
  const take = (side: Side): Doubt | undefined => {
    const doubt = of[side];
    of[side] = undefined;
    return doubt;
  };
  return {
    /** A side is heard, so it was there: a link that lives loses nothing. */
    heard: (side: Side): void => {
      if (of[side]) of[side] = undefined;
    },
    /** Neither was heard from `from` on, until the other side than this one was back at `to`. */
    begin: (side: Side, from: number, to: number): void => {
      if (from < to) of[side] = { from: of[side]?.from ?? from, to };
    },
    /** The side is lost: what was in doubt is a hole. */
    take,
    /** Both are lost: from when on something is missing, before that is seen; `Infinity` where nothing is. */
    takeAll: (): number => Math.min(take(0)?.from ?? Infinity, take(1)?.from ?? Infinity),
  };
};
