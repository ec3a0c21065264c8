import type { MarketEvent } from '../../model/marketEvent.js';
import { minus, plus } from '../../model/exact.js';
import { addSize, volumeOf, type Bar } from './Bar.js';
import { presenceOf, type Served, type Source } from './source.js';
import { wasThere, wasThereBefore, type Presence } from './link.js';
import { volumesAt, type DayFigures } from './dayFigures.js';
import { fastBy, type Timing } from './timing.js';
import { latestOf, sizeAfter, type Recent } from './repeats.js';
import { beginAtZero, countProof, growthTo, isNone, slackOf, type Growth, type Volumes } from './Volumes.js';

/** The figures of a symbol, and the link they come over. */
export interface Followed extends DayFigures, Recent, Pick<Timing, 'lag' | 'delay'> {
  readonly source: Omit<Source<unknown>, 'symbols'>;
  readonly served: Served;
  madeOf: keyof Served;
  losses: number;
}

const presenceFor = (series: Followed, { kind }: MarketEvent): Presence =>
  presenceOf(series, kind === 'trade' ? 'trades' : 'quotes');

/** Whether it was there before a moment, by what an event tells. */
const wasThereAt = (series: Followed, event: MarketEvent, moment: number): boolean =>
  wasThereBefore(presenceFor(series, event), moment + fastBy(series), event.receivedAt + series.source.ahead());

/**
 * The figures of the trading day of an event. Those of a symbol that is new count from zero if it was wanted since
 * before the day began, and what was seen of it is known.
 */
export const figuresAt = <S extends Followed>(
  series: S,
  event: MarketEvent,
  seenSince: (series: S, from: number) => number | undefined,
): Volumes | undefined => {
  const volumes = volumesAt(series, event.time);
  if (volumes === undefined || volumes.figure !== undefined) return volumes;
  const { opens, from } = volumes;
  if (event.time < opens || !wasThereAt(series, event, opens)) return volumes;
  const seen = seenSince(series, from);
  if (seen === undefined) return volumes;
  beginAtZero(volumes, from);
  // The first figure was seen to grow if the link was live since then, whenever the symbol was first heard of.
  series.losses = -1;
  goAhead(series, volumes, seen);
  return volumes;
};

/** Whether growth was seen: across a loss of the link it was not, but before the day began there is nothing to lose. */
export const wasSeen = (series: Followed, { from, opens }: Volumes, growth: Growth, event: MarketEvent): boolean => {
  // A corrected figure tells nothing of a loss: the growth after it still reaches across that.
  if (isNone(growth) || growth.turn === 'fall') return true;
  const isSame = series.losses === series.source.losses;
  series.losses = series.source.losses;
  if (isSame || growth.after === -Infinity) return true;
  return growth.after === from && wasThere(presenceFor(series, event), opens + fastBy(series), event);
};

export const addGrowth = (bar: Bar, { from, to }: Growth, isSeen: boolean): void => {
  const traded = minus(to, from);
  if (isSeen) addSize(bar, traded);
  else bar.missedVolume = plus(bar.missedVolume, traded);
};

/**
 * Counts a figure that proves what was missed besides the trades that were seen. Of those before the first figure that
 * tell no figure of their own, later ones are not in it.
 */
export const countFigure = (recent: Recent, volumes: Volumes, bar: Bar, volume: number, time: number): void => {
  const isFirst = volumes.figure === undefined;
  countProof(volumes, bar, volume, time);
  if (isFirst) goAhead(recent, volumes, sizeAfter(recent, time));
};

/** Trades were seen that the last figure does not have. */
const goAhead = (recent: Recent, volumes: Volumes, seen: number): void => {
  volumes.ahead = seen;
  if (seen > 0) volumes.aheadAt = latestOf(recent);
};

/** Takes a figure before there is a bar: the first one is where counting begins, and proves nothing. */
export const beginAtFigure = (recent: Recent, volumes: Volumes, volume: number, time: number): void => {
  growthTo(volumes, volume, time);
  goAhead(recent, volumes, sizeAfter(recent, time));
};

/** The volume that bars have of the trades since a moment; undefined where one of them reaches further back. */
export const volumeSince = (bars: readonly Bar[], from: number): number | undefined => {
  let seen = 0;
  for (const bar of bars) {
    if (bar.until <= from) continue;
    if (bar.bucket.openTime < from - 86_400_000) return undefined;
    seen = plus(seen, volumeOf(bar));
  }
  return seen;
};

/** Whether a figure plainly grew since the last one, and nothing else was seen: so it is with all trades that tell no size. */
export const isNextFigure = (volumes: Volumes, next: number, time: number): boolean => {
  const { figure, at, ahead, isAhead, until } = volumes;
  if (figure === undefined || ahead !== 0 || isAhead || !(time >= at && time < until)) return false;
  return Number.isSafeInteger(next) && Number.isSafeInteger(figure) && next - figure > slackOf(volumes, next);
};

/** Moves on to a figure that `isNextFigure`, as `growthTo` does; returns what was traded. */
export const takeFigure = (volumes: Volumes, figure: number, time: number): number => {
  const traded = figure - (volumes.figure ?? figure);
  if (time > volumes.at) volumes.before = volumes.at;
  volumes.steps = 0;
  volumes.doubted = undefined;
  volumes.figure = figure;
  volumes.at = time;
  volumes.isAhead = volumes.aheadAt > time;
  return traded;
};
