import type { Colors } from './Plan.js';

export type Tone = 'up' | 'down' | 'dim' | 'strong' | 'warn';

/** A piece of a line, and how it is meant. */
export interface TextSpan {
  readonly text: string;
  readonly tone?: Tone | undefined;
}

export type Line = readonly TextSpan[];

const codes: Readonly<Record<Exclude<Colors, 'none'>, Readonly<Record<Tone, string>>>> = {
  cn: { up: '31', down: '32', dim: '2', strong: '1', warn: '33' },
  us: { up: '32', down: '31', dim: '2', strong: '1', warn: '33' },
};

export const span = (text: string, tone?: Tone): TextSpan => ({ text, tone });

/** Text at the right or left edge of a field. */
export const padded = ({ text, tone }: TextSpan, width: number, side: 'left' | 'right'): TextSpan => ({
  text: side === 'left' ? text.padEnd(width) : text.padStart(width),
  tone,
});

/** The line cut to a width. */
export const fitted = (line: Line, width: number): Line => {
  let room = width;
  return line.flatMap((piece) => {
    const text = piece.text.slice(0, room);
    room -= text.length;
    return text ? [{ ...piece, text }] : [];
  });
};

/** A text in pieces of at most a width, cut between words where it can be; all but the first are indented. */
export const wrapped = (text: string, width: number): readonly TextSpan[] => {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(last === undefined ? word : `  ${word}`);
  }
  return lines.map((line) => span(line));
};

/** The line as a terminal wants it. */
export const painted = (line: Line, colors: Colors): string =>
  line
    .map(({ text, tone }) =>
      tone === undefined || colors === 'none' ? text : `\u001b[${codes[colors][tone]}m${text}\u001b[0m`,
    )
    .join('')
    .trimEnd();

/** Where a picture is drawn, and what stands above it. */
export interface Frame {
  readonly title: string;
  /** How to leave; nothing once that has happened. */
  readonly hint: string;
  readonly colors: Colors;
  readonly width: number;
  readonly height: number;
  readonly now: number;
}

/** The first line: who draws, what is shown, and how to leave. */
export const header = ({ title, hint, width }: Frame): Line => {
  const name = 'rxtape ';
  const room = width - name.length - (hint === '' ? 0 : hint.length + 1);
  const shown = title.length > room ? `${title.slice(0, Math.max(0, room - 3))}...` : title.padEnd(room);
  return [span(name, 'strong'), span(shown), span(hint && ` ${hint}`, 'dim')];
};

/** Lines as a terminal wants them, as many and as wide as it can show. */
export const framed = (lines: readonly Line[], { height, width, colors }: Frame): readonly string[] =>
  cut(lines, height).map((line) => painted(fitted(line, width), colors));

const cut = (lines: readonly Line[], height: number): readonly Line[] => {
  if (lines.length <= height) return lines;
  const shown = lines.slice(0, Math.max(0, height - 1));
  return [...shown, [span(`  ${lines.length - shown.length} more lines`, 'dim')]];
};
