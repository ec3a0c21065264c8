import type { Kline } from '../index.js';
import { holes, KEPT, type BarRow } from './barRow.js';
import type { Column } from './Column.js';
import { age, amount, clean, clock, percent, share } from './format.js';
import { span, type Span } from './line.js';
import { sparkline } from './sparkline.js';

interface BarColumn extends Column<BarRow> {
  /** Whether it stays away until there is something in it. */
  readonly rare?: boolean;
}

const nothing = span('-', 'dim');

const price =
  (of: (bar: Kline) => number) =>
  ({ bar, decimals }: BarRow): Span =>
    bar ? span(of(bar).toFixed(decimals)) : nothing;

const change = ({ bar }: BarRow): Span => {
  if (!bar?.open) return nothing;
  const text = percent(bar.open, bar.close);
  return span(text, text.startsWith('+') ? 'up' : text.startsWith('-') ? 'down' : undefined);
};

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

const all = (blocks: boolean): readonly BarColumn[] => [
  { heading: 'SYMBOL', rank: 0, width: 9, side: 'left', cell: ({ symbol }) => span(symbol, 'strong') },
  right('BAR', 7, 5, ({ bar }) => (bar ? span(clock(bar.openTime).slice(0, 5)) : nothing)),
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
    11,
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
  rare('SEEN', 4, ({ bar }) => (bar && bar.coverage < 1 ? share(bar.coverage) : undefined)),
  rare('MISSED', 5, ({ bar }) => (bar && bar.missedVolume > 0 ? amount(clean(bar.missedVolume)) : undefined)),
  rare('HOLES', 3, (row) => (holes(row) > 0 ? String(holes(row)) : undefined)),
  right('AGE', 12, 3, ({ heardAt }, now) => (heardAt === undefined ? nothing : span(age(now - heardAt)))),
  {
    heading: `LAST ${KEPT} CLOSES`,
    rank: 2,
    width: 0,
    side: 'left',
    cell: ({ closed }) =>
      span(
        sparkline(
          closed.map(({ close }) => close),
          blocks,
        ),
      ),
  },
];

/** The columns of bars that have something to say. */
export const barColumns = (rows: readonly BarRow[], now: number, blocks: boolean): readonly BarColumn[] =>
  all(blocks).filter(({ rare: isRare, cell }) => !isRare || rows.some((row) => cell(row, now) !== nothing));
