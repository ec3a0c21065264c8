import { barColumns } from './barColumns.js';
import { holes, isHole, type BarRow } from './barRow.js';
import { placed } from './Column.js';
import { framed, header, type Frame } from './frame.js';
import { span, type Line } from './line.js';
import { INDENT, tableLines, type TablePart } from './table.js';

export interface BarFrame extends Frame {
  /** Whether bars may be drawn with block characters. */
  readonly blocks: boolean;
}

/** The bars as lines for a terminal, none wider and no more than it can show. */
export const renderBars = (parts: readonly TablePart<BarRow>[], frame: BarFrame): readonly string[] => {
  const { width, now, blocks } = frame;
  const rows = parts.flatMap((part) => [...part.rows.values()]);
  const shown = placed(barColumns(rows, now, blocks), rows, now, width - INDENT);
  return framed([header(frame), [], ...tableLines(parts, shown, now), ...footnotes(parts)], frame);
};

const footnotes = (parts: readonly TablePart<BarRow>[]): readonly Line[] => {
  const rows = parts.flatMap(({ name, rows: own }) => [...own.values()].map((row) => ({ name, ...row })));
  const lots = rows.filter(({ sizeUnit }) => sizeUnit === 'lots').map(({ name, symbol }) => `${name} ${symbol}`);
  return [
    ...(rows.some(({ bar }) => bar && isHole(bar))
      ? ['SEEN: share of time the link was live; MISSED: lost volume']
      : []),
    ...(rows.some((row) => holes(row) > 0) ? ['HOLES: closed bars that lack time or volume'] : []),
    ...(lots.length > 0 ? [`volumes in lots, not shares: ${lots.join(', ')}`] : []),
  ].map((text) => [span(`  ${text}`, 'dim')]);
};
