import { longest, type Span } from '../market/bars.js';
import type { Instrument } from '../market/instrument.js';
import type { SimulatedMarket } from '../market/market.js';
import type { BarQuery } from '../market/barHistory.js';
import type { SimulatedBar } from '../market/snapshot.js';
import type { HistoryFaults } from './restControl.js';

const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals));

/** A bar that is over, as it is served while it is not final: the close and a share of the volume are still to come. */
const unsettled = (bar: SimulatedBar, length: Span, now: number, moving: number, decimals: number): SimulatedBar => {
  const age = now - (bar.openTime + longest(length));
  if (age < 0 || age >= moving) return bar;
  const share = 0.5 + (0.5 * age) / moving;
  return { ...bar, close: bar.open, volume: rounded(bar.volume * share, decimals), turnover: bar.turnover * share };
};

/** A shuffle that is the same each time. */
const shuffled = <T>(rows: readonly T[]): readonly T[] =>
  rows
    .map((row, at) => ({ row, key: Math.imul(at + 1, 0x9e3779b1) >>> 0 }))
    .sort((one, other) => one.key - other.key)
    .map(({ row }) => row);

/** Rows, oldest first, in the order in which they are served. */
export const inOrder = <T>(rows: readonly T[], order: HistoryFaults['order']): readonly T[] =>
  order === 'descending' ? [...rows].reverse() : order === 'shuffled' ? shuffled(rows) : rows;

/** The bars of an instrument as the vendor serves them: the true ones, with what is wrong at the moment. */
export const faultyBars = (
  market: SimulatedMarket,
  instrument: Instrument,
  query: BarQuery,
  { moving = 0, cap = Infinity, prices = 1, volumes = 1, shift = 0, withhold, order }: HistoryFaults,
): readonly SimulatedBar[] => {
  const { symbol, rules } = instrument.listing;
  const { length } = query;
  const late = shift * longest(length);
  const { from = -Infinity, to = Infinity } = query;
  const asked: BarQuery = {
    ...query,
    from: from - late,
    to: to - late,
    most: Math.min(query.most, cap),
    ...(withhold !== undefined && { withhold: (openTime: number) => withhold(openTime, symbol) }),
  };
  const priced = (price: number): number => (prices === 1 ? price : rounded(price * prices, rules.priceDecimals));
  const rows = market.bars(instrument, asked).map((true_): SimulatedBar => {
    const bar = unsettled(true_, length, market.now(), moving, rules.sizeDecimals);
    return {
      openTime: bar.openTime + late,
      open: priced(bar.open),
      high: priced(bar.high),
      low: priced(bar.low),
      close: priced(bar.close),
      volume: rounded(bar.volume * volumes, rules.sizeDecimals),
      turnover: bar.turnover,
    };
  });
  return inOrder(rows, order);
};

/** JSON with its figures as they are, or as strings. */
export const jsonOf = (value: unknown, numbers: HistoryFaults['numbers']): string =>
  JSON.stringify(
    value,
    numbers === 'string' ? (_key, it: unknown) => (typeof it === 'number' ? String(it) : it) : undefined,
  );
