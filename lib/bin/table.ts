import { GAP, type Column, type Placed } from './Column.js';
import { printable } from './format.js';
import { padded, span, type Line, type Span } from './line.js';
import type { Link } from './link.js';
import { linkLine } from './linkLine.js';

/** What a row of any table knows. */
export interface AnyRow {
  readonly symbol: string;
  /** When something was last heard, epoch milliseconds. */
  readonly heardAt?: number | undefined;
  /** The vendor's words, when it refused the symbol. */
  readonly refusal?: string | undefined;
}

/** One source and its rows. */
export interface TablePart<R> {
  readonly name: string;
  readonly link: Link;
  /** By symbol, in the order of the command line. */
  readonly rows: ReadonlyMap<string, R>;
}

export const INDENT = 2;

/** Headings, then for each source its link and its rows. */
export const tableLines = <R extends AnyRow>(
  parts: readonly TablePart<R>[],
  columns: readonly Placed<Column<R>>[],
  now: number,
): readonly Line[] => {
  const longest = Math.max(...parts.map(({ name }) => name.length));
  return [
    inColumns(
      columns.map(({ heading }) => span(heading, 'dim')),
      columns,
    ),
    ...parts.flatMap(({ name, link, rows }) => [
      linkLine(name.padEnd(longest), link, now),
      ...[...rows.values()].map((row) => rowLine(row, link, columns, now)),
      [],
    ]),
  ];
};

/** Cells side by side, each in its column. */
export const inColumns = (cells: readonly Span[], columns: readonly Placed<Pick<Column<never>, 'side'>>[]): Line =>
  columns.flatMap(({ taken, side }, index) => [
    span(' '.repeat(index === 0 ? INDENT : GAP)),
    padded(cells[index] ?? span(''), taken, side),
  ]);

const rowLine = <R extends AnyRow>(row: R, link: Link, columns: readonly Placed<Column<R>>[], now: number): Line => {
  if (row.refusal !== undefined && row.heardAt === undefined) {
    const symbol = row.symbol.padEnd(columns[0]?.taken ?? 0);
    return [span(' '.repeat(INDENT)), span(symbol), span(`  refused: ${printable(row.refusal)}`, 'warn')];
  }
  const cells = columns.map(({ cell }) => cell(row, now));
  // What a dead link said last may be wrong by now.
  return inColumns(link.state === 'live' ? cells : cells.map(({ text }) => span(text, 'dim')), columns);
};
