import { bucketing, nextBucket, type Backfilled, type Kline, type Span } from 'rxtape';
import type { SymbolBars } from './bars';
import { calendar } from './feeds';
import * as format from './format';

/** What is the matter with a minute. */
type State =
  /** All of it was received, or it is of the history. */
  | 'whole'
  /** A hole, and the history gave the bar. */
  | 'repaired'
  /** We came in its middle, or never saw it. */
  | 'seen in part'
  | 'hole, link lost'
  | 'hole, being repaired'
  | 'hole, given up';

/** A minute of the chart; without a bar it is white. */
export interface Minute {
  readonly openTime: number;
  readonly bar: Kline | undefined;
  readonly state: State;
  /** What became of the hole that it lies in. */
  readonly repair: Backfilled | undefined;
}

/** Minutes beside each other that are in one state. */
export interface Stretch {
  readonly state: State;
  /** When the first and the last of them open. */
  readonly first: number;
  readonly last: number;
}

const bucketOf = bucketing('1m', calendar);

/** Every minute of trading time from the first bar to the last, so that no bar stands beside one that is not its neighbour. */
export const minutesOf = (known: SymbolBars, gaps: readonly Span[]): readonly Minute[] => {
  const minutes: Minute[] = [];
  let bucket = bucketOf(known.bars[0]?.openTime ?? 0);
  for (const bar of known.bars) {
    for (; bucket.openTime < bar.openTime; bucket = nextBucket(bucketOf, bucket)) {
      minutes.push(minute(bucket.openTime, undefined, known, gaps));
    }
    minutes.push(minute(bar.openTime, bar, known, gaps));
    bucket = nextBucket(bucketOf, bucketOf(bar.openTime));
  }
  return minutes;
};

const minute = (
  openTime: number,
  bar: Kline | undefined,
  { repairs, since }: SymbolBars,
  gaps: readonly Span[],
): Minute => {
  const gap = gaps.findLast(({ from, to }) => from < openTime + MINUTE && to > openTime);
  const repair = repairs.findLast(({ from, to }) => from <= openTime && to > openTime);
  const found = (): State => {
    if (bar?.source === 'backfill') return openTime < since ? 'whole' : 'repaired';
    if (gap?.to === Infinity) return 'hole, link lost';
    if (repair) return repair.missing.includes(openTime) ? 'hole, given up' : 'whole';
    if (gap) return 'hole, being repaired';
    return bar?.coverage === 1 ? 'whole' : 'seen in part';
  };
  const state = found();
  // A minute of which nothing was received has a bar that is none.
  const isEmpty = bar?.source === 'empty' && bar.coverage === 0 && state !== 'whole';
  return { openTime, bar: isEmpty ? undefined : bar, state, repair };
};

/** Whether something is missing there. */
export const isLacking = ({ state }: Pick<Minute, 'state'>): boolean => state !== 'whole' && state !== 'repaired';

const MINUTE = 60_000;

export const stretchesOf = (minutes: readonly Minute[]): readonly Stretch[] =>
  minutes.reduce<Stretch[]>((all, { state, openTime }) => {
    const before = all.at(-1);
    if (before?.state === state) all[all.length - 1] = { ...before, last: openTime };
    else all.push({ state, first: openTime, last: openTime });
    return all;
  }, []);

/** `10:31–10:33 repaired: 3 bars, the day's volume agrees, 1 of 1 bars beside it agree` */
export const wordsOn = ({ from, to, outcome, bars, reason = '', proof }: Backfilled): string => {
  const span = `${format.minute(from)}–${format.minute(to)}`;
  const { compared, agreed } = proof.overlap;
  const volume = {
    whole: "the day's volume agrees",
    short: `${format.count(proof.unexplained ?? 0)} of the day's volume unexplained`,
    none: 'no volume to compare',
  }[proof.volume];
  const proven = `${bars} ${bars === 1 ? 'bar' : 'bars'}, ${volume}, ${agreed} of ${compared} bars beside it agree`;
  if (outcome === 'whole') return `${span} repaired: ${proven}`;
  return outcome === 'none' ? `${span} given up: ${reason}` : `${span} repaired in part: ${proven}; ${reason}`;
};
