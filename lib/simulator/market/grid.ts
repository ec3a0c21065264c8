/** Where prices may stand. All prices are whole numbers of the instrument's smallest decimal. */
export interface Grid {
  readonly tickAt: (price: number) => number;
  /** Lowest and highest price of the day, both allowed. */
  readonly floor: number;
  readonly ceiling: number;
}

/** The same price step at any price. */
export const evenTicks = (tick: number) => (): number => tick;

/** Hong Kong: the price step grows with the price; thresholds and steps in thousandths of a dollar. */
const HK_SPREADS: readonly (readonly [below: number, tick: number])[] = [
  [250, 1],
  [500, 5],
  [10_000, 10],
  [20_000, 20],
  [100_000, 50],
  [200_000, 100],
  [500_000, 200],
  [1_000_000, 500],
  [2_000_000, 1_000],
  [5_000_000, 2_000],
];

export const hongKongTicks = (price: number): number => HK_SPREADS.find(([below]) => price < below)?.[1] ?? 5_000;

/** A grid without a price limit. */
export const freeGrid = (tickAt: Grid['tickAt']): Grid => ({ tickAt, floor: tickAt(1), ceiling: 2 ** 40 });

/** The grid of a day on which the price may go this fraction up and down. */
export const banded = (grid: Grid, close: number, band: number): Grid => ({
  ...grid,
  floor: snapped(grid, close * (1 - band)),
  ceiling: snapped(grid, close * (1 + band)),
});

/** The nearest allowed price at or below. */
export const snapped = ({ tickAt, floor, ceiling }: Grid, price: number): number => {
  const whole = Math.round(price);
  return Math.min(ceiling, Math.max(floor, whole - (whole % tickAt(whole))));
};

/** The price so many steps higher (or lower, when negative); `undefined` at the edge of the day's range. */
export const moved = (grid: Grid, price: number, ticks: number): number | undefined => {
  const tick = grid.tickAt(ticks > 0 ? price : price - 1);
  const target = snapped(grid, price + ticks * tick);
  return target === price ? undefined : target;
};
