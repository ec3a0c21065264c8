import type { Entry, Lost } from './Entry.js';

/** Where a recording goes. One sink may take several recordings, one after the other. */
export interface Sink {
  /**
   * Begins a recording; throws when it cannot. What fails later is told to `onFailure`, once, and nothing is taken after
   * it.
   */
  readonly start: (onFailure: (error: Error) => void) => Track;
}

/** A recording that is being written. */
export interface Track {
  /** Takes an entry, the first of which is a `start`. Never throws and never waits. */
  readonly write: (entry: Entry) => void;
  /** Ends the recording; what was taken is still written. */
  readonly end: () => void;
}

/** Frames that were not recorded. */
export type Loss = Pick<Lost, 'count' | 'bytes'>;
