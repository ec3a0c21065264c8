import { minus, plus } from '../../model/exact.js';

/** The cumulative turnover of a trading day. */
export interface Turnover {
  last: number | undefined;
  /** Where counting began; what lies below was not counted, and is no debt. */
  base: number;
  /** What was counted, and fell again. */
  debt: number;
}

export const newTurnover = (): Turnover => ({ last: undefined, base: 0, debt: 0 });

/** How much a turnover grew by; 0 where it does not tell. `turn` is what the figure of volume next to it says. */
export const turnoverTo = (
  turnover: Turnover,
  figure: number,
  turn: 'restart' | 'fall' | 'doubt' | undefined,
): number => {
  if (turn === 'doubt') return 0;
  if (turn === 'restart') begin(turnover, 0);
  const { last, base, debt } = turnover;
  if (last === undefined) {
    begin(turnover, figure);
    return 0;
  }
  turnover.last = figure;
  if (figure < last) {
    // A correction: what was counted and fell is paid by the next growth.
    turnover.debt = plus(debt, minus(last, Math.max(figure, base)));
    turnover.base = Math.min(base, figure);
    return 0;
  }
  const grown = minus(figure, last);
  const paid = Math.min(debt, grown);
  turnover.debt = minus(debt, paid);
  return minus(grown, paid);
};

const begin = (turnover: Turnover, figure: number): void => {
  turnover.last = figure;
  turnover.base = figure;
  turnover.debt = 0;
};
