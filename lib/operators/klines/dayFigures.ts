import type { PeriodOf } from './hours.js';
import { beginAtZero, endless, newVolumes, type Volumes } from './Volumes.js';

/** The cumulative figures of one symbol, by trading day. */
export interface DayFigures {
  readonly periodOf: PeriodOf;
  /** Those of the latest day. */
  volumes: Volumes;
  /** Those of the day before, for what comes late. */
  earlier: Volumes | undefined;
}

/** No moment is in it, so that the first event begins a day. */
const nowhere = { ...endless, from: Infinity, until: -Infinity };

/** The figures of a symbol of which none was heard. */
export const noVolumes = (): Volumes => newVolumes(nowhere);

/** Forgets all figures: what is told in another unit proves nothing. */
export const forgetFigures = (figures: DayFigures): void => {
  figures.volumes = noVolumes();
  figures.earlier = undefined;
};

/**
 * The figures of the trading day of a moment. A day after one that had figures begins at zero, by the calendar, whatever
 * its first figure is. Undefined for a day before the two that are remembered.
 */
export const volumesAt = (figures: DayFigures, time: number): Volumes | undefined => {
  const { volumes, earlier } = figures;
  if (time >= volumes.from && time < volumes.until) return volumes;
  if (time < volumes.from && volumes.from < Infinity)
    return earlier && time >= earlier.from && time < earlier.until ? earlier : undefined;
  const next = newVolumes(figures.periodOf(time));
  if (volumes.figure !== undefined) beginAtZero(next, next.from);
  figures.earlier = volumes;
  figures.volumes = next;
  return next;
};
