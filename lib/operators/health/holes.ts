import type { Backfilled, Recovered } from '../../model/feedEvent.js';
import { minus, plus } from '../../model/exact.js';
import type { SizeUnit } from '../../model/marketEvent.js';
import { canonicalSymbol } from '../../model/symbol.js';
import { addDelay, HOLES, newDelays, type Delays } from './delays.js';
import type { HealthHole, HoleSize, VolumeByUnit } from './Health.js';

export type Volume = { -readonly [U in keyof VolumeByUnit]: number };

type Outcome = 'whole' | 'partial' | 'none';

/** What a hole cost one symbol. */
interface Loss {
  readonly symbol: string;
  /** Executions by their ids, from the first missing to the last one. */
  readonly ids: { readonly first: number; readonly last: number } | undefined;
  readonly volume: number;
  readonly unit: keyof VolumeByUnit;
  /** Trading time that is counted as lost, and is whole again when the executions are. */
  readonly time: number;
}

/** A hole while it can be repaired; changed in place. */
export interface OpenHole {
  readonly provider: string;
  readonly feed: string;
  readonly symbol: string | undefined;
  from: number;
  to: number | undefined;
  cause: string;
  outcome: HealthHole['outcome'];
  events: number;
  /** Whether numbers tell of all that it cost, and how many topics have not told yet. */
  isCountable: boolean;
  awaited: number;
  readonly volume: Volume;
  readonly losses: Loss[];
  readonly repairs: Record<Outcome, number>;
}

/** The holes of one feed. */
export interface Holes {
  readonly list: OpenHole[];
  readonly outcomes: Record<HealthHole['outcome'], number>;
  readonly repairs: Record<Outcome, number>;
  readonly lengths: Delays;
  readonly missed: Volume;
  readonly repaired: Volume;
  missedEvents: number;
  repairedEvents: number;
}

/** So many holes of a feed, and symbols of a hole, can still be repaired. */
const MEMORY = 1_000;

export const newVolume = (): Volume => ({ shares: 0, lots: 0, units: 0 });

export const newHoles = (): Holes => ({
  list: [],
  outcomes: { open: 0, whole: 0, partial: 0, none: 0 },
  repairs: { whole: 0, partial: 0, none: 0 },
  lengths: newDelays(HOLES),
  missed: newVolume(),
  repaired: newVolume(),
  missedEvents: 0,
  repairedEvents: 0,
});

export const unitOf = (unit: SizeUnit | undefined): keyof VolumeByUnit => unit ?? 'units';

export const openHole = (
  holes: Holes,
  { provider, feed, symbol, from, cause }: Pick<OpenHole, 'provider' | 'feed' | 'symbol' | 'from' | 'cause'>,
): OpenHole => {
  const hole: OpenHole = {
    provider,
    feed,
    symbol,
    from,
    to: undefined,
    cause,
    outcome: 'open',
    events: 0,
    isCountable: true,
    awaited: 0,
    volume: newVolume(),
    losses: [],
    repairs: { whole: 0, partial: 0, none: 0 },
  };
  holes.outcomes.open += 1;
  holes.list.push(hole);
  if (holes.list.length > MEMORY) holes.list.shift();
  return hole;
};

/** A hole that lasts goes on in another feed, which serves from now on. */
export const moveHole = (from: Holes, to: Holes, hole: OpenHole): void => {
  from.list.splice(from.list.indexOf(hole), 1);
  from.outcomes[hole.outcome] -= 1;
  to.list.push(hole);
  to.outcomes[hole.outcome] += 1;
};

/** The hole is over, and nothing of it is repaired yet. */
export const closeHole = (holes: Holes, hole: OpenHole, to: number): void => {
  if (hole.to !== undefined) return;
  hole.to = Math.max(hole.from, to);
  addDelay(holes.lengths, hole.to - hole.from);
  settle(holes, hole, outcomeOf(hole));
};

/** A hole cost a symbol executions. */
export const loseTrades = (holes: Holes, hole: OpenHole, loss: Omit<Loss, 'volume' | 'unit'>): void => {
  const { ids } = loss;
  loseEvents(holes, hole, ids === undefined ? 0 : ids.last - ids.first + 1);
  note(hole, { ...loss, volume: 0, unit: 'units' });
};

export const loseEvents = (holes: Holes, hole: OpenHole, count: number): void => {
  hole.events += count;
  holes.missedEvents += count;
};

/** Cumulative figures say how much was traded in a hole. */
export const loseVolume = (
  holes: Holes,
  hole: OpenHole,
  symbol: string,
  volume: number,
  unit: keyof VolumeByUnit,
): void => {
  hole.volume[unit] = plus(hole.volume[unit], volume);
  holes.missed[unit] = plus(holes.missed[unit], volume);
  note(hole, { symbol, ids: undefined, volume, unit, time: 0 });
};

/** A history gave bars for a hole of a symbol, or none. */
export const backfillHole = (holes: Holes, { symbol, from, to, outcome, proof }: Backfilled): void => {
  holes.repairs[outcome] += 1;
  const key = canonicalSymbol(symbol);
  for (const hole of holes.list) {
    if (hole.symbol !== undefined || hole.from >= to || (hole.to ?? Infinity) <= from) continue;
    repair(holes, hole, outcome);
    const at = hole.losses.findIndex((loss) => loss.volume > 0 && canonicalSymbol(loss.symbol) === key);
    const loss = hole.losses[at];
    if (!loss || proof.volume === 'none') continue;
    const found = Math.max(0, minus(loss.volume, proof.volume === 'short' ? (proof.unexplained ?? loss.volume) : 0));
    hole.losses.splice(at, 1);
    holes.repaired[loss.unit] = plus(holes.repaired[loss.unit], found);
  }
};

/** A history gave executions that were missing, or some. Returns how much trading time is whole again by that. */
export const recoverHole = (holes: Holes, { symbol, fromId, toId, outcome, trades }: Recovered): number => {
  holes.repairs[outcome] += 1;
  const key = canonicalSymbol(symbol);
  const isOfIt = ({ symbol: other, ids }: Loss): boolean =>
    ids !== undefined && ids.first <= toId && ids.last >= fromId && canonicalSymbol(other) === key;
  for (const hole of holes.list) {
    const at = hole.losses.findIndex(isOfIt);
    const loss = hole.losses[at];
    if (!loss) continue;
    repair(holes, hole, outcome);
    hole.losses.splice(at, 1);
    const lost = loss.ids === undefined ? 0 : loss.ids.last - loss.ids.first + 1;
    holes.repairedEvents += outcome === 'whole' ? lost : Math.min(trades, lost);
    return outcome === 'whole' ? loss.time : 0;
  }
  return 0;
};

/** How it stands, for a report. */
export const holeOf = ({ provider, feed, symbol, from, to, cause, outcome, ...hole }: OpenHole): HealthHole => ({
  provider,
  feed,
  symbol,
  from,
  to,
  cause,
  outcome,
  size: sizeOf(hole),
});

const sizeOf = ({
  events,
  isCountable,
  awaited,
  volume,
}: Pick<OpenHole, 'events' | 'isCountable' | 'awaited' | 'volume'>): HoleSize => {
  const isSome = events > 0 || volume.shares > 0 || volume.lots > 0 || volume.units > 0;
  return {
    known: isCountable && awaited === 0 ? 'exact' : isSome ? 'atLeast' : 'unknown',
    events,
    volume: { ...volume },
  };
};

const note = (hole: OpenHole, loss: Loss): void => {
  hole.losses.push(loss);
  if (hole.losses.length > MEMORY) hole.losses.shift();
};

const repair = (holes: Holes, hole: OpenHole, outcome: Outcome): void => {
  hole.repairs[outcome] += 1;
  if (hole.to !== undefined) settle(holes, hole, outcomeOf(hole));
};

const settle = (holes: Holes, hole: OpenHole, outcome: Outcome): void => {
  holes.outcomes[hole.outcome] -= 1;
  holes.outcomes[outcome] += 1;
  hole.outcome = outcome;
};

/** By all that was done about it: nothing, or the same everywhere, or something in between. */
const outcomeOf = ({ repairs: { whole, partial, none } }: OpenHole): Outcome => {
  if (partial === 0 && none === 0 && whole > 0) return 'whole';
  return partial === 0 && whole === 0 ? 'none' : 'partial';
};
