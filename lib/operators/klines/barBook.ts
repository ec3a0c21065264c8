import type { Bucket } from '../../model/calendar/bucketing.js';
import { oneZero } from '../../model/figure.js';
import type { Interval } from '../../model/interval.js';
import type { Kline } from '../../model/marketEvent.js';
import { isTime } from '../../model/moment.js';
import { catchUp, expectNothing } from './addNext.js';
import { emptyBar, flatten, volumeOf, type Bar } from './Bar.js';
import { hoursBySymbol } from './bucketsBySymbol.js';
import { presenceOf } from './feedTable.js';
import { volumeSince } from './figures.js';
import type { KlineSettings } from './KlineOptions.js';
import { coverageOf, isAbsent } from './link.js';
import { carriedFrom, following, keep, newestOf, type Series } from './Series.js';
import { checkNextAt, settledDelay } from './timing.js';
import { forgetBar } from './holes.js';

/** What the bars ask of whoever has a clock, and where they go. */
export interface Outlet {
  readonly emit: (kline: Kline) => void;
  /** A bar is due at this moment. */
  readonly closeAt: (time: number) => void;
  /** A forming bar waits for the next beat. */
  readonly beat: () => void;
  /** The clock; it stands still where there is none. */
  readonly now?: (() => number) | undefined;
  /** How far it is ahead of the clock of receipt, as that was set back. */
  readonly ahead?: (() => number) | undefined;
}

/** As many flat bars are carried by one event, or one look at the clock: a day of the shortest. */
const LEAP = 1_440;

/** Opens, closes, corrects and emits the bars of all symbols. */
export const barBook = (interval: Interval, settings: KlineSettings, outlet: Outlet) => {
  const { grace, horizon, empty, forming: pace } = settings;
  let waiting: Series[] = [];

  const coverage = (series: Series, { bucket, receivedAt, source }: Bar): number =>
    coverageOf(presenceOf(series, source), receivedAt, bucket, settledDelay(series));

  const emit = (series: Series, bar: Bar): void => {
    catchUp(series);
    bar.coverage = coverage(series, bar);
    outlet.emit({
      kind: 'kline',
      provider: series.provider,
      feed: series.feedName,
      symbol: series.symbol,
      time: oneZero(bar.time),
      // A trade that plainly follows is not asked for it.
      receivedAt: oneZero(isTime(bar.receivedAt) ? bar.receivedAt : bar.time),
      interval,
      openTime: oneZero(bar.bucket.openTime),
      closeTime: oneZero(bar.bucket.closeTime),
      open: oneZero(bar.open),
      high: oneZero(bar.high),
      low: oneZero(bar.low),
      close: oneZero(bar.close),
      volume: oneZero(volumeOf(bar)),
      turnover: oneZero(bar.turnover),
      trades: oneZero(bar.trades),
      closed: bar.closed,
      revision: Math.max(bar.revision, 0),
      coverage: bar.coverage,
      source: bar.source,
      missedVolume: oneZero(bar.missedVolume),
    });
  };

  const emitClosed = (series: Series, bar: Bar): void => {
    bar.revision++;
    emit(series, bar);
  };

  /** When the clock closes a bar. */
  const dueOf = ({ lag }: Series, { bucket }: Bar): number => bucket.settleTime + grace + lag;

  const open = (series: Series, bar: Bar): Bar => {
    series.forming = bar;
    checkNextAt(series, bar.until);
    outlet.closeAt(dueOf(series, bar));
    return bar;
  };

  const settle = (series: Series, bar: Bar): void => {
    bar.closed = true;
    const forgotten = keep(series, bar, horizon);
    if (!forgotten) return;
    forgetBar(series.volumes, forgotten);
    if (series.earlier) forgetBar(series.earlier, forgotten);
  };

  const close = (series: Series, bar: Bar): void => {
    expectNothing(series);
    series.forming = undefined;
    series.checkAt = -Infinity;
    settle(series, bar);
    // Before anybody hears of the close, who may bring about the next trade.
    if (empty === 'carry') open(series, emptyBar(following(series, bar.bucket), bar.close, bar.receivedAt));
    emitClosed(series, bar);
  };

  /** Closes a bar that is over, the latest of so many flat ones in a row; returns how many these are now. */
  const pass = (series: Series, bar: Bar, flats: number): number => {
    const isFlat = bar.source === 'empty';
    if (!isFlat || flats < LEAP) close(series, bar);
    // Times that made such a leap are no reason to make all the bars in it.
    else series.forming = undefined;
    return isFlat ? flats + 1 : flats;
  };

  /** Says that a bar changed. */
  const changed = (series: Series, bar: Bar): void => {
    if (bar.closed) emitClosed(series, bar);
    else if (pace === 'each') emit(series, bar);
    else if (pace !== false && !series.waiting) {
      series.waiting = true;
      waiting.push(series);
      outlet.beat();
    }
  };

  return {
    changed,
    dueOf,
    hoursOf: hoursBySymbol(interval, settings.calendar),
    close,

    /** The volume of the trades since a moment, as far as the bars in memory tell. */
    seenSince: ({ kept, forming: bar, unplaced }: Series, from: number): number | undefined => {
      if (kept.length >= horizon && (kept[0]?.since ?? 0) > from) return undefined;
      if (unplaced) return unplaced.time < from ? 0 : unplaced.volume;
      return volumeSince(bar ? [...kept, bar] : kept, from);
    },

    /** The bar of a moment that is no earlier than the forming bar: closes what ended before it. Undefined if late. */
    advance: (series: Series, bucket: Bucket, price: number, receivedAt: number): Bar | undefined => {
      let flats = 0;
      while (series.forming && series.forming.bucket.openTime < bucket.openTime) {
        flats = pass(series, series.forming, flats);
      }
      const newest = newestOf(series);
      if (newest === undefined || newest.bucket.openTime < bucket.openTime)
        return open(series, emptyBar(bucket, price, receivedAt));
      return newest === series.forming && newest.bucket.openTime === bucket.openTime ? newest : undefined;
    },

    /** Closes what is due until a moment. */
    closeUntil: (series: Series, until: number): void => {
      let flats = 0;
      while (series.forming && dueOf(series, series.forming) <= until) flats = pass(series, series.forming, flats);
    },

    /** The closed bar of an earlier bucket, made now if it was skipped; undefined beyond the horizon. */
    closedBar: (series: Series, bucket: Bucket, price: number, receivedAt: number): Bar | undefined => {
      const { kept } = series;
      const found = kept.find((bar) => bar.bucket.openTime === bucket.openTime);
      if (found || (kept.length >= horizon && bucket.openTime < (kept[0]?.bucket.openTime ?? 0))) return found;
      const bar = emptyBar(bucket, price, receivedAt);
      settle(series, bar);
      return bar;
    },

    /** Says that a closed bar has another close now, and corrects the flat bars that carried the old one. */
    corrected: (series: Series, bar: Bar): void => {
      emitClosed(series, bar);
      for (const flat of carriedFrom(series, bar)) {
        if (flat.source !== 'empty') return;
        if (flat.close === bar.close) continue;
        flatten(flat, bar.close);
        if (flat.closed) emitClosed(series, flat);
      }
    },

    /** Emits the closed bars again whose coverage turned out to be another, once it is known when the hole ended. */
    recover: (series: Series, isFinal: boolean): void => {
      expectNothing(series);
      for (const bar of [...series.kept]) {
        if (!isFinal && isAbsent(presenceOf(series, bar.source))) continue;
        if (coverage(series, bar) !== bar.coverage) emitClosed(series, bar);
      }
    },

    /** Emits the forming bars that changed since the last beat. */
    beat: (): void => {
      const due = waiting;
      waiting = [];
      for (const series of due) {
        series.waiting = false;
        if (series.forming && !isUntouched(series.forming)) emit(series, series.forming);
      }
    },
  };
};

/** A carried bar in which nothing happened yet. */
const isUntouched = ({ source, volume, missedVolume }: Bar): boolean =>
  source === 'empty' && volume === 0 && missedVolume === 0;

export type BarBook = ReturnType<typeof barBook>;
