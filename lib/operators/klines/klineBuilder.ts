import { isNamed, type FeedEvent } from '../../model/feedEvent.js';
import { leftBy } from '../../model/leftBy.js';
import { soundKline } from '../../model/kline.js';
import type { Kline, Quote, Trade } from '../../model/marketEvent.js';
import { addNext, expectNext, expectNothing } from './addNext.js';
import { barBook, type BarBook } from './barBook.js';
import type { Boundary } from './boundary.js';
import { crossings } from './crossing.js';
import { feedTable } from './feedTable.js';
import type { KlineSettings } from './KlineOptions.js';
import { noLooks } from '../idleLooks.js';
import type { Outlet } from './onTheClock.js';
import { quoteReader } from './quoteReader.js';
import { giveBack, isOfBefore, isRepeat, newMemory } from './repeats.js';
import { endOf, isOver, newSeries, type Series } from './Series.js';
import { checkNextAt, isNowhere, isOpening, isToBeLookedAt, joinedBy, measure, timely } from './timing.js';
import { tradeReader } from './tradeReader.js';
import type { Bucket } from '../../model/calendar/bucketing.js';
import { takeKline } from './Bar.js';
import { amountOf, figureOf } from '../../model/figure.js';
import { isTime } from '../../model/moment.js';
import { isFarBehind } from '../../model/stamps.js';

/**
 * Turns feed events into bars, one event at a time. It has no clock: whoever owns it calls `closeUntil` when a bar is due
 * and `beat` when forming bars are. It works as well over an async iterator as behind `toKlines`.
 */
export const klineBuilder = <I extends string>(
  boundary: Boundary<I>,
  settings: KlineSettings,
  startedAt: number,
  outlet: Outlet<Kline<I>>,
) => {
  const { late, forming } = settings;
  const { isFull } = boundary;
  const isCounted = isFull !== undefined;
  // Quotes and the vendor's own bars tell nothing of what is counted.
  const interval = isCounted ? undefined : boundary.bucket;
  const now = outlet.now ?? (() => startedAt);
  const ahead = outlet.ahead ?? (() => 0);
  const { looks = noLooks } = outlet;
  const book = barBook(boundary, settings, outlet);
  const readTrade = tradeReader(book, settings, isFull);
  const readQuote = quoteReader(book, late);
  const readKline = vendorReader(book, late);
  const memory = newMemory();
  const feeds = feedTable<Series>(
    interval,
    now,
    (source, first) => {
      looks.begin();
      return newSeries(source, first, book.hoursOf(first.symbol, source.name), settings.delay, memory);
    },
    book.recover,
    ahead,
  );
  const { seriesOf } = feeds;
  const fed = (event: Quote | Kline): Series => {
    const series = seriesOf(event);
    series.fedAt = looks.count();
    return series;
  };
  const crossing = crossings();

  /** What is not plainly within the forming bar: its time may be wrong, and tells how far the symbol is behind. */
  const look = <E extends Trade | Quote>(series: Series, heard: E): E => {
    const { source, lag } = series;
    const event = timely(source.clock, series, heard, now, ahead);
    if (event !== heard && source.presence.joinedAt === joinedBy(heard, 0))
      source.presence.joinedAt = event.time + ahead();
    // The bar of a stray that was believed, as nothing told that it is one.
    if (series.isDoubtful && event.time < (series.forming?.since ?? 0) && series.latest === event.time) drop(series);
    const bar = series.forming;
    if (bar && event.time < bar.until) checkNextAt(series, bar.until);
    if (bar && series.lag < lag) outlet.closeAt(book.dueOf(series, bar));
    return event;
  };

  const readOwn = (series: Series, said: Kline): void => {
    expectNothing(series);
    const kline = soundKline(said, now);
    if (kline === undefined || !isOpening(series.source.clock, kline, now)) return;
    // A bar that is first heard of when it is over comes from a feed that is behind.
    const skew = ahead();
    if (kline.receivedAt + skew > kline.closeTime) measure(series, kline.openTime, kline.receivedAt, skew);
    else measure(series, kline.openTime, kline.openTime);
    if (!(kline.openTime < series.floor)) readKline(series, kline);
  };

  /** A bar of the history is a correction, however old; of a symbol that was not heard of it is the first word. */
  const repair = (said: Kline): void => {
    const kline = soundKline(said, now);
    if (kline === undefined || isNowhere(kline)) return;
    const series = feeds.known(kline);
    if (series === undefined) return outlet.emit({ ...kline, interval: boundary.interval });
    expectNothing(series);
    book.repair(series, kline);
    expectNext(series);
  };

  const acceptAny = (series: Series, trade: Trade): void => {
    expectNothing(series);
    const sound = soundTrade(crossing.taken(series, trade), now);
    // With a size the figures tell; and without a figure the reader asks.
    const isKnown = sound.size === undefined && sound.volume !== undefined && isRepeat(series, sound);
    if (!isKnown) {
      const told = isTelling(series, sound) ? look(series, sound) : sound;
      if (!(told.time < series.floor)) readTrade(series, told);
    }
    expectNext(series);
  };

  const acceptQuote = (series: Series, quote: Quote): void => {
    expectNothing(series);
    const sound = soundQuote(crossing.taken(series, quote), now);
    const told = isToBeLookedAt(series, sound) ? look(series, sound) : sound;
    if (!(told.time < series.floor)) readQuote(series, told);
    expectNext(series);
  };

  const acceptOther = (event: FeedEvent): void => {
    switch (event.kind) {
      case 'quote':
        if (interval !== undefined && isNamed(event)) acceptQuote(fed(event), event);
        return;
      case 'kline':
        if (!isNamed(event) || event.interval !== interval) return;
        if (event.source === 'backfill') repair(event);
        else readOwn(fed(event), event);
        return;
      case 'switched': {
        const left = leftBy(event);
        for (const series of left ? feeds.handOver(left, event.receivedAt) : []) crossing.begin(series, event);
        return;
      }
      default:
        return feeds.hear(event);
    }
  };

  return {
    // Short, so that V8 puts all that nearly every trade needs in one place.
    accept: (event: FeedEvent): void => {
      if (event.kind !== 'trade') return acceptOther(event);
      if (!isNamed(event)) return;
      const series = seriesOf(event);
      series.fedAt = looks.count();
      if (isCounted || crossing.has(series) || !addNext(series, event)) acceptAny(series, event);
      else if (forming !== false && series.forming) book.changed(series, series.forming);
    },

    /** The bars of an event's symbol, if there are any. */
    known: feeds.known,

    /** Closes what is due; returns when the next bar is. */
    closeUntil: (until: number): number => {
      let next = Infinity;
      feeds.forEach((series) => {
        book.closeUntil(series, until);
        if (series.forming) next = Math.min(next, book.dueOf(series, series.forming));
      });
      return next;
    },

    /** Emits the forming bars that changed since the last beat. */
    beat: book.beat,

    /** Forgets the symbols that are idle, of which nothing matters any more; returns whether any are left. */
    forget: (isIdle: (fedAt: number) => boolean): boolean => {
      const at = now();
      const isForgotten = (series: Series): boolean => {
        if (!isIdle(series.fedAt) || !isOver(series, at)) return false;
        giveBack(series);
        crossing.forget(series);
        return true;
      };
      return feeds.forget(isForgotten, endOf, at - settings.idleAfter);
    },
  };
};

const drop = (series: Series): void => {
  series.forming = undefined;
  series.quote = undefined;
  series.isDoubtful = false;
};

/** Closes and corrects a vendor's own bars. They stay where the vendor put them, whatever the calendar says. */
const vendorReader =
  (book: BarBook, late: KlineSettings['late']) =>
  (series: Series, kline: Kline): void => {
    if (series.madeOf === 'trades' || series.madeOf === 'quotes') return;
    series.madeOf = 'provider';
    const bucket = bucketOfVendor(series, kline);
    const current = book.advance(series, bucket, kline.close, kline);
    const bar =
      current ?? (late === 'revise' ? book.closedBar(series, bucket, kline.close, kline.receivedAt) : undefined);
    if (!bar || !takeKline(bar, kline)) return;
    if (bar.closed) book.corrected(series, bar);
    else if (kline.closed) book.close(series, bar);
    else book.changed(series, bar);
  };

const bucketOfVendor = ({ bucketOf }: Series, { openTime, closeTime }: Kline): Bucket => {
  const bucket = bucketOf(openTime);
  if (bucket.openTime === openTime && bucket.closeTime === closeTime) return bucket;
  const trading = [{ from: openTime, to: closeTime }];
  return { openTime, closeTime, trading, since: openTime, until: closeTime, settleTime: closeTime };
};

/** What says when an event happened and when it came. */
interface Timed {
  readonly time: number;
  readonly receivedAt: number;
}

/** A trade that was recovered after later ones is not looked at, unless its time is none. */
const isTelling = (series: Series, trade: Trade): boolean =>
  isToBeLookedAt(series, trade) && (!isOfBefore(series, trade) || isFarBehind(trade.time, trade.receivedAt));

const isNumber = (value: unknown): boolean => typeof value === 'number';

const isNoTime = ({ time, receivedAt }: Timed): boolean => typeof time !== 'number' || !isTime(receivedAt);

/** A time that is no number is `NaN`, and not believed; what tells no time of receipt was received now. */
const timesOf = ({ time, receivedAt }: Timed, now: () => number): Timed => ({
  time: typeof time === 'number' ? time : NaN,
  receivedAt: isTime(receivedAt) ? receivedAt : now(),
});

/** The trade without what is no figure, as if that had not been sent; the very same where there is nothing of the kind. */
const soundTrade = (trade: Trade, now: () => number): Trade =>
  !isNumber(trade.price) ||
  amountOf(trade.size) !== trade.size ||
  amountOf(trade.volume) !== trade.volume ||
  isNoTime(trade)
    ? {
        ...trade,
        price: isNumber(trade.price) ? trade.price : NaN,
        size: amountOf(trade.size),
        volume: amountOf(trade.volume),
        ...timesOf(trade, now),
      }
    : trade;

/** The quote without what is no figure, as if that had not been sent; the very same where there is nothing of the kind. */
const soundQuote = (quote: Quote, now: () => number): Quote => {
  const volume = amountOf(quote.volume);
  const turnover = figureOf(quote.turnover);
  if (volume === quote.volume && turnover === quote.turnover && !isNoTime(quote)) return quote;
  return { ...quote, volume, turnover, ...timesOf(quote, now) };
};
