import { minus, plus } from '../../model/exact.js';
import type { Trade } from '../../model/marketEvent.js';
import { addPrice, addSide, addSize, addWorth, countTrade, setVolume, sideOf, volumeOf, type Bar } from './Bar.js';
import type { BarBook } from './barBook.js';
import { addGrowth, figuresAt, wasSeen } from './figures.js';
import { isFigure } from '../../model/figure.js';
import type { KlineSettings } from './KlineOptions.js';
import { isLeftOut, passOver } from './leftOut.js';
import { follow } from './link.js';
import { forgetFigures, volumesAt } from './dayFigures.js';
import { isRepeat } from './repeats.js';
import { beginWithNothing, newestOf, type Figure, type Series, type Unplaced } from './Series.js';
import { countProof, countSize, growthTo, isDuplicate, miss, noBars, type Volumes } from './Volumes.js';

/**
 * Makes bars of any trades: `addNext` takes nearly all of them before, and comes to the same.
 *
 * @param isFull whether a bar is full, where bars are counted: those take trades in the order of arrival
 */
export const tradeReader = (book: BarBook, { late }: KlineSettings, isFull: ((bar: Bar) => boolean) | undefined) => {
  const isCounted = isFull !== undefined;

  const readAny = (series: Series, trade: Trade): void => {
    const hasPrice = isPriced(trade);
    if (!hasPrice && !(trade.volumeOnly && (trade.size ?? 1) > 0)) return readProof(series, trade);
    if (series.madeOf !== 'trades') prefer(series, trade);
    const { time, size, receivedAt } = trade;
    const volume = figureOf(trade);
    const volumes = figuresOf(series, trade, volume);
    if (volume !== undefined) {
      if (volumes && trade.id === undefined && isDuplicate(volumes, size, volume, time)) return;
      series.hasOwnFigures = true;
    }
    const newest = newestOf(series);
    const price = hasPrice ? trade.price : newest?.close;
    if (price === undefined) return setAside(series, volumes, trade);
    const placed = isCounted && newest && time < newest.time ? { ...trade, time: newest.time } : trade;
    let bar = series.forming;
    if (bar === undefined || placed.time < bar.since || placed.time >= bar.until) {
      const bucket = series.bucketOf(placed.time);
      bar = book.advance(series, bucket, price, placed);
      if (bar === undefined) {
        if (late === 'drop') return;
        bar = book.closedBar(
          series,
          bucket,
          hasPrice ? price : (closeBefore(series, bucket.openTime) ?? price),
          receivedAt,
        );
        if (bar?.source === 'backfill') passOver(series, trade);
        else if (bar) readLate(series, volumes, bar, trade, hasPrice);
        return;
      }
    }
    const { openedAt } = bar;
    addWord(bar, placed, hasPrice);
    if (isCounted) {
      bar.openedAt = openedAt;
      bar.time = placed.time;
    }
    if (series.unplaced) place(series, volumes, series.unplaced, bar);
    if (series.unproven) proveFirst(series, volumes, bar, series.unproven);
    const healed = count(series, volumes, bar, trade);
    if (isFull?.(bar)) book.close(series, bar);
    else book.changed(series, bar);
    sayHealed(series, bar, healed);
  };

  const readLate = (series: Series, volumes: Volumes | undefined, bar: Bar, trade: Trade, hasPrice: boolean): void => {
    const seen = volumeOf(bar);
    if (late === 'revise') addWord(bar, trade, hasPrice);
    const healed = count(series, volumes, bar, trade);
    if (late === 'report') {
      bar.missedVolume = plus(bar.missedVolume, minus(volumeOf(bar), seen));
      setVolume(bar, seen);
    }
    book.corrected(series, bar);
    sayHealed(series, bar, healed);
  };

  /** What a late trade was missed in, before it came, may be other bars than its own. */
  const sayHealed = (series: Series, own: Bar, healed: readonly Bar[]): void => {
    if (healed === noBars) return;
    for (const bar of new Set(healed)) if (bar !== own) book.changed(series, bar);
  };

  /** A trade that is none still has a cumulative volume. */
  const readProof = (series: Series, trade: Trade): void => {
    const { time, size, volume } = trade;
    if (volume === undefined) return;
    const volumes = figuresAt(series, trade, book.seenSince);
    if (volume === 0) return beginWithNothing(series, volumes, time);
    const bar = isCounted ? series.forming : newestOf(series);
    if (size !== 0 || volumes === undefined || bar === undefined || bar.until <= volumes.from) return;
    const { missedVolume } = bar;
    countProof(volumes, bar, volume, time);
    if (bar.missedVolume !== missedVolume) book.changed(series, bar);
  };

  /** Without a figure of its own a trade needs those of the day only where there are some. */
  const figuresOf = (series: Series, trade: Trade, volume: number | undefined): Volumes | undefined => {
    if (volume !== undefined) return figuresAt(series, trade, book.seenSince);
    return series.volumes.figure === undefined ? series.volumes : volumesAt(series, trade.time);
  };

  const count = (series: Series, volumes: Volumes | undefined, bar: Bar, trade: Trade): readonly Bar[] => {
    const { size, time, vendorTime } = trade;
    const volume = figureOf(trade);
    if (size === undefined) {
      if (volume === undefined || volumes === undefined) return noBars;
      const growth = growthTo(volumes, volume, time);
      const isSeen = wasSeen(series, volumes, growth, trade);
      addGrowth(bar, growth, isSeen);
      if (isSeen) weigh(bar, trade, minus(growth.to, growth.from));
      return noBars;
    }
    // What was seen before the first figure is part of it.
    const isCounted = volumes === undefined || (volume === undefined && volumes.figure === undefined);
    const healed = isCounted ? noBars : countSize(volumes, bar, size, volume, time, vendorTime === undefined);
    addSize(bar, size);
    weigh(bar, trade, size);
    return healed;
  };

  const weigh = (bar: Bar, trade: Trade, size: number): void => {
    if (late === 'report' && bar.closed) return;
    if (isPriced(trade)) addWorth(bar, trade.price, size);
    addSide(bar, sideOf(trade), size);
  };

  return (series: Series, trade: Trade): void => {
    if (isToBeCompared(trade) && isRepeat(series, trade)) return;
    if (isLeftOut(series.without, trade.tradingPhase)) return leaveOut(series, trade);
    readAny(series, trade);
  };
};

/** Of those with a figure and without a size the builder has asked already. */
const isToBeCompared = ({ id, size, volume }: Trade): boolean =>
  volume === undefined || (id !== undefined && size !== undefined);

/** Of a symbol whose trades come, quotes make no bars, in whatever session. */
const leaveOut = (series: Series, trade: Trade): void => {
  if (series.madeOf !== 'trades') prefer(series, trade);
  const volume = figureOf(trade);
  if (volume !== undefined) series.hasOwnFigures = true;
  passOver(series, volume === trade.volume ? trade : { ...trade, volume });
};

/** Trades are the better word: a vendor's own forming bar is replaced, one of quotes goes on. */
const prefer = (series: Series, { sizeUnit, receivedAt }: Trade): void => {
  if (series.madeOf === 'provider') series.forming = undefined;
  const { trades, quotes } = series.served;
  if (series.madeOf === 'quotes' && trades && quotes) follow(trades, quotes, receivedAt + series.source.ahead());
  const { quote } = series;
  if (quote?.volume !== undefined && quote.sizeUnit !== sizeUnit) forgetFigures(series);
  series.madeOf = 'trades';
  series.sizeUnit = sizeUnit;
};

/** A day's volume that does not hold the execution itself is no figure. */
const figureOf = ({ size = 0, volume }: Trade): number | undefined =>
  volume !== undefined && volume >= size ? volume : undefined;

const addWord = (bar: Bar, trade: Trade, hasPrice: boolean): void => {
  if (hasPrice) {
    addPrice(bar, trade.price, trade);
    bar.source = 'trades';
  } else bar.receivedAt = trade.receivedAt;
  countTrade(bar);
};

/** Keeps volume without a price until there is a bar for it: one of the same day. */
const setAside = (series: Series, volumes: Volumes | undefined, trade: Trade): void => {
  const { unplaced } = series;
  const { time, size, volume: figure } = trade;
  const day = dayOf(series, time);
  const keptDay = unplaced ? dayOf(series, unplaced.time) : -Infinity;
  if (keptDay > day) return;
  const { volume, missed, trades } = unplaced && keptDay === day ? unplaced : { volume: 0, missed: [], trades: 0 };
  const placeless = { time, volume: plus(volume, size ?? 0), missed, trades: trades + 1 };
  series.unplaced = placeless;
  if (volumes === undefined) return;
  if (figure !== undefined) {
    const growth = growthTo(volumes, figure, time, size);
    const isSeen = wasSeen(series, volumes, growth, trade) && size === undefined;
    if (isSeen) placeless.volume = plus(placeless.volume, minus(growth.to, growth.from));
    else placeless.missed = [...missed, growth];
  } else volumes.ahead = plus(volumes.ahead, size ?? 0);
};

const dayOf = ({ periodOf }: Series, time: number): number => periodOf(time)?.from ?? -Infinity;

const place = (series: Series, volumes: Volumes | undefined, unplaced: Unplaced, bar: Bar): void => {
  const { time, volume, missed, trades } = unplaced;
  const [day, own] = [dayOf(series, time), dayOf(series, bar.time)];
  // What is of a later day waits on for a bar of it.
  if (day > own) return;
  series.unplaced = undefined;
  if (day < own) return;
  addSize(bar, volume);
  if (volumes) for (const growth of missed) miss(volumes, bar, growth, time);
  bar.trades = (bar.trades ?? 0) + trades;
};

/** What the figures said of the day before its first trade came. Those of the trades themselves say it better. */
const proveFirst = (series: Series, volumes: Volumes | undefined, bar: Bar, figure: Figure): void => {
  const [day, own] = [dayOf(series, figure.time), dayOf(series, bar.time)];
  if (day > own) return;
  series.unproven = undefined;
  if (volumes === undefined || series.hasOwnFigures || day < own) return;
  countProof(volumes, bar, figure.volume, figure.time);
};

const closeBefore = ({ kept }: Series, openTime: number): number | undefined =>
  kept.filter(({ bucket }) => bucket.openTime < openTime).at(-1)?.close;

/**
 * Whether a trade has a price that bars count: one of size 0, or without a price and a size, has none. Nor has one without
 * a size on a day that has no volume yet, which would hold it: it is the close of the day before.
 */
const isPriced = ({ price, size, volume, volumeOnly }: Trade): boolean =>
  isFigure(price) && size !== 0 && volumeOnly !== true && ((size ?? 0) > 0 || (price !== 0 && volume !== 0));
