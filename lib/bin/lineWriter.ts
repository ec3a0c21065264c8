import type { Writable } from 'node:stream';

/** How many bytes may wait for a slow reader. */
const LIMIT = 2 ** 20;

export interface LineWriter {
  readonly write: (line: string) => void;
  /** Says how many lines were left out, if that has not been said yet. */
  readonly end: () => void;
}

/**
 * Writes lines to a stream whose reader may be slow.
 *
 * Lines that find too much waiting are left out, and the next one that goes out is preceded by their number, so that
 * memory is bounded and a loss is never silent. Lines of one turn leave in one write.
 */
export const lineWriter = (out: Writable, lost: (count: number) => string, limit = LIMIT): LineWriter => {
  let dropped = 0;
  let corked = false;

  const uncork = (): void => {
    corked = false;
    out.uncork();
  };
  const put = (line: string): void => {
    if (!corked) {
      corked = true;
      out.cork();
      queueMicrotask(uncork);
    }
    out.write(`${line}\n`);
  };
  const confess = (): void => {
    if (dropped > 0) put(lost(dropped));
    dropped = 0;
  };
  return {
    write: (line) => {
      if (out.writableLength > limit) {
        dropped += 1;
        return;
      }
      confess();
      put(line);
    },
    end: confess,
  };
};
