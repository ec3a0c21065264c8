import type { Channel } from '../index.js';
import type { Column } from './Column.js';
import { age, amount, clean, percent } from './format.js';
import { span, type Span } from './line.js';
import type { Row } from './row.js';

/** One column of the board. */
export interface BoardColumn extends Column<Row> {
  /** The channels that fill it; always there when absent. */
  readonly from?: readonly Channel[];
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

const right = (
  heading: string,
  rank: number,
  width: number,
  cell: BoardColumn['cell'],
  ...from: Channel[]
): BoardColumn => ({
  heading,
  rank,
  width,
  side: 'right',
  cell,
  ...(from.length > 0 && { from }),
});

const all: readonly BoardColumn[] = [
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

/** The columns that have something to say of what is watched. */
export const columns = (rows: readonly Row[], channels: ReadonlySet<Channel>, now: number): readonly BoardColumn[] =>
  all.filter(
    ({ from, rare, cell }) =>
      (!from || from.some((channel) => channels.has(channel))) &&
      (!rare || rows.some((row) => cell(row, now) !== nothing)),
  );
