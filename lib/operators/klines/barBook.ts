import type { Bucket } from '../../model/calendar/bucketing.js';
import { klineOf } from '../../model/kline.js';
import type { Kline } from '../../model/marketEvent.js';
import { isTime } from '../../model/moment.js';
import { sharesOf } from '../../model/venue.js';
import { catchUp, expectNothing } from './addNext.js';
import { emptyBar, flatten, settle, takeKline, type Bar } from './Bar.js';
import type { Boundary } from './boundary.js';
import { hoursBySymbol } from './hours.js';
import { presenceOf } from './source.js';
import { volumeSince } from './figures.js';
import type { KlineSettings } from './KlineOptions.js';
import { coverageOf, isAbsent, type BarSpan } from './link.js';
import type { Outlet } from './onTheClock.js';
import { carriedFrom, following, keep, newestOf, type Series } from './Series.js';
import { checkNextAt, settledLag } from './timing.js';
import { forgetBar } from './holes.js';

interface Timed {
  readonly time: number;
  readonly receivedAt: number;
}

/** As many flat bars are carried by one event, or one look at the clock: a day of the shortest. */
const LEAP = 1_440;

/** Opens, closes, corrects and emits the bars of all symbols. */
export const barBook = <I extends string>(
  { interval, bucket: within, isFull }: Boundary<I>,
  settings: KlineSettings,
  outlet: Outlet<Kline<I>>,
) => {
  const { grace, horizon, empty, forming: pace } = settings;
  const isCounted = isFull !== undefined;
  let waiting: Series[] = [];

  /** The time of a bar: that of its bucket, or of a counted bar from its first execution to its last. */
  const spanOf = isCounted ? spanOfCounted : ({ bucket }: Bar): BarSpan => bucket;

  const coverage = (series: Series, bar: Bar, span: BarSpan): number =>
    coverageOf(presenceOf(series, bar.source), bar.receivedAt + series.source.ahead(), span, settledLag(series));

  const emit = (series: Series, bar: Bar): void => {
    catchUp(series);
    const span = spanOf(bar);
    if (bar.source !== 'backfill') bar.coverage = coverage(series, bar, span);
    // A trade that plainly follows is not asked for it.
    if (!isTime(bar.receivedAt)) bar.receivedAt = bar.time;
    settle(bar, bar.source === 'quotes' ? sharesOf(series.symbol, series.quote?.sizeUnit) : undefined);
    const kline = klineOf(series, interval, span, bar);
    outlet.emit(bar.left === undefined ? kline : { ...kline, left: bar.left });
  };

  const emitClosed = (series: Series, bar: Bar): void => {
    bar.revision++;
    emit(series, bar);
  };

  /** When the clock closes a bar. A counted one that opened after the last close waits for the next day. */
  const dueOf = ({ lag }: Series, { bucket, openedAt }: Bar): number =>
    (isCounted && openedAt >= bucket.settleTime ? bucket.until : bucket.settleTime) + grace + lag;

  const open = (series: Series, bar: Bar): Bar => {
    series.forming = bar;
    bar.left = series.left;
    series.left = undefined;
    checkNextAt(series, bar.until);
    outlet.closeAt(dueOf(series, bar));
    return bar;
  };

  const forgetHoles = ({ volumes, earlier }: Series, bar: Bar): void => {
    forgetBar(volumes, bar);
    if (earlier) forgetBar(earlier, bar);
  };

  const retire = (series: Series, bar: Bar): void => {
    bar.closed = true;
    const forgotten = keep(series, bar, horizon);
    // What comes late for a counted bar still tells that it was not counted before.
    if (forgotten && !isCounted) forgetHoles(series, forgotten);
  };

  const close = (series: Series, bar: Bar): void => {
    expectNothing(series);
    series.forming = undefined;
    series.checkAt = -Infinity;
    retire(series, bar);
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

  /** Says that a bar changed. Of a counted one that is closed no more is said. */
  const changed = (series: Series, bar: Bar): void => {
    if (bar.closed) {
      if (!isCounted) emitClosed(series, bar);
    } else if (pace === 'each') emit(series, bar);
    else if (pace !== false && !series.waiting) {
      series.waiting = true;
      waiting.push(series);
      outlet.beat();
    }
  };

  /** Says that a closed bar has another close now, and corrects the flat bars that carried the old one. */
  const corrected = (series: Series, bar: Bar): void => {
    emitClosed(series, bar);
    for (const flat of carriedFrom(series, bar)) {
      if (flat.source !== 'empty') return;
      if (flat.close === bar.close) continue;
      flatten(flat, bar.close);
      if (flat.closed) emitClosed(series, flat);
    }
  };

  return {
    changed,
    dueOf,
    hoursOf: hoursBySymbol(within, settings.calendar),
    close,

    /** The volume of the trades since a moment, as far as the bars in memory tell. */
    seenSince: ({ kept, forming: bar, unplaced }: Series, from: number): number | undefined => {
      if (isCounted && kept.length > 0) return undefined;
      if (kept.length >= horizon && (kept[0]?.since ?? 0) > from) return undefined;
      if (unplaced) return unplaced.time < from ? 0 : unplaced.volume;
      return volumeSince(bar ? [...kept, bar] : kept, from);
    },

    /** The bar of a moment that is no earlier than the forming bar: closes what ended before it. Undefined if late. */
    advance: (series: Series, bucket: Bucket, price: number, { time, receivedAt }: Timed): Bar | undefined => {
      let flats = 0;
      while (series.forming && series.forming.bucket.openTime < bucket.openTime) {
        flats = pass(series, series.forming, flats);
      }
      const newest = newestOf(series);
      if (newest === undefined || newest.bucket.openTime < bucket.openTime || (isCounted && newest.closed))
        return open(series, emptyBar(bucket, price, receivedAt, isCounted ? time : bucket.openTime));
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
      retire(series, bar);
      return bar;
    },

    corrected,

    /** Puts a bar of the history in the place of its own, beyond the horizon too. What comes late for it is in it already. */
    repair: (series: Series, kline: Kline): void => {
      const isOwn = ({ bucket }: Bar): boolean => bucket.openTime === kline.openTime;
      const { forming } = series;
      const bar = forming && isOwn(forming) ? forming : series.kept.find(isOwn);
      if (bar === undefined) return outlet.emit(klineOf(series, interval, kline, kline));
      if (!takeKline(bar, kline) && bar.coverage === kline.coverage) return;
      bar.coverage = kline.coverage;
      forgetHoles(series, bar);
      if (bar === forming) close(series, bar);
      else corrected(series, bar);
    },

    /** Emits the closed bars again whose coverage turned out to be another, once it is known when the gap ended. */
    recover: (series: Series, isFinal: boolean): void => {
      if (isCounted) return;
      expectNothing(series);
      for (const bar of [...series.kept]) {
        if (bar.source === 'backfill' || (!isFinal && isAbsent(presenceOf(series, bar.source)))) continue;
        if (coverage(series, bar, bar.bucket) !== bar.coverage) emitClosed(series, bar);
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

/** From the first execution to the last: the trading time in it, if there is any. */
const spanOfCounted = ({ bucket, openedAt: openTime, time }: Bar): BarSpan => {
  const closeTime = time + 1;
  const trading = bucket.trading
    .map(({ from, to }) => ({ from: Math.max(from, openTime), to: Math.min(to, closeTime) }))
    .filter(({ from, to }) => from < to);
  return { openTime, closeTime, trading: trading.length > 0 ? trading : [{ from: openTime, to: closeTime }] };
};

/** A carried bar in which nothing happened yet. */
const isUntouched = ({ source, volume, missedVolume }: Bar): boolean =>
  source === 'empty' && volume === 0 && missedVolume === 0;

export type BarBook = ReturnType<typeof barBook>;
