import { fitted, painted, span, type Line } from './line.js';
import type { Colors } from './Plan.js';

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

/** Lines as a terminal wants them, none wider and no more than it can show. */
export const framed = (lines: readonly Line[], { height, width, colors }: Frame): readonly string[] =>
  cut(lines, height).map((line) => painted(fitted(line, width), colors));

const cut = (lines: readonly Line[], height: number): readonly Line[] => {
  if (lines.length <= height) return lines;
  const shown = lines.slice(0, Math.max(0, height - 1));
  return [...shown, [span(`  ${lines.length - shown.length} more lines`, 'dim')]];
};
