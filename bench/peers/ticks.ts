import type { Trade } from '../../lib/model/marketEvent.js';
import { seeded } from '../frames.js';

export const TICKS = 1_000_000;
const SYMBOLS = 100;
const HOURS = 2;

/** The American open of a Friday in winter: every bar lies in one session, so that all cut time alike. */
const OPEN = Date.UTC(2024, 10, 15, 14, 30);

/** A million trades of a hundred symbols over two hours, in order, each price a walk; 83 trades a bar. */
export const ticksOf = (): readonly Trade[] => {
  const roll = seeded(11);
  const names = Array.from({ length: SYMBOLS }, (_, i) => `S${10_000 + i}.US`);
  const cents = names.map(() => 10_000);
  return Array.from({ length: TICKS }, (_, i): Trade => {
    const of = Math.floor(roll() * SYMBOLS);
    const size = 100 + Math.floor(roll() * 900);
    const time = OPEN + Math.floor((i * HOURS * 3_600_000) / TICKS);
    cents[of]! += Math.floor(roll() * 5) - 2;
    return {
      kind: 'trade',
      provider: 'bench',
      symbol: names[of]!,
      time,
      receivedAt: time,
      price: cents[of]! / 100,
      size,
      volume: undefined,
      sizeUnit: undefined,
      aggressor: roll() < 0.5 ? 'buyer' : 'seller',
      tradingPhase: undefined,
    };
  });
};

/** The same with the volume of the day so far, by which ours proves that none is missing. */
export const withVolume = (trades: readonly Trade[]): readonly Trade[] => {
  const volumes = new Map<string, number>();
  return trades.map((trade) => {
    const volume = (volumes.get(trade.symbol) ?? 0) + (trade.size ?? 0);
    volumes.set(trade.symbol, volume);
    return { ...trade, volume };
  });
};
