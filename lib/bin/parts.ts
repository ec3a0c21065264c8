import { canonicalSymbol, type FeedEvent } from '../index.js';
import { linkAfter, linkCounted, newLink, type Link } from './link.js';
import type { Source } from './Plan.js';
import type { AnyRow, TablePart } from './table.js';

/** The sources of a table with their links and rows, and how they change. */
export interface Parts<R> {
  readonly parts: () => readonly TablePart<R>[];
  /** Takes in what concerns the link, and what was refused. */
  readonly hear: (source: string, event: FeedEvent) => void;
  readonly change: (source: string, symbol: string, after: (row: R) => R) => void;
  /** Counts the rates of all links anew. */
  readonly count: (now: number) => void;
}

interface Mutable<R> {
  readonly name: string;
  link: Link;
  readonly rows: Map<string, R>;
}

/** A row for all that is wished for. Changed in place: a copy of all rows per event would cost the most. */
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
    hear: (source, event) => {
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
