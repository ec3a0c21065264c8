import { checkDuration } from '../../model/checkDuration.js';
import { InvalidOption } from '../../model/errors.js';
import type { MomentOptions } from './FaultOptions.js';

/** Throws `InvalidOption` for what is no share of a whole. */
export const checkShare = (share: number): number => {
  if (share >= 0 && share <= 1) return share;
  throw new InvalidOption('share', share, 'it is a share of the frames, 0 to 1');
};

/** Throws `InvalidOption` for what cannot be counted to. */
export const checkCount = (option: string, count: number, least: number): number => {
  if (count === Infinity || (Number.isSafeInteger(count) && count >= least)) return count;
  throw new InvalidOption(option, count, `it is a whole number, ${least} or more`);
};

/** Throws `InvalidOption` for a moment that is none. */
export const checkMoment = ({
  frames,
  after,
}: MomentOptions): { readonly frames: number; readonly after: number | undefined } => {
  if (frames === undefined && after === undefined) {
    throw new InvalidOption('frames', frames, 'it or `after` is needed, to say when');
  }
  if (after !== undefined) checkDuration('after', after);
  return { frames: checkCount('frames', frames ?? Infinity, 0), after };
};
