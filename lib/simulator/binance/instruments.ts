import type { Instrument } from '../market/instrument.js';
import type { SimulatedMarket } from '../market/market.js';
import { createDayStats, type DayStats } from './dayStats.js';
import { createKlines, type Klines } from './klines.js';
import { createLedger, type Ledger } from './ledger.js';

/** One instrument at Binance. */
export interface Traded {
  readonly ledger: Ledger;
  readonly klines: Klines;
  readonly dayStats: () => DayStats;
}

/** What trades at Binance. */
export interface Instruments {
  /** The instrument of `BTCUSDT`. */
  readonly find: (symbol: string) => Traded | undefined;
  readonly of: (instrument: Instrument) => Traded | undefined;
  readonly all: () => Iterable<Traded>;
}

const VENUE = 'BA';
const SYMBOL = /^[A-Z0-9]{1,20}$/u;

export const createInstruments = (market: SimulatedMarket, seed: number, levels: number): Instruments => {
  const traded = new Map<Instrument, Traded>();
  market.watch((instrument) => {
    const { cluster, venue, code } = instrument.listing;
    if (cluster !== 'crypto' || venue !== VENUE || !SYMBOL.test(code)) return;
    const ledger = createLedger(instrument, seed, levels, () => traded.size);
    const klines = createKlines(market, ledger);
    traded.set(instrument, { ledger, klines, dayStats: createDayStats(market, ledger, klines) });
  });
  return {
    find: (symbol) => {
      const instrument = SYMBOL.test(symbol) ? market.find(`${symbol}.${VENUE}`, ['crypto']) : undefined;
      return instrument && traded.get(instrument);
    },
    of: (instrument) => traded.get(instrument),
    all: () => traded.values(),
  };
};
