import { imbalance, mid, spread, type ConsolidatedBook } from '../index.js';
import { GAP, placed, widthOf } from './Column.js';
import { clean, printable } from './format.js';
import { framed, header, type Frame } from './frame.js';
import type { Ladder, LadderPart } from './ladderBoard.js';
import { span, type Line } from './line.js';
import { ladderColumns, type LadderRow } from './ladderColumns.js';
import { linkLine } from './linkLine.js';
import { inColumns, INDENT } from './table.js';

export interface LadderFrame extends Frame {
  /** How many levels a side to show, if there is room. */
  readonly levels: number;
  /** Whether bars may be drawn with block characters. */
  readonly blocks: boolean;
}

/** The ladder as lines for a terminal: asks above, bids below, the best of both in the middle. */
export const renderLadder = (ladder: Ladder, frame: LadderFrame): readonly string[] => {
  const { parts, book = nobody, deepest } = ladder;
  const { width, height, now } = frame;
  const top = [header(frame), [], ...parts.map((part) => partLine(part, parts, now)), []];
  const notes = footnotes(parts, book.symbol);
  const room = Math.floor((height - top.length - HEADING - MIDDLE - notes.length) / 2);
  const levels = Math.max(1, Math.min(frame.levels, deepest, room));
  const asks = book.asks.slice(0, levels);
  const bids = book.bids.slice(0, levels);
  const [bestBid = -Infinity, bestAsk = Infinity] = [bids[0]?.price, asks[0]?.price];
  const above = asks.map<LadderRow>((level) => ({ level, tone: level.price <= bestBid ? 'warn' : 'down' })).reverse();
  const below = bids.map<LadderRow>((level) => ({ level, tone: level.price >= bestAsk ? 'warn' : 'up' }));
  const rows = [...above, ...below];

  const columns = placed(ladderColumns(parts, ladder.decimals), rows, now, width - INDENT);
  const bar = barOf(
    rows.map(({ level }) => level.size ?? 0),
    width - INDENT - widthOf(columns) - GAP,
    frame.blocks,
  );
  const rowLine = (row: LadderRow): Line => [
    ...inColumns(
      columns.map(({ cell }) => cell(row, now)),
      columns,
    ),
    span(' '.repeat(GAP)),
    span(bar(row.level.size ?? 0), row.tone === 'warn' ? 'warn' : 'dim'),
  ];
  const blank = (count: number): readonly Line[] => Array.from({ length: count }, () => []);
  return framed(
    [
      ...top,
      inColumns(
        columns.map(({ heading }) => span(heading, 'dim')),
        columns,
      ),
      ...blank(levels - asks.length),
      ...above.map(rowLine),
      middle(ladder),
      ...below.map(rowLine),
      ...blank(levels - bids.length),
      ...notes,
    ],
    frame,
  );
};

const HEADING = 1;
const MIDDLE = 1;
const MARGIN = ' '.repeat(INDENT);

const nobody: Pick<ConsolidatedBook, 'symbol' | 'bids' | 'asks'> = { symbol: '', bids: [], asks: [] };

const partLine = ({ name, link, refusal }: LadderPart, parts: readonly LadderPart[], now: number): Line => {
  const longest = Math.max(...parts.map((part) => part.name.length));
  const line = linkLine(name.padEnd(longest), link, now);
  return refusal === undefined ? line : [...line, span(`  refused: ${printable(refusal)}`, 'warn')];
};

const middle = ({ book, decimals }: Ladder): Line => {
  if (!book) return [span(`${MARGIN}no depth yet`, 'dim')];
  if (book.sources.length === 0) return [span(`${MARGIN}no source can be believed now`, 'warn')];
  const [halfway, gap, lean] = [mid(book), spread(book), imbalance(Infinity)(book)];
  if (halfway === undefined || gap === undefined) return [span(`${MARGIN}one side is empty`, 'warn')];
  const percent = lean === undefined ? undefined : Math.round(lean * 100);
  return [
    span(`${MARGIN}mid ${halfway.toFixed(decimals + 1)}  spread ${clean(gap).toFixed(decimals)}`, 'strong'),
    span(percent === undefined ? '' : `  imbalance ${percent > 0 ? '+' : ''}${percent}%`),
    span(book.crossed ? '  CROSSED' : book.locked ? '  LOCKED' : '', 'warn'),
  ];
};

/** A bar for each size, the largest of them as long as there is room; none for a size that is not given. */
const barOf = (sizes: readonly number[], room: number, blocks: boolean): ((size: number) => string) => {
  const most = Math.max(...sizes);
  const longest = Math.min(LONGEST_BAR, room);
  return (size) =>
    longest < 1 || size === 0 ? '' : (blocks ? '█' : '#').repeat(Math.max(1, Math.round((size / most) * longest)));
};

const LONGEST_BAR = 40;

const footnotes = (parts: readonly LadderPart[], symbol: string): readonly Line[] => {
  const inLots = parts.filter(({ lots }) => lots).map(({ name }) => name);
  if (inLots.length === 0) return [];
  const isMainland = /\.(SH|SZ|BJ)$/.test(symbol);
  const note = isMainland ? `sizes in shares; those of ${inLots.join(', ')} came in lots of 100` : 'sizes in lots';
  return [[], [span(MARGIN + note, 'dim')]];
};
