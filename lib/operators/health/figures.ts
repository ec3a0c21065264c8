import { plus } from '../../model/exact.js';
import { delayOf, HOLES, LAGS, sum } from './delays.js';
import type { Delay, HealthFigures, Outcomes, VolumeByUnit } from './Health.js';
import { countOf, MARKET_KINDS, type Counts, type KindTally, type Tally } from './tally.js';

/** The figures of some feeds together at a moment; of the rates, over so many seconds since the figures before. */
export const figuresOf = (
  all: readonly Tally[],
  now: number,
  seconds: number | undefined,
  before: HealthFigures | undefined,
): HealthFigures => {
  const total = (of: (tally: Tally) => number): number => sum(all.map(of));
  const topics = all.map((tally) => tally.topics.report(now));
  const events = addedUp(all.map(eventsOf));
  const [watched, clean, lost] = (['watched', 'clean', 'lost'] as const).map((what) =>
    sum(topics.map((of) => of[what])),
  ) as [number, number, number];
  const share = (part: number): number | undefined =>
    watched > 0 ? Math.min(1, Math.max(0, part / watched)) : undefined;
  const refused = total((tally) => tally.refused.size);
  const served = sum(topics.map((of) => of.served));
  const kinds = all.flatMap(({ market }) => market.filter(({ count }) => count > 0));
  const outcomes = (of: (tally: Tally) => Outcomes): Outcomes => ({
    whole: total((tally) => of(tally).whole),
    partial: total((tally) => of(tally).partial),
    none: total((tally) => of(tally).none),
  });
  return {
    events,
    perSecond: seconds === undefined ? undefined : ratesOf(events, before?.events ?? {}, seconds),
    heardAt: kinds.length > 0 ? lastOf(kinds) : undefined,
    byKind: Object.fromEntries(
      MARKET_KINDS.flatMap((name) => {
        const those = kinds.filter(({ kind }) => kind === name);
        return those.length > 0 ? [[name, { heardAt: lastOf(those), lag: lagOf(those) }]] : [];
      }),
    ),
    lag: lagOf(kinds),
    clockOffset: all.find(({ clockOffset }) => clockOffset !== undefined)?.clockOffset,
    roundTrip: delayOf(
      all.map(({ roundTrip }) => roundTrip),
      LAGS,
    ),
    connects: events['connected'] ?? 0,
    disconnects: counted(all.map(({ disconnects }) => disconnects)),
    holes: { ...outcomes(({ holes }) => holes.outcomes), open: total(({ holes }) => holes.outcomes.open) },
    holeLengths: delayOf(
      all.map(({ holes }) => holes.lengths),
      HOLES,
    ),
    repairs: outcomes(({ holes }) => holes.repairs),
    missedEvents: {
      missed: total(({ holes }) => holes.missedEvents),
      repaired: total(({ holes }) => holes.repairedEvents),
    },
    missedVolume: {
      missed: volumes(all.map(({ holes }) => holes.missed)),
      repaired: volumes(all.map(({ holes }) => holes.repaired)),
    },
    refused: total(({ refusals }) => refusals),
    undecodable: events['undecodable'] ?? 0,
    unexpected: total(({ unexpected }) => unexpected),
    switches: counted(all.map(({ switches }) => switches)),
    standbyLosses: events['standbyLost'] ?? 0,
    divergences: events['diverged'] ?? 0,
    lags: events['lagging'] ?? 0,
    isLagging: all.some(({ isLagging }) => isLagging),
    topics: {
      wanted: served + sum(topics.map(({ awaited }) => awaited)) + refused,
      served,
      refused,
      stale: sum(topics.map(({ stale }) => stale)),
    },
    inSession: topics.some(({ inSession }) => inSession),
    watched,
    verified: share(clean + lost),
    clean: share(clean),
    unlooked: total((tally) => tally.topics.unlooked),
  };
};

const lastOf = (kinds: readonly KindTally[]): number => Math.max(...kinds.map(({ heardAt }) => heardAt));
const lagOf = (kinds: readonly KindTally[]): Delay =>
  delayOf(
    kinds.map(({ lag }) => lag),
    LAGS,
  );

const eventsOf = ({ market, others }: Tally): ReadonlyMap<string, number> =>
  new Map([...market.flatMap(({ kind, count }) => (count > 0 ? [[kind, count] as const] : [])), ...others]);

const counted = <A extends object>(all: readonly Counts<A>[]): readonly (A & { readonly count: number })[] => {
  const totals: Counts<A> = new Map();
  for (const counts of all) for (const [key, { of, count }] of counts) countOf(totals, key, of, count);
  return [...totals.values()].map(({ of, count }) => ({ ...of, count }));
};

const addedUp = (all: readonly ReadonlyMap<string, number>[]): Record<string, number> => {
  const totals = new Map<string, number>();
  for (const counts of all) for (const [key, count] of counts) totals.set(key, (totals.get(key) ?? 0) + count);
  return Object.fromEntries(totals);
};

const ratesOf = (
  events: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
  seconds: number,
): Record<string, number> =>
  Object.fromEntries(Object.entries(events).map(([kind, count]) => [kind, (count - (before[kind] ?? 0)) / seconds]));

const volumes = (all: readonly VolumeByUnit[]): VolumeByUnit => ({
  shares: all.reduce((total, { shares }) => plus(total, shares), 0),
  lots: all.reduce((total, { lots }) => plus(total, lots), 0),
  units: all.reduce((total, { units }) => plus(total, units), 0),
});
