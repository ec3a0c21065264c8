import type { Bucket } from '../../model/calendar/bucketing.js';
import { minus, plus } from '../../model/exact.js';
import type { BackfillProof } from '../../model/feedEvent.js';
import { isSameTrading, klineOf } from '../../model/kline.js';
import type { Kline } from '../../model/marketEvent.js';
import type { Hole, HoledBar, LiveBars } from './hole.js';

/** What is known of a symbol where its hole is. */
export interface Evidence {
  readonly hole: Hole;
  /** The bars made of what was received, by when they open. */
  readonly live: LiveBars;
  /** The bars before and behind the hole that were seen wholly, a few, the nearest first. */
  readonly before: readonly Bucket[];
  readonly after: readonly Bucket[];
  /** By how much the figure had grown when it first came in a bar: volume that may be of the bar before. */
  readonly firstGrowth: ReadonlyMap<number, number>;
  /** When the bar opens in which the first figure of all came: it tells nothing of what was traded before it in its bar. */
  readonly firstFigureIn: number | undefined;
  /** The bars of the hole that are final. */
  readonly settled: readonly HoledBar[];
}

/** What a history's bars are worth. */
export interface Finding {
  readonly proof: BackfillProof;
  /** Whether a bar was compared that tells of the times: one that is equal to its neighbour as well does not. */
  readonly isCompared: boolean;
  /** What a history disagrees with; nothing of it is used then. */
  readonly disagrees: string | undefined;
  /** The bars to emit, oldest first. */
  readonly repaired: readonly Kline[];
  /** When the bars of the hole open that the history did not give. */
  readonly missing: readonly number[];
}

/** Compares the bars of a history with what was received, and makes the bars that take the place of those with a hole. */
export const examine = (evidence: Evidence, history: ReadonlyMap<number, Kline>): Finding => {
  const { hole, live } = evidence;
  // What was seen wholly is better than any history.
  const settled = evidence.settled.filter(({ bucket }) => live.get(bucket.openTime)?.coverage !== 1);
  const volume = volumeProof(evidence, history);
  const overlap = overlapOf(evidence, history, volume.slack);
  const disagreement = overlap.find(({ differs }) => differs !== undefined)?.differs ?? volume.excess;
  const agreed = overlap.filter(({ differs }) => differs === undefined).length;
  const proof: BackfillProof = {
    volume: volume.proof,
    ...(volume.proof === 'short' && { unexplained: volume.unexplained }),
    overlap: { compared: overlap.length, agreed },
  };
  const isCompared = overlap.some(({ agreement }) => agreement !== 'by chance');
  const lacks = settled.filter(({ bucket }) => !history.has(bucket.openTime)).map(({ bucket }) => bucket.openTime);
  const missing = volume.proof === 'whole' ? [] : lacks;
  if (disagreement !== undefined) {
    const all = hole.bars.map(({ bucket }) => bucket.openTime);
    return { proof, isCompared, disagrees: disagreement, repaired: [], missing: all };
  }
  const last = settled.filter(({ bucket }) => history.has(bucket.openTime)).at(-1);
  const left = volume.proof === 'short' ? Math.max(0, volume.unexplained) : 0;
  const repaired = settled.flatMap((bar) => {
    const kline = history.get(bar.bucket.openTime);
    return kline ? [repairedBar(bar, kline, live.get(bar.bucket.openTime), bar === last ? left : 0)] : [];
  });
  const doubted = evidence.before.find((bucket) => isInDoubt(hole, bucket));
  const [told, heard] = [history.get(doubted?.openTime ?? NaN), live.get(doubted?.openTime ?? NaN)];
  if (doubted && told && heard && !isEqualTo(heard, told))
    repaired.unshift(repairedBar({ bucket: doubted, coverage: heard.coverage }, told, heard, 0));
  const { figureIn } = hole;
  const isBehind = figureIn !== undefined && !hole.bars.some(({ bucket }) => bucket.openTime === figureIn.openTime);
  if (isBehind && volume.proof === 'whole') {
    // Its figure told of what was missed in the hole, which is explained now.
    const [kline, seen] = [history.get(figureIn.openTime), live.get(figureIn.openTime)];
    if (kline && seen && seen.missedVolume > 0)
      repaired.push(repairedBar({ bucket: figureIn, coverage: seen.coverage }, kline, seen, 0));
  }
  return { proof, isCompared, disagrees: undefined, repaired, missing };
};

/** What was executed so many milliseconds before the link was last heard may have been on its way, and lost with it. */
const ON_ITS_WAY = 5_000;

/** Whether a bar before the hole may lack its last executions, though the link was live in all of it. */
const isInDoubt = ({ spans }: Hole, { closeTime }: Bucket): boolean =>
  spans.some(({ from }) => from >= closeTime && from < closeTime + ON_ITS_WAY);

const repairedBar = (
  { bucket, coverage }: HoledBar,
  kline: Kline,
  live: Kline | undefined,
  missedVolume: number,
): Kline =>
  klineOf(kline, kline.interval, bucket, {
    ...kline,
    closed: true,
    revision: (live?.revision ?? -1) + 1,
    coverage: live?.coverage ?? coverage,
    missedVolume,
    source: 'backfill',
  });

interface VolumeProof {
  readonly proof: BackfillProof['volume'];
  readonly unexplained: number;
  /** What is wrong with a history that says more than the figure does. */
  readonly excess: string | undefined;
  /** Whether what is unexplained may be volume of a sampled feed that lies just beyond the edges of the hole. */
  readonly slack: boolean;
}

/** What the figure grew by across the hole and the bars say, beside what the history says of the same time. */
const volumeProof = (
  { hole, live, before, firstGrowth, firstFigureIn }: Evidence,
  history: ReadonlyMap<number, Kline>,
): VolumeProof => {
  const { hasFigure, figureIn, bars, provenFrom: first } = hole;
  if (!hasFigure || figureIn === undefined) return { proof: 'none', unexplained: 0, excess: undefined, slack: false };
  const until = Math.max(figureIn.openTime, bars.at(-1)?.bucket.openTime ?? 0);
  let [counted, given, biggest] = [0, 0, 0];
  for (const openTime of new Set([...live.keys(), ...history.keys()])) {
    if (openTime < first || openTime > until) continue;
    const seen = live.get(openTime);
    const known = seen ? plus(seen.volume, seen.missedVolume) : 0;
    counted = plus(counted, known);
    given = plus(given, history.get(openTime)?.volume ?? (seen?.coverage === 1 ? known : 0));
    biggest = Math.max(biggest, counted, given);
  }
  for (const bucket of before) {
    const [seen, told] = [live.get(bucket.openTime), history.get(bucket.openTime)];
    // The figure tells of what was on its way as well.
    if (seen && told && isInDoubt(hole, bucket))
      given = plus(given, Math.max(0, minus(told.volume, plus(seen.volume, seen.missedVolume))));
  }
  const unexplained = minus(counted, given);
  if (Math.abs(unexplained) <= biggest * EXACT)
    return { proof: 'whole', unexplained: 0, excess: undefined, slack: true };
  if (first === firstFigureIn && unexplained < 0) {
    const before = minus(history.get(first)?.volume ?? 0, live.get(first)?.volume ?? 0);
    // So much may have been traded before the first figure.
    if (-unexplained <= before + biggest * EXACT)
      return { proof: 'none', unexplained: 0, excess: undefined, slack: true };
  }
  const edges = plus(firstGrowth.get(first) ?? 0, growthBehind(firstGrowth, until));
  const slack = Math.abs(unexplained) <= edges;
  const excess =
    unexplained < 0 && !slack
      ? `the history has ${given} of volume in the hole, and the day's figure tells of ${counted}; ask for bars in the feed's unit`
      : undefined;
  return { proof: 'short', unexplained, excess, slack };
};

/** Figures of one volume are no further apart than this share. */
const EXACT = 1e-9;

/** What each bar beside the hole that was seen wholly says to the history: nothing, or what they do not agree on. */
const overlapOf = (
  { live, before, after, firstGrowth, hole }: Evidence,
  history: ReadonlyMap<number, Kline>,
  slack: boolean,
): readonly Word[] => {
  const wordOn = (bucket: Bucket): Word | undefined => {
    const { openTime } = bucket;
    const [seen, said] = [live.get(openTime), history.get(openTime)];
    if (!seen || !said) return undefined;
    const next = growthBehind(firstGrowth, openTime);
    const edges = slack ? { before: firstGrowth.get(openTime) ?? 0, after: next } : { before: 0, after: 0 };
    const isEqual = isEqualTo(seen, said);
    const length = seen.closeTime - seen.openTime;
    const neighbours = [history.get(openTime - length), history.get(openTime + length)];
    const alike = neighbours.find((other) => other && isEqualTo(seen, other));
    const moved = isEqual ? undefined : alike;
    const differs = moved
      ? shifted(seen, moved)
      : disagreement(seen, said, hole.hasFigure, { ...edges, isOpen: isInDoubt(hole, bucket) });
    return { differs, agreement: !isEqual ? 'in part' : alike ? 'by chance' : 'plain' };
  };
  return [before, after].flatMap((buckets) => {
    const words = buckets.map(wordOn).filter((word) => word !== undefined);
    // A bar that is equal says enough. One that may be so by chance is compared with the others.
    return words[0]?.agreement === 'plain' ? words.slice(0, 1) : words;
  });
};

const isEqualTo = (one: Kline, other: Kline): boolean => compared.every((name) => one[name] === other[name]);

const shifted = (seen: Kline, moved: Kline): string =>
  `the history has other times: its bar of ${textOf(moved)} is what was received as that of ${textOf(seen)}`;

const textOf = ({ openTime }: Kline): string => new Date(openTime).toISOString();

/** What a bar says to a history. */
interface Word {
  /** What they do not agree on. */
  readonly differs: string | undefined;
  /** Whether they are equal, and no other bar is; may be so by chance, as another bar is as well; or are not equal. */
  readonly agreement: 'plain' | 'by chance' | 'in part';
}

const compared = ['open', 'high', 'low', 'close', 'volume'] as const;

/** By how much the figure had grown when it first came in a bar behind this one. */
const growthBehind = (firstGrowth: Evidence['firstGrowth'], openTime: number): number => {
  const next = [...firstGrowth.keys()].filter((other) => other > openTime);
  return firstGrowth.get(Math.min(...next)) ?? 0;
};

/** Volume in shares is so many times that in lots. */
const LOT = 100;

interface Edges {
  /** Volume that the live bar counts, and that may be of the bar before. */
  readonly before: number;
  /** Volume that the bar behind it counts, and that may be of this one. */
  readonly after: number;
  /** Whether its last executions may have been lost on their way. */
  readonly isOpen: boolean;
}

/** On what a bar seen wholly and the same bar of a history do not agree. */
const disagreement = (seen: Kline, said: Kline, hasFigure: boolean, edges: Edges): string | undefined => {
  const at = `the bar of ${textOf(seen)}`;
  const differs = (name: string, given: number, known: number): string =>
    `the history disagrees with what was received: ${name} of ${at} is ${given}, received was ${known}; ask for unadjusted bars in the feed's unit`;
  if (seen.source === 'provider') {
    const other = compared.find((name) => seen[name] !== said[name]);
    return other && differs(other, said[other], seen[other]);
  }
  if (said.high < seen.high) return differs('the high', said.high, seen.high);
  if (said.low > seen.low) return differs('the low', said.low, seen.low);
  if (seen.close > said.high || seen.close < said.low) return differs('the close', said.close, seen.close);
  const volume = plus(seen.volume, seen.missedVolume);
  const least = hasFigure && seen.source === 'quotes' ? volume - edges.before : volume;
  const most = hasFigure && !edges.isOpen ? volume + (seen.source === 'quotes' ? edges.after : 0) : Infinity;
  const rounding = Math.max(volume, said.volume) * EXACT;
  const isOfAnotherUnit = Math.abs(said.volume - volume * LOT) <= rounding && volume > 0;
  if (said.volume < least - rounding || said.volume > most + rounding || isOfAnotherUnit)
    return differs('the volume', said.volume, volume);
  return undefined;
};

/** Whether two bars say the same, so that nothing new is said. */
export const isSameBar = (one: Kline | undefined, other: Kline): boolean =>
  one !== undefined && one.missedVolume === other.missedVolume && isSameTrading(one, other);
