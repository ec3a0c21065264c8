import { phaseAt, type Phase } from './hours.js';
import type { Aggressor } from './Execution.js';
import { createInstrument, type Change, type Instrument } from './instrument.js';
import { listingOf, type Listing, type SimulatedSymbol } from './listing.js';
import { seeded, seedFor } from './random.js';
import { splitSymbol, unpadded } from './symbols.js';
import { clusters, type Cluster } from './venues.js';
import { zoneOffset } from './zone.js';

/** Milliseconds of market time between two steps. */
export const STEP = 250;

export interface MarketOptions {
  readonly seed: number;
  readonly symbols: readonly SimulatedSymbol[];
  readonly unknown: readonly string[];
  /** Epoch milliseconds at which the market begins. */
  readonly start: number;
  readonly sessions: boolean;
}

export interface SimulatedMarket {
  /** The instrument of that symbol in the first of these clusters; made up when none is listed but one could be. */
  readonly find: (symbol: string, among?: readonly Cluster[]) => Instrument | undefined;
  /** The one instrument of a cluster with this code, whatever its venue. */
  readonly findCode: (code: string, cluster: Cluster) => Instrument | undefined;
  /** Moves on by 250 ms and tells what changed. */
  readonly step: () => readonly Change[];
  readonly sweep: (instrument: Instrument, aggressor: Aggressor) => Change;
  readonly halt: (instrument: Instrument, halted: boolean) => Change;
}

/**
 * A market without a clock, a socket or a vendor: the same seed and the same calls give the same market.
 *
 * Each instrument has a generator of its own, so that one more symbol changes nothing for the others.
 */
export const createMarket = ({ seed, symbols, unknown, start, sessions }: MarketOptions): SimulatedMarket => {
  let time = start;
  const zones = new Map<string, (time: number) => number>();
  const instruments = new Map<string, Instrument>();
  const banned = new Set(unknown.map(unpadded));

  const offsetOf = (zone: string): ((time: number) => number) => {
    const offset = zones.get(zone) ?? zoneOffset(zone);
    zones.set(zone, offset);
    return offset;
  };
  const phaseOf = ({ rules: { zone, hours } }: Listing): Phase =>
    sessions ? phaseAt(hours, time + offsetOf(zone)(time)) : 'regular';
  const keyOf = (cluster: Cluster, symbol: string): string => `${cluster} ${symbol}`;

  const list = (listing: Listing): Instrument => {
    const key = keyOf(listing.cluster, listing.symbol);
    const random = seeded(seedFor(seed, key));
    const instrument = createInstrument(listing, random, offsetOf(listing.rules.zone), time, phaseOf(listing));
    instruments.set(key, instrument);
    return instrument;
  };
  const isBanned = (symbol: string): boolean => symbol.startsWith('NOPE') || banned.has(symbol);

  for (const wanted of symbols) {
    const listing = listingOf(wanted, seed);
    if (listing === undefined) throw new TypeError(`no venue of the simulator can trade ${JSON.stringify(wanted)}`);
    if (!isBanned(listing.symbol)) list(listing);
  }

  return {
    find: (spelled, among = clusters) => {
      const symbol = unpadded(spelled);
      if (isBanned(symbol) || splitSymbol(symbol) === undefined) return undefined;
      for (const cluster of among) {
        const listed = instruments.get(keyOf(cluster, symbol));
        if (listed !== undefined) return listed;
      }
      const listing = listingOf(symbol, seed, among);
      return listing && list(listing);
    },
    findCode: (code, cluster) => {
      const found = [...instruments.values()].filter(
        ({ listing }) => listing.cluster === cluster && listing.code === code,
      );
      return found.length === 1 ? found[0] : undefined;
    },
    step: () => {
      time += STEP;
      const changes: Change[] = [];
      for (const instrument of instruments.values()) {
        const change = instrument.step(time, phaseOf(instrument.listing));
        if (change !== undefined) changes.push(change);
      }
      return changes;
    },
    sweep: (instrument, aggressor) => instrument.sweep(time, aggressor),
    halt: (instrument, halted) => instrument.halt(time, halted),
  };
};
