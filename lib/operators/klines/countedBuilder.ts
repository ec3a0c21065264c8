import { oneZero } from '../../model/figure.js';
import { isNamed, type FeedEvent } from '../../model/feedEvent.js';
import type { Kline, Trade } from '../../model/marketEvent.js';
import { volumeOf, type Bar } from './Bar.js';
import { hoursBySymbol } from './bucketsBySymbol.js';
import type { CountedInterval, CountedSettings } from './CountedLength.js';
import {
  addExecution,
  addProof,
  coverageOfBar,
  isExecution,
  isRepeated,
  newCountedSeries,
  openBar,
  type CountedSeries,
} from './CountedSeries.js';
import { feedTable } from './feedTable.js';
import { checkNextAt, isToBeLookedAt, timely } from './timing.js';
import { isLeftOut, passOver } from './leftOut.js';
import type { Outlet } from './onTheClock.js';
import { newMemory } from './repeats.js';
import { soundTrade } from './sound.js';

/**
 * Turns trades into bars of so many executions or so much volume, one event at a time. It has no clock: whoever owns it
 * calls `closeUntil` when a day is over and `beat` when forming bars are due.
 */
export const countedBuilder = (
  settings: CountedSettings,
  startedAt: number,
  outlet: Outlet<Kline<CountedInterval>>,
) => {
  const { interval, ticks, grace, forming: pace } = settings;
  const hoursOf = hoursBySymbol('1d', settings.calendar);
  const now = outlet.now ?? (() => startedAt);
  const ahead = outlet.ahead ?? (() => 0);
  const memory = newMemory();
  const feeds = feedTable<CountedSeries>(undefined, now, (source, first) =>
    newCountedSeries(source, first, hoursOf(first.symbol, source.name), settings.delay, memory),
  );
  let waiting: CountedSeries[] = [];

  const emit = (series: CountedSeries, bar: Bar): void =>
    outlet.emit({
      kind: 'kline',
      provider: series.provider,
      feed: series.feedName,
      symbol: series.symbol,
      time: oneZero(bar.time),
      receivedAt: oneZero(bar.receivedAt),
      interval,
      openTime: oneZero(bar.openedAt),
      closeTime: bar.time + 1,
      open: oneZero(bar.open),
      high: oneZero(bar.high),
      low: oneZero(bar.low),
      close: oneZero(bar.close),
      volume: oneZero(volumeOf(bar)),
      turnover: oneZero(bar.turnover),
      trades: oneZero(bar.trades),
      closed: bar.closed,
      revision: 0,
      coverage: coverageOfBar(series, bar),
      source: bar.source,
      missedVolume: oneZero(bar.missedVolume),
    });

  const close = (series: CountedSeries, bar: Bar): void => {
    series.forming = undefined;
    bar.closed = true;
    emit(series, bar);
  };

  /** When the trading day of a bar is over; one that opened after the last close waits for the next day. */
  const dueOf = ({ lag }: CountedSeries, { bucket, openedAt }: Bar): number =>
    (openedAt < bucket.settleTime ? bucket.settleTime : bucket.until) + grace + lag;

  const open = (series: CountedSeries, trade: Trade): Bar => {
    const bar = openBar(series, trade);
    outlet.closeAt(dueOf(series, bar));
    return bar;
  };

  const changed = (series: CountedSeries, bar: Bar): void => {
    if (pace === 'each') emit(series, bar);
    else if (pace !== false && !series.waiting) {
      series.waiting = true;
      waiting.push(series);
      outlet.beat();
    }
  };

  /** Trades that go further than those before: their time may be wrong, and tells the delay. */
  const look = (series: CountedSeries, heard: Trade): Trade => {
    const trade = timely(series.source.clock, series, heard, now, ahead);
    checkNextAt(series, Infinity);
    if (series.forming) outlet.closeAt(dueOf(series, series.forming));
    return trade;
  };

  const readTrade = (heard: Trade): void => {
    if (!isNamed(heard)) return;
    const series = feeds.seriesOf(heard);
    const sound = soundTrade(heard, now);
    const trade = isToBeLookedAt(series, sound) ? look(series, sound) : sound;
    if (isRepeated(series, trade)) return;
    if (isLeftOut(series.without, trade.tradingPhase)) return passOver(series, trade);
    if (!isExecution(trade)) return addProof(series, trade);
    const { forming } = series;
    if (forming && trade.time >= forming.until) close(series, forming);
    const bar = series.forming ?? open(series, trade);
    addExecution(series, bar, trade);
    if ((bar.trades ?? 0) >= ticks || volumeOf(bar) >= settings.volume) close(series, bar);
    else changed(series, bar);
  };

  return {
    accept: (event: FeedEvent): void => {
      switch (event.kind) {
        case 'trade':
          return readTrade(event);
        default:
          return feeds.hear(event);
      }
    },

    /** Closes the bars whose day is over; returns when the next one is. */
    closeUntil: (now: number): number => {
      let next = Infinity;
      feeds.forEach((series) => {
        const { forming } = series;
        if (!forming) return;
        const due = dueOf(series, forming);
        if (due <= now) close(series, forming);
        else next = Math.min(next, due);
      });
      return next;
    },

    /** Emits the forming bars that changed since the last beat. */
    beat: (): void => {
      const due = waiting;
      waiting = [];
      for (const series of due) {
        series.waiting = false;
        if (series.forming) emit(series, series.forming);
      }
    },
  };
};
