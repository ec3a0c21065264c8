import { plus } from '../../model/exact.js';
import type { Quote, QuoteStatus, Trade } from '../../model/marketEvent.js';
import { wasSeen, type Followed } from './figures.js';
import type { LeftOut } from './hours.js';
import { volumesAt } from './dayFigures.js';
import { turnoverTo } from './turnover.js';
import { growthTo } from './Volumes.js';

/** Whether an event that says this phase is in no bar. One that says none goes by its time. */
export const isLeftOut = (without: LeftOut, phase: QuoteStatus | undefined): boolean =>
  phase !== undefined && without !== undefined && (without as readonly QuoteStatus[]).includes(phase);

/** Moves the day's figures past a trade or quote that is in no bar: the next one that is does not miss it. */
export const passOver = (series: Followed, event: Trade | Quote): void => {
  const { time, volume } = event;
  const volumes = volumesAt(series, time);
  if (volumes === undefined) return;
  if (volume === undefined) {
    if (event.kind === 'trade' && volumes.figure !== undefined) volumes.ahead = plus(volumes.ahead, event.size ?? 0);
    return;
  }
  const growth = growthTo(volumes, volume, time);
  wasSeen(series, volumes, growth, event);
  if (event.kind === 'quote' && event.turnover !== undefined) turnoverTo(volumes.turnover, event.turnover, growth.turn);
};
