import { dayOf, FIRST, type Execution, type Venue } from './market.js';
import { DAY, MINUTE } from './stage.js';
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

/** Before the first span of a day, figures may already grow. */
const AUCTION = 30 * MINUTE;

const openOf = ({ spans }: Venue, day: number): number => FIRST + day * DAY + spans[0]![0];

/** How a day of figures begins: at zero, at the first one heard, or nobody can say. */
const beginOf = ({ live, venue, delivered, before, style, days }: Told, day: number): 'zero' | 'first' | undefined => {
  const hasBefore = style.includes('quote') && before !== 'nothing' && day === 0;
  const early = days[0]!.executions[0]!.at - 10 * 60_000;
  // No calendar says when a day of it ends, so that figures alone would have to.
  if (venue.isSilent) return day > 0 || (hasBefore && isLive(live, early)) ? undefined : 'first';
  if (delivered.some((one) => one.day < day)) return 'zero';
  const [since] = live[0]!;
  if (since <= openOf(venue, day) - AUCTION) return 'zero';
  if (hasBefore && isLive(live, early)) return undefined;
  const first = days[day]!.executions[0]!.at;
  return since > first && dayOf(since, venue) === day ? 'first' : undefined;
};

/** Whether nothing of this kind became of any execution, or was said around it. */
export const isWithout = ({ days }: Told, ...kinds: readonly string[]): boolean =>
  days.every(({ executions }) =>
    executions.every(({ step }) => !kinds.includes(step.noise) && !kinds.includes(step.fate)),
  );

/** The sums of each day; undefined for what nobody can say. */
export const sumsOf = (told: Told, delay: number): readonly (TrueSums | undefined)[] => {
  const { style, delivered, live, days } = told;
  return days.flatMap(({ day }): (TrueSums | undefined)[] => {
    const heard = delivered.filter((one) => one.day === day).sort((a, b) => a.at - b.at);
    if (heard.length === 0) return [];
    const executions = executionsOf(heard);
    // Volume without a price waits for one, and has no bar until then.
    if (executions.length > 0 && executions.every(({ step }) => step.noise === 'volumeOnly')) return [undefined];
    const traded = sum(executions.map(({ units }) => units));
    if (style === 'size') return [{ day, total: traded, seen: traded }];
    const begin = beginOf(told, day);
    const figures = heard.flatMap(({ figure, at, isTrueTime }) =>
      figure === undefined ? [] : [{ figure, at, isTrueTime }],
    );
    const last = Math.max(...figures.map(({ figure }) => figure));
    const opens = openOf(told.venue, day) + delay;
    // The figure at which counting begins may have been wrong itself.
    const isCorrected = begin === 'first' && days[day]!.executions.some(({ step }) => step.noise === 'correction');
    // Where no calendar tells the days, an old figure without a time of its own looks like the first of a new one.
    const isOld = ({ step }: Execution): boolean => step.fate === 'late' && step.noise === 'stray';
    const isFallen = told.venue.isSilent === true && days[day]!.executions.some(isOld);
    if (begin === undefined || isCorrected || isFallen) return [undefined];
    if (style === 'both') {
      // What comes late, and without a time of its own, may be of before the first figure.
      const isBefore = ({ sofar, step }: Execution): boolean => step.noise === 'stray' && sofar < figures[0]!.figure;
      if (begin === 'first' && executions.some(isBefore)) return [undefined];
      const base = begin === 'zero' ? 0 : Math.min(...executions.map(({ sofar, units }) => sofar - units));
      return [{ day, total: last - base, seen: traded }];
    }
    if (style === 'figure' || style === 'quote') {
      // A link that came back in the auction may have lost what it says, or nothing.
      const isUnclear =
        begin === 'zero' && !isWhole(live, opens - AUCTION, figures[0]!.at) && isWhole(live, opens, figures[0]!.at);
      let [figure, at] = begin === 'zero' ? [0, opens] : [figures[0]!.figure, figures[0]!.at];
      const base = figure;
      let seen = 0;
      for (const next of figures) {
        if (next.figure < figure) continue;
        if (isWhole(live, at, next.at)) seen += next.figure - figure;
        [figure, at] = [next.figure, next.at];
      }
      return [{ day, total: last - base, seen: isUnclear ? undefined : seen }];
    }
    // Of a symbol of trades, a day without one has no bar that could miss anything.
    if (executions.length === 0 && delivered.some((one) => one.kind === 'trade' && one.day < day)) return [undefined];
    if (figures.length === 0) return [{ day, total: traded, seen: undefined }];
    const first = figures[0]!.figure;
    const after = sum(executions.filter(({ sofar }) => sofar > last).map(({ units }) => units));
    // A trade without a time of its own may be in the first figure or the last, or come after it.
    const isUntimed = ({ sofar, step }: Execution): boolean =>
      step.noise === 'stray' &&
      (sofar > last ||
        (begin === 'first' &&
          heard.some(
            ({ execution, kind, at }) => kind === 'trade' && at <= figures[0]!.at && execution.sofar === sofar,
          )));
    // Without a time of its own the first figure of a day goes by the delay, which a late word may just have moved.
    const isLost = !figures[0]!.isTrueTime && (begin === 'first' || !isWithout(told, 'late'));
    if (isLost || executions.some(isUntimed)) return [undefined];
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
