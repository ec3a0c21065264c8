import { trades } from '../../lib/model/topic.js';
import { binance } from '../../lib/providers/binance/index.js';
import type { Feed } from '../../lib/share/shareFeed.js';
import type { Random } from '../../lib/simulator/market/random.js';
import { STEP } from '../../lib/simulator/market/market.js';
import { startSimulator } from '../../lib/simulator/index.js';

export const symbols: readonly string[] = ['BTCUSDT.BA', 'ETHUSDT.BA', 'SOLUSDT.BA', 'BNBUSDT.BA', 'XRPUSDT.BA'];

/** A time in which a line delivers nothing, in ticks. Its link ends `silent` ticks after it began. */
export interface Cut {
  readonly silent: number;
  /** How long upgrades are refused after that; at 0 the next attempt succeeds. */
  readonly refused: number;
  readonly how: 'drop' | 'cut' | 'kick';
}

/** One of two vendors that say the same market, and all the links that end there. */
export interface FailingLine {
  /** A feed of its trades. */
  readonly feedOf: (name: string) => Feed;
  /** How many links it has. */
  readonly live: () => number;
  /** How often its trades were asked for. */
  readonly asked: () => number;
  /** Whether a cut goes on. */
  readonly isCut: () => boolean;
  readonly cut: (cut: Cut) => void;
  /** How many ticks the market is late here. */
  readonly lag: (ticks: number) => void;
  /** One tick: what ends now ends, and the market moves on to this step. */
  readonly tick: (step: number) => void;
  /** When it said the trades of a market time, or would have; epoch milliseconds. */
  readonly saidAt: (time: number) => number;
  readonly close: () => Promise<void>;
}

const START = Date.UTC(2026, 3, 21, 2);
/** Milliseconds between two attempts. */
const BACKOFF = 20;

export const failingLine = async (seed: number): Promise<FailingLine> => {
  const { binance: vendor, ...simulator } = await startSimulator({
    seed,
    start: START,
    speed: 0,
    symbols,
    binance: { levels: 10, attempts: { count: Infinity, per: 1_000 } },
  });
  const saidAt: number[] = [];
  let late = 0;
  let silent = 0;
  let refused = 0;
  let how: Cut['how'] | undefined;

  const end = (): void => {
    if (refused > 0) vendor.refuseUpgrades(503);
    vendor[how ?? 'drop']();
    vendor.mute(false);
    how = undefined;
  };
  return {
    feedOf: (name) =>
      binance({
        name,
        url: simulator.url,
        restUrl: simulator.restUrl,
        topics: trades(...symbols),
        backoff: () => BACKOFF,
      }),
    live: () => vendor.live,
    asked: () => vendor.commands.length,
    isCut: () => how !== undefined || refused > 0,
    cut: (cut) => {
      ({ silent, refused, how } = cut);
      if (silent > 0) vendor.mute();
      else end();
    },
    lag: (ticks) => (late = ticks),
    tick: (step) => {
      if (how !== undefined) {
        silent -= 1;
        if (silent <= 0) end();
      } else if (refused > 0) {
        refused -= 1;
        if (refused === 0) vendor.allowUpgrades();
      }
      while (saidAt.length < step - late) {
        saidAt.push(Date.now());
        simulator.step();
      }
    },
    saidAt: (time) => saidAt[Math.round((time - START) / STEP) - 1] ?? NaN,
    close: simulator.close,
  };
};

/** A cut of any kind. */
export const anyCut = (random: Random): Cut => {
  const upTo = (most: number): number => 1 + Math.floor(random() * most);
  const [isSilent, isRefused, kind] = [random() < 0.4, random() < 0.7, random()];
  return {
    silent: isSilent ? upTo(30) : 0,
    refused: isRefused ? upTo(40) : 0,
    how: kind < 0.4 ? 'drop' : kind < 0.7 ? 'cut' : 'kick',
  };
};
