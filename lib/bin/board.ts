import { isMarketEvent, type FeedEvent } from '../index.js';
import { newParts, type Parts } from './parts.js';
import type { Source } from './Plan.js';
import { newRow, rowAfter, type Row } from './row.js';
import type { TablePart } from './table.js';

/** One source on the board. */
export type Part = TablePart<Row>;

/** Everything that is known, and how it changes. */
export type Board = Omit<Parts<Row>, 'change'>;

/** A board with a row for all that is wished for. */
export const newBoard = (sources: readonly Pick<Source, 'name' | 'topics'>[], now: number): Board => {
  const { parts, hear, change, count } = newParts(sources, now, newRow);
  return {
    parts,
    hear: (source: string, event: FeedEvent) => {
      hear(source, event);
      if (isMarketEvent(event)) change(source, event.symbol, (row) => rowAfter(row, event));
    },
    count,
  };
};
