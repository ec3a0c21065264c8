import type { Channel } from '../index.js';
import { age, amount, clean, percent } from './format.js';
import { span, type Span } from './line.js';
import type { Row } from './row.js';

/** One column of the table. */
export interface Column {
  readonly heading: string;
  /** The channels that fill it; always there when absent. */
  readonly from?: readonly Channel[];
  /** In a narrow terminal the column with the highest rank goes first. */
  readonly rank: number;
  /** The least width, so that the table does not jump about as figures grow. */
  readonly width: number;
  readonly side: 'left' | 'right';
  readonly cell: (row: Row, now: number) => Span;
  /** Whether it stays away until there is something in it: some vendors never send it. */
  readonly rare?: boolean;
  /** Whether a star in it wants a footnote. */
  readonly marks?: boolean;
}

const nothing = span('-', 'dim');

const price = (value: number | undefined, { decimals }: Row): Span =>
  value === undefined ? nothing : span(value.toFixed(decimals));

const count = (value: number | undefined): Span => (value === undefined ? nothing : span(amount(clean(value))));

const change = ({ last, reference }: Row): Span => {
  if (last === undefined || !reference) return span('- ', 'dim');
  const text = percent(reference.price, last);
  const tone = text.startsWith('+') ? 'up' : text.startsWith('-') ? 'down' : undefined;
  return span(text + (reference.since === 'open' ? '*' : ' '), tone);
};

const right = (heading: string, rank: number, width: number, cell: Column['cell'], ...from: Channel[]): Column => ({
  heading,
  rank,
  width,
  side: 'right',
  cell,
  ...(from.length > 0 && { from }),
});

export const columns: readonly Column[] = [
  { heading: 'SYMBOL', rank: 0, width: 9, side: 'left', cell: ({ symbol }) => span(symbol, 'strong') },
  right('LAST', 1, 8, (row) => price(row.last, row), 'quote', 'trade', 'kline'),
  { ...right('CHANGE ', 2, 8, change, 'quote'), marks: true },
  { ...right('SIZE', 7, 6, (row) => count(row.size), 'trade'), rare: true },
  right('BID SIZE', 8, 8, (row) => count(row.bid?.size), 'depth'),
  right('BID', 3, 8, (row) => price(row.bid?.price, row), 'depth'),
  right('ASK', 4, 8, (row) => price(row.ask?.price, row), 'depth'),
  right('ASK SIZE', 9, 8, (row) => count(row.ask?.size), 'depth'),
  right('VOLUME', 6, 11, (row) => count(row.volume), 'quote', 'trade'),
  right('BAR OPEN', 12, 8, (row) => price(row.bar?.open, row), 'kline'),
  right('HIGH', 10, 8, (row) => price(row.bar?.high, row), 'kline'),
  right('LOW', 11, 8, (row) => price(row.bar?.low, row), 'kline'),
  right('BAR VOL', 13, 8, (row) => count(row.bar?.volume), 'kline'),
  right('AGE', 5, 3, ({ heardAt }, now) => (heardAt === undefined ? nothing : span(age(now - heardAt)))),
];

/** The space between two columns. */
export const GAP = 2;

/** A column with the width that its cells need. */
export interface Placed extends Column {
  readonly taken: number;
}

/** The columns that have something to say and fit into a width, dropping the least important first. */
export const placed = (rows: readonly Row[], channels: ReadonlySet<Channel>, now: number, width: number): Placed[] => {
  const useful = columns.filter(
    ({ from, rare, cell }) =>
      (!from || from.some((channel) => channels.has(channel))) &&
      (!rare || rows.some((row) => cell(row, now) !== nothing)),
  );
  let kept = useful.map<Placed>((column) => ({
    ...column,
    taken: rows.reduce(
      (widest, row) => Math.max(widest, column.cell(row, now).text.length),
      Math.max(column.width, column.heading.length),
    ),
  }));
  while (kept.length > 1 && widthOf(kept) > width) {
    const least = Math.max(...kept.map(({ rank }) => rank));
    kept = kept.filter(({ rank }) => rank !== least);
  }
  return kept;
};

const widthOf = (kept: readonly Placed[]): number => kept.reduce((sum, { taken }) => sum + taken + GAP, -GAP);
