import type { ConsolidatedLevel } from '../index.js';
import type { Column } from './Column.js';
import { amount, clean } from './format.js';
import { span, type Span, type Tone } from './line.js';
import type { LadderPart } from './ladderBoard.js';

/** A level, and how its price is meant. */
export interface LadderRow {
  readonly level: ConsolidatedLevel;
  readonly tone: Tone;
}

/** Price, size, and the size that each source has. */
export const ladderColumns = (parts: readonly LadderPart[], decimals: number): readonly Column<LadderRow>[] => [
  right('PRICE', 0, ({ level, tone }) => span(level.price.toFixed(decimals), tone)),
  right('SIZE', 1, ({ level }) => size(level.size)),
  ...parts.map(({ provider }, index) =>
    right(provider.toUpperCase(), 2 + index, ({ level }) =>
      size(level.sources.find((source) => source.provider === provider)?.size),
    ),
  ),
];

const right = (heading: string, rank: number, cell: Column<LadderRow>['cell']): Column<LadderRow> => ({
  heading,
  rank,
  width: 9,
  side: 'right',
  cell,
});

const size = (value: number | undefined): Span => (value === undefined ? span('-', 'dim') : span(amount(clean(value))));
