import { bucketing, nextBucket, type Backfilled, type Calendar, type Interval, type Kline, type Span } from 'rxtape';
import type { Bars, SymbolBars } from './bars';
import * as format from './format';

/** What is the matter with a bar. */
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

/** A place of the chart; without a bar it is white. */
export interface Slot {
  readonly openTime: number;
  readonly bar: Kline | undefined;
  readonly state: State;
  /** What became of the hole that it lies in. */
  readonly repair: Backfilled | undefined;
}

/** Slots beside each other that are in one state. */
export interface Stretch {
  readonly state: string;
  /** When the first and the last of them open. */
  readonly first: number;
  readonly last: number;
}

/** How the bars of a symbol lie in time, and until when they are due. */
export interface Frame {
  readonly interval: Interval;
  readonly calendar: Calendar;
  readonly zone: string;
  readonly now: number;
}

/** More than are drawn: what comes from elsewhere may have any time. */
const MOST = 2_000;

/** Every bar of trading time from the first to the last, so that none stands beside one that is not its neighbour. */
export const slotsOf = (
  known: SymbolBars,
  holes: Pick<Bars, 'gaps' | 'earlier'>,
  { interval, calendar, now }: Pick<Frame, 'interval' | 'calendar' | 'now'>,
): readonly Slot[] => {
  const slots: Slot[] = [];
  const first = known.bars[0];
  if (!first) return slots;
  const bucketOf = bucketing(interval, calendar);
  let bucket = bucketOf(first.openTime);
  const add = (bar: Kline | undefined): void => {
    slots.push(slot(bucket.openTime, bucket.closeTime, bar, known, holes));
    bucket = nextBucket(bucketOf, bucket);
  };
  for (const bar of known.bars) {
    while (bucket.openTime < bar.openTime && slots.length < MOST) add(undefined);
    bucket = bucketOf(bar.openTime);
    add(bar);
  }
  // While nothing comes the time goes on all the same.
  while (isLost(holes) && bucket.openTime <= now && slots.length < MOST) add(undefined);
  return slots;
};

const slot = (
  openTime: number,
  closeTime: number,
  bar: Kline | undefined,
  { repairs, since }: SymbolBars,
  { gaps, earlier }: Pick<Bars, 'gaps' | 'earlier'>,
): Slot => {
  const isHere = ({ from, to }: Span): boolean => from < closeTime && to > openTime;
  const gap = gaps.findLast(isHere);
  const before = earlier.findLast(isHere);
  const repair = repairs.findLast(({ from, to }) => from <= openTime && to > openTime);
  const found = (): State => {
    // What a page before this one missed is of the history as well, but is no less a hole that was repaired.
    if (bar?.source === 'backfill') return openTime < since && !before ? 'whole' : 'repaired';
    if (gap?.to === Infinity || before?.to === Infinity) return 'hole, link lost';
    if (repair) return repair.missing.includes(openTime) ? 'hole, given up' : 'whole';
    if (gap) return 'hole, being repaired';
    return bar?.coverage === 1 ? 'whole' : 'seen in part';
  };
  const state = found();
  // A bar of which nothing was received is none.
  const isEmpty = bar?.source === 'empty' && bar.coverage === 0 && state !== 'whole';
  return { openTime, bar: isEmpty ? undefined : bar, state, repair };
};

/** Whether a hole is open, of this page or of one before it. */
export const isLost = ({ gaps, earlier }: Pick<Bars, 'gaps' | 'earlier'>): boolean =>
  gaps.at(-1)?.to === Infinity || earlier.at(-1)?.to === Infinity;

/** Whether something is missing there. */
export const isLacking = ({ state }: { readonly state: string }): boolean => state !== 'whole' && state !== 'repaired';

/** Neighbours that are alike, as one. */
export const stretchesOf = <S extends { readonly openTime: number }>(
  slots: readonly S[],
  stateOf: (slot: S) => string,
): readonly Stretch[] => {
  const all: Stretch[] = [];
  for (const one of slots) {
    const [state, before] = [stateOf(one), all.at(-1)];
    if (before?.state === state) all[all.length - 1] = { ...before, last: one.openTime };
    else all.push({ state, first: one.openTime, last: one.openTime });
  }
  return all;
};

/** `10:31–10:33 repaired: 3 bars, the day's volume agrees, 1 of 1 bars beside it agree` */
export const wordsOn = ({ from, to, outcome, bars, reason = '', proof }: Backfilled, zone: string): string => {
  const span = `${format.minute(from, zone)}–${format.minute(to, zone)}`;
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
