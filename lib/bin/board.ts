import { canonicalSymbol, isMarketEvent, type FeedEvent } from '../index.js';
import { linkAfter, linkCounted, newLink, type Link } from './link.js';
import type { Source } from './Plan.js';
import { newRow, rowAfter, type Row } from './row.js';
import type { TablePart } from './table.js';

/** One source on the board. */
export type Part = TablePart<Row>;

/** Everything that is known, and how it changes. */
export interface Board {
  readonly parts: () => readonly Part[];
  readonly hear: (source: string, event: FeedEvent) => void;
  /** Counts the rates of all links anew. */
  readonly count: (now: number) => void;
}

interface Mutable {
  readonly name: string;
  link: Link;
  readonly rows: Map<string, Row>;
}

/** A board with a row for all that is wished for. Changed in place: a copy of all rows per event would cost the most. */
export const newBoard = (sources: readonly Pick<Source, 'name' | 'topics'>[], now: number): Board => {
  const parts = sources.map<Mutable>(({ name, topics }) => ({
    name,
    link: newLink(now),
    rows: new Map(topics.map(({ symbol }) => [symbol, newRow(symbol)])),
  }));
  const byName = new Map(parts.map((part) => [part.name, part]));

  const hear: Board['hear'] = (source, event) => {
    const part = byName.get(source);
    if (!part) return;
    part.link = linkAfter(part.link, event);
    if (isMarketEvent(event)) {
      const { symbol } = event;
      part.rows.set(symbol, rowAfter(part.rows.get(symbol) ?? newRow(symbol), event));
    } else if (event.kind === 'refused') {
      for (const [symbol, row] of part.rows) {
        const refused = event.topics.some((topic) => canonicalSymbol(topic.symbol) === canonicalSymbol(symbol));
        if (refused) part.rows.set(symbol, { ...row, refusal: event.reason });
      }
    }
  };
  return {
    parts: () => parts,
    hear,
    count: (now) => {
      for (const part of parts) part.link = linkCounted(part.link, now);
    },
  };
};
