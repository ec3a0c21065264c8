import type { Output } from './Io.js';

export interface Screen {
  /** Shows these lines and nothing else; writes only those that have changed. */
  readonly draw: (lines: readonly string[]) => void;
  /** Gives the terminal back as it was, with these lines left on it. */
  readonly leave: (last: readonly string[]) => void;
}

const ESC = '\u001b[';
const ENTER = `${ESC}?1049h${ESC}?25l${ESC}?7l`;
const LEAVE = `${ESC}?7h${ESC}?25h${ESC}?1049l`;
const CLEAR = `${ESC}H${ESC}2J`;

/**
 * Takes a terminal over: the alternate screen, so that a change of size cannot smear lines over what was there before,
 * without cursor and line wrapping.
 */
export const openScreen = (out: Output): Screen => {
  let shown: readonly string[] = [];
  let size = '';
  out.write(ENTER);

  return {
    draw: (lines) => {
      // A terminal that is behind gets no more to do; the next frame says it all.
      if (out.writableLength > 0) return;
      const current = `${out.columns}x${out.rows}`;
      const fresh = current !== size;
      const before = fresh ? [] : shown;
      let text = fresh ? CLEAR : '';
      // Erasing comes first: after a line that fills the terminal it would take the last character away.
      for (let i = 0; i < Math.max(lines.length, before.length); i += 1) {
        const line = lines[i] ?? '';
        if (line !== (before[i] ?? '')) text += `${ESC}${i + 1};1H${ESC}K${line}`;
      }
      if (text) out.write(text);
      shown = lines;
      size = current;
    },
    leave: (last) => {
      out.write(LEAVE + last.map((line) => `${line}\n`).join(''));
    },
  };
};
