import type { Channel } from '../index.js';
import type { Part } from './board.js';
import { placed } from './Column.js';
import { columns, type BoardColumn } from './columns.js';
import { framed, header, type Frame } from './frame.js';
import { span, type Line } from './line.js';
import { INDENT, tableLines } from './table.js';

export interface View extends Frame {
  readonly channels: ReadonlySet<Channel>;
}

/** The board as lines for a terminal, none wider and no more than it can show. */
export const renderBoard = (parts: readonly Part[], view: View): readonly string[] => {
  const { channels, width, now } = view;
  const rows = parts.flatMap((part) => [...part.rows.values()]);
  const shown = placed(columns(rows, channels, now), rows, now, width - INDENT);
  return framed([header(view), [], ...tableLines(parts, shown, now), ...footnotes(parts, shown)], view);
};

const footnotes = (parts: readonly Part[], shown: readonly BoardColumn[]): readonly Line[] => {
  const rows = parts.flatMap(({ name, rows: own }) => [...own.values()].map((row) => ({ name, ...row })));
  const sinceOpen = shown.some(({ marks }) => marks) && rows.some(({ reference }) => reference?.since === 'open');
  const lots = rows.filter(({ sizeUnit }) => sizeUnit === 'lots').map(({ name, symbol }) => `${name} ${symbol}`);
  return [
    ...(sinceOpen ? ['* since the open: the vendor sends no previous close'] : []),
    ...(lots.length > 0 ? [`sizes in lots, not shares: ${lots.join(', ')}`] : []),
  ].map((text) => [span(`  ${text}`, 'dim')]);
};
