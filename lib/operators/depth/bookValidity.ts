import type { Depth } from '../../model/marketEvent.js';
import { stepOf } from '../../model/sequence.js';

/** Whether the book of one symbol of one feed can be believed. It keeps no levels. */
export interface BookValidity {
  readonly isValid: () => boolean;
  /** What an event is to the book: a new beginning, the next change, or nothing that counts. */
  readonly accept: (depth: Depth) => 'restart' | 'next' | 'nothing';
  /** Nothing is known for sure until the next snapshot. */
  readonly invalidate: () => void;
}

/**
 * An update counts only on a valid book. One whose `sequence` was seen is ignored; one that leaves a hole ends what is
 * valid.
 */
export const bookValidity = (): BookValidity => {
  let valid = false;
  /** The vendor's number of the book, where it counts. */
  let at: number | undefined;

  return {
    isValid: () => valid,
    accept: ({ type, sequence }) => {
      if (type === 'snapshot') {
        valid = true;
        at = sequence?.last;
        return 'restart';
      }
      if (!valid) return 'nothing';
      if (sequence === undefined) return 'next';
      const step = at === undefined ? 'next' : stepOf(sequence, at);
      if (step === 'hole') valid = false;
      if (step !== 'next') return 'nothing';
      at = sequence.last;
      return 'next';
    },
    invalidate: () => {
      valid = false;
    },
  };
};
