import { canonicalSymbol, type FeedEvent } from '../index.js';
import { printable } from './format.js';
import { padded, span, type Line, type TextSpan } from './line.js';
import { linkAfter, linkCounted, linkLine, newLink, type LinkStatus } from './link.js';
import type { Source } from './Plan.js';

/** One column of a table of rows. */
export interface Column<R> {
  readonly heading: string;
  /** In a narrow terminal the columns with the highest rank go first: those that say little without each other have one rank. */
  readonly rank: number;
  /** The least width, so that the table does not jump about as figures grow. */
  readonly width: number;
  readonly side: 'left' | 'right';
  readonly cell: (row: R, now: number) => TextSpan;
}

/** The space between two columns. */
export const GAP = 2;

/** A column with the width that its cells need. */
type PlacedColumn<C> = C & { readonly taken: number };

/** The columns that fit into a width, dropping the least important first. */
export const placed = <R, C extends Column<R>>(
  columns: readonly C[],
  rows: readonly R[],
  now: number,
  width: number,
): readonly PlacedColumn<C>[] => {
  let kept = columns.map<PlacedColumn<C>>((column) => ({
    ...column,
    taken: rows.reduce(
      (widest, row) => Math.max(widest, column.cell(row, now).text.length),
      Math.max(column.width, column.heading.length),
    ),
  }));
  while (kept.length > 1 && widthOf(kept) > width) {
    // All columns of one rank go together.
    const least = Math.max(...kept.map(({ rank }) => rank));
    kept = kept.filter(({ rank }) => rank !== least);
  }
  return kept;
};

/** The width of columns side by side. */
export const widthOf = (kept: readonly { readonly taken: number }[]): number =>
  kept.reduce((sum, { taken }) => sum + taken + GAP, -GAP);

/** What a row of any table knows. */
interface AnyRow {
  readonly symbol: string;
  /** When its last event arrived, epoch milliseconds. */
  readonly updatedAt?: number | undefined;
  /** The reason of the vendor, when it refused the symbol. */
  readonly refusal?: string | undefined;
}

/** One source and its rows. */
export interface TablePart<R> {
  readonly name: string;
  readonly link: LinkStatus;
  /** By symbol, in the order of the command line. */
  readonly rows: ReadonlyMap<string, R>;
}

export const INDENT = 2;

/** Headings, then for each source its link and its rows. */
export const tableLines = <R extends AnyRow>(
  parts: readonly TablePart<R>[],
  columns: readonly PlacedColumn<Column<R>>[],
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
export const inColumns = (
  cells: readonly TextSpan[],
  columns: readonly PlacedColumn<Pick<Column<never>, 'side'>>[],
): Line =>
  columns.flatMap(({ taken, side }, index) => [
    span(' '.repeat(index === 0 ? INDENT : GAP)),
    padded(cells[index] ?? span(''), taken, side),
  ]);

const rowLine = <R extends AnyRow>(
  row: R,
  link: LinkStatus,
  columns: readonly PlacedColumn<Column<R>>[],
  now: number,
): Line => {
  if (row.refusal !== undefined && row.updatedAt === undefined) {
    const symbol = row.symbol.padEnd(columns[0]?.taken ?? 0);
    return [span(' '.repeat(INDENT)), span(symbol), span(`  refused: ${printable(row.refusal)}`, 'warn')];
  }
  const cells = columns.map(({ cell }) => cell(row, now));
  // The last data of a dead link may be wrong by now.
  return inColumns(link.state === 'live' ? cells : cells.map(({ text }) => span(text, 'dim')), columns);
};

/** The sources of a table with their links and rows, and how they change. */
export interface Parts<R> {
  readonly parts: () => readonly TablePart<R>[];
  /** Takes in what concerns the link, and what was refused. */
  readonly accept: (source: string, event: FeedEvent) => void;
  readonly change: (source: string, symbol: string, after: (row: R) => R) => void;
  /** Counts the rates of all links anew. */
  readonly count: (now: number) => void;
}

interface Mutable<R> {
  readonly name: string;
  link: LinkStatus;
  readonly rows: Map<string, R>;
}

/** A row for all that is asked for. Changed in place: a copy of all rows per event would cost the most. */
export const newParts = <R extends AnyRow>(
  sources: readonly Pick<Source, 'name' | 'topics'>[],
  now: number,
  newRow: (symbol: string) => R,
): Parts<R> => {
  const parts = sources.map<Mutable<R>>(({ name, topics }) => ({
    name,
    link: newLink(now),
    rows: new Map(topics.map(({ symbol }) => [symbol, newRow(symbol)])),
  }));
  const byName = new Map(parts.map((part) => [part.name, part]));

  return {
    parts: () => parts,
    accept: (source, event) => {
      const part = byName.get(source);
      if (!part) return;
      part.link = linkAfter(part.link, event);
      if (event.kind !== 'refused') return;
      for (const [symbol, row] of part.rows) {
        const refused = event.topics.some((topic) => canonicalSymbol(topic.symbol) === canonicalSymbol(symbol));
        if (refused) part.rows.set(symbol, { ...row, refusal: event.reason });
      }
    },
    change: (source, symbol, after) => {
      const rows = byName.get(source)?.rows;
      rows?.set(symbol, after(rows.get(symbol) ?? newRow(symbol)));
    },
    count: (now) => {
      for (const part of parts) part.link = linkCounted(part.link, now);
    },
  };
};
