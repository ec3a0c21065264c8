import { age, amount, barTime, clean, percent, printable, share, sparkline } from '../format.js';
import type { Kline } from '../../index.js';
import { framed, header, span, wrapped, type Frame, type TextSpan } from '../line.js';
import { INDENT, inColumns, placed, tableLines, type Column, type TablePart } from '../table.js';
import { holes, isHole, isOfHistory, type BarRow } from './barRow.js';

interface BarColumn extends Column<BarRow> {
  /** Whether it stays away until there is something in it. */
  readonly rare?: boolean;
}

const nothing = span('-', 'dim');

const price =
  (of: (bar: Kline) => number) =>
  ({ bar, decimals }: BarRow): TextSpan =>
    bar ? span(of(bar).toFixed(decimals)) : nothing;

const change = ({ bar }: BarRow): TextSpan => {
  if (!bar?.open) return nothing;
  const text = percent(bar.open, bar.close);
  return span(text, text.startsWith('+') ? 'up' : text.startsWith('-') ? 'down' : undefined);
};

/** The symbol; before a bar of the past, where it comes from. */
const named = ({ symbol, bar }: BarRow): TextSpan =>
  symbol === '' && bar && isOfHistory(bar) ? span('history', 'dim') : span(symbol, 'strong');

const right = (heading: string, rank: number, width: number, cell: BarColumn['cell']): BarColumn => ({
  heading,
  rank,
  width,
  side: 'right',
  cell,
});

const rare = (heading: string, rank: number, text: (row: BarRow) => string | undefined): BarColumn => ({
  ...right(heading, rank, 4, (row) => {
    const shown = text(row);
    return shown === undefined ? nothing : span(shown, 'warn');
  }),
  rare: true,
});

/** How many closes stand side by side. */
const CLOSES = 30;

const all = (blocks: boolean): readonly BarColumn[] => [
  { heading: 'SYMBOL', rank: 0, width: 9, side: 'left', cell: named },
  right('BAR', 7, 5, ({ bar }) => (bar ? span(barTime(bar)) : nothing)),
  right(
    'OPEN',
    9,
    8,
    price(({ open }) => open),
  ),
  right(
    'HIGH',
    10,
    8,
    price(({ high }) => high),
  ),
  right(
    'LOW',
    10,
    8,
    price(({ low }) => low),
  ),
  right(
    'CLOSE',
    1,
    8,
    price(({ close }) => close),
  ),
  right('CHANGE', 6, 7, change),
  right('VOLUME', 8, 9, ({ bar }) => (bar ? span(amount(clean(bar.volume))) : nothing)),
  rare('SEEN', 4, ({ bar }) => (bar && bar.coverage < 1 && !isOfHistory(bar) ? share(bar.coverage) : undefined)),
  rare('MISSED', 5, ({ bar }) => (bar && bar.missedVolume > 0 ? amount(clean(bar.missedVolume)) : undefined)),
  rare('HOLES', 3, (row) => (holes(row) > 0 ? String(holes(row)) : undefined)),
  right('AGE', 12, 3, ({ symbol, updatedAt }, now) =>
    updatedAt === undefined ? (symbol === '' ? span('') : nothing) : span(age(now - updatedAt)),
  ),
  {
    heading: `LAST ${CLOSES} CLOSES`,
    rank: 2,
    width: 0,
    side: 'left',
    cell: ({ closed }) =>
      span(
        sparkline(
          closed.slice(-CLOSES).map(({ close }) => close),
          blocks,
        ),
      ),
  },
];

/** The columns of bars that have something to say. */
const barColumns = (rows: readonly BarRow[], now: number, blocks: boolean): readonly BarColumn[] =>
  all(blocks).filter(({ rare: isRare, cell }) => !isRare || rows.some((row) => cell(row, now) !== nothing));

export interface BarFrame extends Frame {
  /** Whether bars may be drawn with block characters. */
  readonly blocks: boolean;
  /** What became of holes, oldest first. */
  readonly news?: readonly string[];
  /** What is to be known of all bars. */
  readonly note?: string | undefined;
}

/** The bars as lines for a terminal, as many and as wide as it can show. One symbol alone has those before it below. */
export const renderBars = (parts: readonly TablePart<BarRow>[], frame: BarFrame): readonly string[] => {
  const { width, height, now, blocks, news = [], note } = frame;
  const rows = parts.flatMap((part) => [...part.rows.values()]);
  const below = [
    ...news.flatMap((text) => wrapped(printable(text), width - INDENT)),
    ...footnotes(parts, note).map((text) => span(text, 'dim')),
  ].map((text) => [span(' '.repeat(INDENT)), text]);
  const [only, ...others] = rows;
  const taken = 2 + tableHeight(parts) + below.length;
  const before = only && others.length === 0 ? barsBefore(only, height === Infinity ? CLOSES : height - taken) : [];
  const all = [...rows, ...before];
  const shown = placed(barColumns(all, now, blocks), all, now, width - INDENT);
  const past = before.map((row) =>
    inColumns(
      shown.map(({ cell }) => cell(row, now)),
      shown,
    ),
  );
  const table = tableLines(parts, shown, now);
  // The list goes before the empty line that ends the table.
  return framed([header(frame), [], ...table.slice(0, -1), ...past, [], ...below], frame);
};

/** The headings, and of each source its link, its rows and an empty line. */
const tableHeight = (parts: readonly TablePart<BarRow>[]): number =>
  parts.reduce((sum, { rows }) => sum + rows.size + 2, 1);

/** The bars before the last one, newest first, as rows without a name. */
const barsBefore = ({ bar, closed, decimals }: BarRow, most: number): readonly BarRow[] =>
  (most <= 0 ? [] : closed.filter(({ openTime }) => openTime !== bar?.openTime).slice(-most))
    .map((past) => ({ symbol: '', bar: past, closed: [], decimals }))
    .reverse();

const footnotes = (parts: readonly TablePart<BarRow>[], note: string | undefined): readonly string[] => {
  const rows = parts.flatMap(({ name, rows: own }) => [...own.values()].map((row) => ({ name, ...row })));
  const lots = rows.filter(({ sizeUnit }) => sizeUnit === 'lots').map(({ name, symbol }) => `${name} ${symbol}`);
  return [
    ...(rows.some(({ bar }) => bar && isHole(bar))
      ? ['SEEN: share of time the link was live; MISSED: lost volume']
      : []),
    ...(rows.some((row) => holes(row) > 0) ? ['HOLES: closed bars that lack time or volume'] : []),
    ...(lots.length > 0 ? [`volumes in lots, not shares: ${lots.join(', ')}`] : []),
    ...(note === undefined ? [] : [note]),
  ];
};
