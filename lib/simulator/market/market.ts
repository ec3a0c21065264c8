import { barHistory, type BarQuery } from './barHistory.js';
import { pauseAt, phaseAt, zoneOffset, type Pause, type Phase } from './hours.js';
import type { Aggressor, SimulatedBar } from './snapshot.js';
import { createInstrument, type Change, type Instrument } from './instrument.js';
import { listingOf, splitSymbol, unpadded, type Listing, type SimulatedSymbol } from './listing.js';
import { createPast, dayPlan, type DayPlan, type Past } from './past.js';
import { seeded, seedFor } from './random.js';

import { clusters, type Cluster } from './venues.js';

/** Milliseconds of market time between two steps. */
export const STEP = 250;

/** Strangers can ask for any number of symbols, and every instrument takes its time at each step. */
const MADE_UP = 5_000;

/** Bars of a minute that are kept of all instruments together, and of one at least. */
const MINUTES_KEPT = 2 ** 21;
const FEWEST_KEPT = 1_440;

export interface MarketOptions {
  readonly seed: number;
  readonly symbols: readonly SimulatedSymbol[];
  readonly unknown: readonly string[];
  /** Whether what is not listed is made up when it is asked for. */
  readonly invents?: boolean;
  /** Epoch milliseconds at which the market begins. */
  readonly start: number;
  readonly sessions: boolean;
}

export interface SimulatedMarket {
  /** The instrument of that symbol in the first of these clusters; made up when none is listed but one could be. */
  readonly find: (symbol: string, among?: readonly Cluster[]) => Instrument | undefined;
  /** Whether `find` would find it; it is not made up for that. */
  readonly exists: (symbol: string, among: readonly Cluster[]) => boolean;
  /** The one instrument of a cluster with this code, whatever its venue. */
  readonly findCode: (code: string, cluster: Cluster) => Instrument | undefined;
  /** Tells of every instrument, those that are made up later as well, before it has changed. */
  readonly watch: (born: (instrument: Instrument) => void) => void;
  /** Moves on by 250 ms and returns what changed. */
  readonly step: () => readonly Change[];
  readonly sweep: (instrument: Instrument, aggressor: Aggressor) => Change;
  readonly halt: (instrument: Instrument, halted: boolean) => Change;
  /** Epoch milliseconds of the last step. */
  readonly now: () => number;
  /** Bars of an instrument, oldest first, the forming one last; of the year before the market began as well. */
  readonly bars: (instrument: Instrument, query: BarQuery) => readonly SimulatedBar[];
}

/**
 * A market without a clock, a socket or a vendor: the same seed and the same calls give the same market.
 *
 * Each instrument has a generator of its own, so that one more symbol changes nothing for the others.
 */
export const createMarket = ({
  seed,
  symbols,
  unknown,
  invents = true,
  start,
  sessions,
}: MarketOptions): SimulatedMarket => {
  let time = start;
  const zones = new Map<string, (time: number) => number>();
  const instruments = new Map<string, Instrument>();
  const byCode = new Map<string, Instrument[]>();
  const watchers: ((instrument: Instrument) => void)[] = [];
  let madeUp = 0;
  const most = invents ? MADE_UP : 0;
  const banned = new Set(unknown.map(unpadded));

  const offsetOf = (zone: string): ((time: number) => number) => {
    const offset = zones.get(zone) ?? zoneOffset(zone);
    zones.set(zone, offset);
    return offset;
  };
  const hourOf = ({ rules: { zone, hours } }: Listing): readonly [Phase, Pause | undefined] => {
    if (!sessions) return ['regular', undefined];
    const local = time + offsetOf(zone)(time);
    return [phaseAt(hours, local), pauseAt(hours, local)];
  };
  const keyOf = (cluster: Cluster, symbol: string): string => `${cluster} ${symbol}`;

  const minutesKept = (): number => Math.max(FEWEST_KEPT, Math.floor(MINUTES_KEPT / instruments.size));

  const list = (listing: Listing): Instrument => {
    const key = keyOf(listing.cluster, listing.symbol);
    const random = seeded(seedFor(seed, key));
    const offsetAt = offsetOf(listing.rules.zone);
    const instrument = createInstrument(listing, random, offsetAt, time, ...hourOf(listing), minutesKept);
    instruments.set(key, instrument);
    const code = keyOf(listing.cluster, listing.code);
    const namesakes = byCode.get(code);
    if (namesakes === undefined) byCode.set(code, [instrument]);
    else namesakes.push(instrument);
    watchers.forEach((born) => born(instrument));
    return instrument;
  };

  const plans = new Map<string, DayPlan>();
  const planOf = ({ rules: { hours } }: Listing): DayPlan => {
    const key = sessions ? JSON.stringify(hours ?? null) : '';
    const plan = plans.get(key) ?? dayPlan(sessions ? hours : undefined);
    plans.set(key, plan);
    return plan;
  };
  const pasts = new WeakMap<Instrument, Past>();
  const pastOf = (instrument: Instrument, offsetAt: (time: number) => number): Past => {
    const past = pasts.get(instrument) ?? createPast(instrument, seed, planOf(instrument.listing), offsetAt);
    pasts.set(instrument, past);
    return past;
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
      if (madeUp >= most) return undefined;
      const listing = listingOf(symbol, seed, among);
      if (listing === undefined) return undefined;
      madeUp += 1;
      return list(listing);
    },
    exists: (spelled, among) => {
      const symbol = unpadded(spelled);
      if (isBanned(symbol)) return false;
      if (among.some((cluster) => instruments.has(keyOf(cluster, symbol)))) return true;
      return madeUp < most && listingOf(symbol, seed, among) !== undefined;
    },
    findCode: (code, cluster) => {
      const found = byCode.get(keyOf(cluster, code)) ?? [];
      return found.length === 1 ? found[0] : undefined;
    },
    watch: (born) => {
      watchers.push(born);
      instruments.forEach(born);
    },
    step: () => {
      time += STEP;
      const changes: Change[] = [];
      for (const instrument of instruments.values()) {
        const change = instrument.step(time, ...hourOf(instrument.listing));
        if (change !== undefined) changes.push(change);
      }
      return changes;
    },
    sweep: (instrument, aggressor) => instrument.sweep(time, aggressor),
    halt: (instrument, halted) => instrument.halt(time, halted),
    now: () => time,
    bars: (instrument, query) => {
      const { listing } = instrument;
      const offsetAt = offsetOf(listing.rules.zone);
      return barHistory(instrument, pastOf(instrument, offsetAt), planOf(listing), offsetAt, query);
    },
  };
};
