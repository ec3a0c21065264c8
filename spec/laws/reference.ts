import { dayOf, FIRST } from './market.js';
import { DAY } from './stage.js';
import { isLive, type Delivered, type Live, type Told } from './tape.js';

/** What is true of a day of an instrument as far as it could be heard, in whole units. */
export interface TrueSums {
  readonly day: number;
  /** All that was traded between the first and the last thing heard of it, or since the day began. */
  readonly total: number;
  /** What of it was seen; undefined where both are right. */
  readonly seen: number | undefined;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Each execution that was heard, once. */
const executionsOf = (delivered: readonly Delivered[]) => [
  ...new Set(delivered.filter(({ kind }) => kind === 'trade').map(({ execution }) => execution)),
];

const isWhole = (live: Live, from: number, to: number): boolean => live.some(([a, b]) => a <= from && to < b);

/** How a day of figures begins: at zero, at the first one heard, or nobody can say. */
const beginOf = ({ live, venue, delivered, before, style, days }: Told, day: number): 'zero' | 'first' | undefined => {
  const hasBefore = style.includes('quote') && before !== 'nothing' && day === 0;
  const early = days[0]!.executions[0]!.at - 10 * 60_000;
  // No calendar says when a day of it ends, so that figures alone would have to.
  if (venue.isSilent) return day > 0 || (hasBefore && isLive(live, early)) ? undefined : 'first';
  if (delivered.some((one) => one.day < day)) return 'zero';
  const midnight = FIRST + day * DAY - venue.zone;
  if (isLive(live, midnight)) return 'zero';
  if (hasBefore && isLive(live, early)) return undefined;
  const [since] = live[0]!;
  const first = days[day]!.executions[0]!.at;
  return since > first && dayOf(since, venue) === day ? 'first' : undefined;
};

/** The sums of each day; undefined for what nobody can say. */
export const sumsOf = (told: Told, delay: number): readonly (TrueSums | undefined)[] => {
  const { style, delivered, live, days } = told;
  return days.flatMap(({ day }): (TrueSums | undefined)[] => {
    const heard = delivered.filter((one) => one.day === day).sort((a, b) => a.at - b.at);
    if (heard.length === 0) return [];
    // Volume without a price waits for one.
    if (heard.every(({ execution }) => execution.step.noise === 'volumeOnly')) return [undefined];
    const executions = executionsOf(heard);
    const traded = sum(executions.map(({ units }) => units));
    if (style === 'size') return [{ day, total: traded, seen: traded }];
    const begin = beginOf(told, day);
    const figures = heard.flatMap(({ figure, at }) => (figure === undefined ? [] : [{ figure, at }]));
    const last = Math.max(...figures.map(({ figure }) => figure));
    const since = FIRST + day * DAY - told.venue.zone + delay;
    if (begin === undefined) return [undefined];
    if (style === 'both') {
      const base = begin === 'zero' ? 0 : Math.min(...executions.map(({ sofar, units }) => sofar - units));
      return [{ day, total: last - base, seen: traded }];
    }
    if (style === 'figure' || style === 'quote') {
      let [figure, at] = begin === 'zero' ? [0, since] : [figures[0]!.figure, figures[0]!.at];
      const base = figure;
      let seen = 0;
      for (const next of figures) {
        if (next.figure < figure) continue;
        if (isWhole(live, at, next.at)) seen += next.figure - figure;
        [figure, at] = [next.figure, next.at];
      }
      return [{ day, total: last - base, seen }];
    }
    if (figures.length === 0) return [{ day, total: traded, seen: undefined }];
    const first = figures[0]!.figure;
    const after = sum(executions.filter(({ sofar }) => sofar > last).map(({ units }) => units));
    const early = sum(executions.filter(({ sofar }) => sofar <= first).map(({ units }) => units));
    return [{ day, total: (begin === 'zero' ? last : last - first + early) + after, seen: undefined }];
  });
};

export interface TrueBar {
  readonly openTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly trades: number;
}

/** The bars of executions that were heard, grouped by time. */
export const barsOfTrades = ({ delivered }: Told, length: number): readonly TrueBar[] => {
  const executions = executionsOf(delivered).sort((a, b) => a.at - b.at);
  const groups = new Map<number, typeof executions>();
  for (const execution of executions) {
    const openTime = Math.floor(execution.at / length) * length;
    groups.set(openTime, [...(groups.get(openTime) ?? []), execution]);
  }
  return [...groups].map(([openTime, group]) => {
    const prices = group.map(({ price }) => price);
    return {
      openTime,
      open: prices[0]!,
      high: Math.max(...prices),
      low: Math.min(...prices),
      close: prices.at(-1)!,
      trades: prices.length,
    };
  });
};

/** The share of a time in which data could flow. */
export const coverageOf = (live: Live, from: number, to: number): number =>
  sum(live.map(([a, b]) => Math.max(0, Math.min(b, to) - Math.max(a, from)))) / (to - from);
