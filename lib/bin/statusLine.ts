import type { Output } from './Io.js';

/** How far something is, in one line that is said again and again. */
export interface StatusLine {
  readonly show: (text: string) => void;
  /** Says something that stays. */
  readonly note: (text: string) => void;
  /** Takes the line away; what was noted stays. */
  readonly end: () => void;
}

const CLEAR = '\r\u001b[K';

/** A line that is drawn anew in its place; where that is impossible, each is a line of its own. */
export const statusLine = (out: Output, redraws: boolean): StatusLine => {
  if (!redraws) {
    const write = (text: string): void => void out.write(`${text}\n`);
    return { show: write, note: write, end: () => undefined };
  }
  let shown = '';
  return {
    show: (text) => {
      // A line that wraps could not be taken back.
      shown = text.slice(0, (out.columns ?? 80) - 1);
      out.write(CLEAR + shown);
    },
    note: (text) => void out.write(`${CLEAR}${text}\n${shown}`),
    end: () => void out.write(CLEAR),
  };
};
