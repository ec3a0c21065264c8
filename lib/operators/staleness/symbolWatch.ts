import type { Calendar } from '../../model/calendar/Calendar.js';
import type { Span } from '../../model/calendar/sessionDays.js';
import { spanAt } from '../../model/calendar/tradingTime.js';
import type { QuoteStatus } from '../../model/marketEvent.js';
import { learn, type Threshold } from './threshold.js';
import type { AdaptiveSilence } from './StalenessOptions.js';

/** What can be said of a symbol that has been heard. */
export type SymbolState = 'fresh' | 'stale' | 'closed' | 'halted';

/**
 * The silence of one symbol in the trading time of its venue. Moments are epoch ms and never go back, but by `shiftWatch`.
 *
 * Plain data: with a closure for each thing that can be asked, ten thousand symbols do not fit into the cache.
 */
export interface SymbolWatch {
  readonly calendar: Calendar;
  readonly threshold: Threshold;
  hours: Span;
  /** When its last event came. */
  since: number;
  /** When its silence began: then, or when the link was heard again after it was lost. */
  from: number;
  /** Silence in the hours that have passed. */
  before: number;
  isCut: boolean;
  standing: 'halted' | 'closed' | undefined;
  closedUntil: number | undefined;
}

/** A symbol whose first event has just come. */
export const newWatch = (calendar: Calendar, threshold: Threshold, first: number): SymbolWatch => ({
  calendar,
  threshold,
  hours: spanAt(calendar, first),
  since: first,
  from: first,
  before: 0,
  isCut: false,
  standing: undefined,
  closedUntil: undefined,
});

export const hear = (watch: SymbolWatch, adaptive: AdaptiveSilence | undefined, now: number): void => {
  moveTo(watch, now);
  if (adaptive && !watch.isCut && isTrading(watch, now)) learn(watch.threshold, adaptive, silenceAt(watch, now));
  watch.since = now;
  watch.from = now;
  watch.before = 0;
  watch.isCut = false;
};

/** The clock was set by so many ms, to `now`. The silence so far stays; the hours are those of the new time. */
export const shiftWatch = (watch: SymbolWatch, by: number, now: number): void => {
  watch.since += by;
  watch.from += by;
  watch.hours = spanAt(watch.calendar, now);
};

/** Takes the vendor's word; that it is closed holds until its venue next opens. */
export const believe = (watch: SymbolWatch, status: QuoteStatus, now: number): void => {
  const { from } = watch.hours;
  const isClosed = status === 'closed' || status === 'lunch_break';
  watch.standing = status === 'halted' ? 'halted' : status === 'delisted' ? 'closed' : undefined;
  watch.closedUntil = !isClosed ? undefined : now < from ? from : Infinity;
};

/** The link is lost, and with it all trust up to the next event. */
export const cut = (watch: SymbolWatch): void => {
  watch.isCut = true;
};

/** The link is heard again: a symbol that was cut off has its whole time to speak. */
export const excuse = (watch: SymbolWatch, now: number): void => {
  moveTo(watch, now);
  watch.from = now;
  watch.before = 0;
};

/** Whether it is stale for no other reason than that its link was lost. */
export const isExcused = (watch: SymbolWatch, now: number): boolean =>
  watch.isCut && silenceAt(watch, now) < watch.threshold.length;

/** Its silence is its own. */
export const blame = (watch: SymbolWatch): void => {
  watch.isCut = false;
};

export const stateAt = (watch: SymbolWatch, now: number): SymbolState => {
  moveTo(watch, now);
  if (!isTrading(watch, now)) return watch.standing ?? 'closed';
  return watch.isCut || silenceAt(watch, now) >= watch.threshold.length ? 'stale' : 'fresh';
};

/** When its state may change without an event; later than now unless it has been silent for `forgetAfter` ms. */
export const dueAt = (watch: SymbolWatch, forgetAfter: number, now: number): number => {
  const { hours, before, threshold } = watch;
  if (now < hours.from) return hours.from;
  const isOverdue = silenceAt(watch, now) >= threshold.length;
  return Math.min(hours.to, silentFrom(watch) - before + (isOverdue ? forgetAfter : threshold.length));
};

export const isIdleAt = (watch: SymbolWatch, forgetAfter: number, now: number): boolean => {
  moveTo(watch, now);
  return silenceAt(watch, now) >= forgetAfter;
};

const isTrading = ({ standing, hours, closedUntil }: SymbolWatch, now: number): boolean =>
  standing === undefined && now >= hours.from && (closedUntil === undefined || now >= closedUntil);

const silentFrom = ({ from, hours }: SymbolWatch): number => Math.max(from, hours.from);

const silenceAt = (watch: SymbolWatch, now: number): number => watch.before + Math.max(0, now - silentFrom(watch));

const moveTo = (watch: SymbolWatch, now: number): void => {
  while (now >= watch.hours.to) {
    const { to } = watch.hours;
    const next = spanAt(watch.calendar, to);
    watch.before = silenceAt(watch, to);
    if (watch.closedUntil === Infinity && next.from > to) watch.closedUntil = next.from;
    watch.hours = next;
  }
};
