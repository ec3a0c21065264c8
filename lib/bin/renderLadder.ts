import { imbalance, mid, spread, type ConsolidatedBook, type ConsolidatedLevel } from '../index.js';
import { amount, clean, printable } from './format.js';
import { framed, header, type Frame } from './frame.js';
import type { Ladder, LadderPart } from './ladderBoard.js';
import { padded, span, type Line } from './line.js';
import { linkLine } from './linkLine.js';

export interface LadderFrame extends Frame {
  /** How many levels a side to show, if there is room. */
  readonly levels: number;
  /** Whether bars may be drawn with block characters. */
  readonly blocks: boolean;
}

/** The ladder as lines for a terminal: asks above, bids below, the best of both in the middle. */
export const renderLadder = (ladder: Ladder, frame: LadderFrame): readonly string[] => {
  const { parts, book = nobody, deepest } = ladder;
  const above = [header(frame), [], ...parts.map((part) => partLine(part, parts, frame.now)), []];
  const notes = footnotes(parts, book.symbol);
  const room = Math.floor((frame.height - above.length - HEADING - MIDDLE - notes.length) / 2);
  const levels = Math.max(1, Math.min(frame.levels, deepest, room));
  const asks = book.asks.slice(0, levels);
  const bids = book.bids.slice(0, levels);
  const { heading, line } = columnsOf(ladder, [...asks, ...bids], frame);
  const [bestBid = -Infinity, bestAsk = Infinity] = [bids[0]?.price, asks[0]?.price];
  const empty: readonly Line[] = Array.from({ length: levels }, () => []);
  return framed(
    [
      ...above,
      heading,
      ...empty.slice(asks.length),
      ...asks.map((level) => line(level, level.price <= bestBid ? 'warn' : 'down')).reverse(),
      middle(ladder),
      ...bids.map((level) => line(level, level.price >= bestAsk ? 'warn' : 'up')),
      ...empty.slice(bids.length),
      ...notes,
    ],
    frame,
  );
};

const HEADING = 1;
const MIDDLE = 1;
const INDENT = '  ';

const nobody: Pick<ConsolidatedBook, 'symbol' | 'bids' | 'asks'> = { symbol: '', bids: [], asks: [] };

const partLine = ({ name, link, refusal }: LadderPart, parts: readonly LadderPart[], now: number): Line => {
  const longest = Math.max(...parts.map((part) => part.name.length));
  const line = linkLine(name.padEnd(longest), link, now);
  return refusal === undefined ? line : [...line, span(`  refused: ${printable(refusal)}`, 'warn')];
};

const middle = ({ book, decimals }: Ladder): Line => {
  if (!book) return [span(`${INDENT}no depth yet`, 'dim')];
  if (book.sources.length === 0) return [span(`${INDENT}no source can be believed now`, 'warn')];
  const [halfway, gap, lean] = [mid(book), spread(book), imbalance(Infinity)(book)];
  if (halfway === undefined || gap === undefined || lean === undefined)
    return [span(`${INDENT}one side is empty`, 'warn')];
  const percent = Math.round(lean * 100);
  return [
    span(`${INDENT}mid ${halfway.toFixed(decimals + 1)}  spread ${clean(gap).toFixed(decimals)}`, 'strong'),
    span(`  imbalance ${percent > 0 ? '+' : ''}${percent}%`),
    span(book.crossed ? '  CROSSED' : book.locked ? '  LOCKED' : '', 'warn'),
  ];
};

const columnsOf = (
  { parts, decimals }: Ladder,
  levels: readonly ConsolidatedLevel[],
  { width, blocks }: LadderFrame,
) => {
  const sizes = [
    { heading: 'SIZE', of: ({ size }: ConsolidatedLevel): number | undefined => size },
    ...parts.map(({ provider }) => ({
      heading: provider.toUpperCase(),
      of: ({ sources }: ConsolidatedLevel) => sources.find((source) => source.provider === provider)?.size,
    })),
  ].map(({ heading, of }) => {
    const text = (level: ConsolidatedLevel): string => {
      const size = of(level);
      return size === undefined ? '-' : amount(clean(size));
    };
    const taken = Math.max(LEAST, heading.length, ...levels.map((level) => text(level).length));
    return { heading, text, taken };
  });
  const priceWidth = Math.max(LEAST, ...levels.map(({ price }) => price.toFixed(decimals).length));
  const used = sizes.reduce((sum, { taken }) => sum + taken + GAP, INDENT.length + priceWidth) + GAP;
  const most = Math.max(0, ...levels.map(({ size }) => size));
  const room = Math.min(LONGEST_BAR, width - used);
  const bar = (size: number): string =>
    room < 1 || size === 0 ? '' : (blocks ? '█' : '#').repeat(Math.max(1, Math.round((size / most) * room)));
  const cells = (text: (index: number) => string): string =>
    sizes.map(({ taken }, index) => ' '.repeat(GAP) + text(index).padStart(taken)).join('');
  return {
    heading: [
      span(INDENT + 'PRICE'.padStart(priceWidth) + cells((index) => sizes[index]?.heading ?? ''), 'dim'),
    ] satisfies Line,
    line: (level: ConsolidatedLevel, tone: 'up' | 'down' | 'warn'): Line => [
      span(INDENT),
      padded(span(level.price.toFixed(decimals), tone), priceWidth, 'right'),
      span(cells((index) => sizes[index]?.text(level) ?? '') + ' '.repeat(GAP)),
      span(bar(level.size), tone === 'warn' ? 'warn' : 'dim'),
    ],
  };
};

const LEAST = 9;
const GAP = 2;
const LONGEST_BAR = 40;

const footnotes = (parts: readonly LadderPart[], symbol: string): readonly Line[] => {
  const inLots = parts.filter(({ lots }) => lots).map(({ name }) => name);
  if (inLots.length === 0) return [];
  const isMainland = /\.(SH|SZ|BJ)$/.test(symbol);
  const note = isMainland ? `sizes in shares; those of ${inLots.join(', ')} came in lots of 100` : 'sizes in lots';
  return [[], [span(INDENT + note, 'dim')]];
};
