import { addBefore, openingsBy, type MarketBar } from './bars.js';
import { freeGrid, snapped } from './book.js';
import { isTrading, pauseAt, phaseAt, type MarketHours } from './hours.js';
import { textureOf, type Instrument } from './instrument.js';
import { hashed, seedFor, wandering } from './random.js';

/** A hundred thousand minutes are made at once: names of one's own are found sooner than global ones. */
const { floor, round, min, max, ceil } = Math;

const MINUTE = 60_000;
const DAY = 86_400_000;
const MINUTES = DAY / MINUTE;
const MONDAY = 4;

/** How long before its first step the market has traded already. */
export const PAST = 365 * DAY;

/** The minutes of a local day in which something trades: their order in it, and which are one execution of an auction. */
export interface DayPlan {
  /** By minute of the day: how many of them are before it; -1 where nothing trades. */
  readonly order: readonly number[];
  /** By minute of the day. */
  readonly auction: readonly boolean[];
  readonly count: number;
  /** Whether there are such minutes on Saturday and Sunday. */
  readonly weekends: boolean;
}

/** The plan of a venue's day; of one that never closes when `hours` are undefined. */
export const dayPlan = (hours: MarketHours): DayPlan => {
  // Any weekday will do.
  const pauseOf = (minute: number) => pauseAt(hours, MONDAY * DAY + minute * MINUTE);
  const order: number[] = [];
  const auction: boolean[] = [];
  let count = 0;
  for (let minute = 0; minute < MINUTES; minute += 1) {
    auction.push(pauseOf(minute - 1) === 'call' && pauseOf(minute) !== 'call');
    const open = isTrading(phaseAt(hours, MONDAY * DAY + minute * MINUTE)) && pauseOf(minute) === undefined;
    const trades = open || auction[minute] === true;
    order.push(trades ? count : -1);
    if (trades) count += 1;
  }
  return { order, auction, count, weekends: hours === undefined };
};

/** What an instrument did before the market began. */
export interface Past {
  /** Its minutes that began before a moment, newest first. */
  readonly minutes: (before: number) => Iterable<MarketBar>;
  /** The same by local day. */
  readonly days: (before: number) => Iterable<MarketBar>;
}

/**
 * A past that ends in the price with which the instrument came into the market, and in its previous close before that.
 *
 * A minute is a function of the seed, the instrument and the time, so that any of them costs the same. It keeps the
 * hours of its venue; a day of the past is the sum of its minutes.
 */
export const createPast = (
  { listing, birth }: Instrument,
  seed: number,
  plan: DayPlan,
  offsetAt: (time: number) => number,
): Past => {
  const { rules, firstClose } = listing;
  const grid = freeGrid(rules.tickAt);
  const texture = textureOf(listing);
  const own = seedFor(seed, `${listing.cluster} ${listing.symbol} past`);
  const [noise, trend, sizes] = [own ^ 1, own ^ 2, own ^ 3];

  const localOf = (time: number): number => time + offsetAt(time);
  const dayOf = (time: number): number => floor(localOf(time) / DAY);
  const minuteOf = (time: number): number => floor(localOf(time) / MINUTE) - dayOf(time) * MINUTES;
  const isTradingDay = (day: number): boolean => plan.weekends || (((day % 7) + 11) % 7) % 6 !== 0;
  const dayBefore = (day: number): number => (isTradingDay(day - 1) ? day - 1 : dayBefore(day - 1));

  const firstMinute = floor(birth.time / MINUTE) * MINUTE;
  const birthday = dayOf(birth.time);
  /** How many minutes of its first day were over. */
  const lived = plan.order.slice(0, minuteOf(birth.time)).filter((order) => order >= 0).length;
  const livedToday = isTradingDay(birthday) && (birth.trading || lived > 0);
  const lastDay = livedToday ? birthday : dayBefore(birthday);
  const countOf = (day: number): number => (day === birthday ? lived : plan.count);

  const trendOf = (day: number): number => 0.05 * wandering(trend, day / 17) + 0.008 * wandering(trend ^ 9, day / 2);
  const closeOf = (day: number): number => {
    if (day === lastDay) return birth.price;
    return snapped(grid, firstClose * (1 + trendOf(day) - trendOf(dayBefore(lastDay))));
  };
  const openOf = (day: number): number =>
    snapped(grid, closeOf(dayBefore(day)) * (1 + (hashed(own, day, 7) - 0.5) * 0.004));

  /** The price at the end of a minute of a day. */
  const priceAt = (day: number, open: number, close: number, order: number, count: number): number => {
    if (order < 0) return open;
    const at = day * MINUTES + order;
    const wave =
      0.004 * wandering(noise, at / 47) + 0.0012 * wandering(noise ^ 5, at / 7) + 0.0006 * (hashed(noise, at, 3) - 0.5);
    const left = min(1, (count - 1 - order) / 15);
    return snapped(grid, (open + ((close - open) * (order + 1)) / count) * (1 + wave * left));
  };

  let edges = { day: NaN, first: NaN, last: NaN };
  const barOf = (openTime: number, day: number, minute: number, order: number): MarketBar => {
    const count = countOf(day);
    if (edges.day !== day) edges = { day, first: openOf(day), last: closeOf(day) };
    const { first, last } = edges;
    const close = priceAt(day, first, last, order, count);
    const print = plan.auction[minute] === true;
    const open = print ? close : priceAt(day, first, last, order - 1, count);
    const at = day * MINUTES + minute;
    const reach = (salt: number): number =>
      print ? 0 : floor(hashed(sizes, at, salt) * 3) * texture.stride * rules.tickAt(close);
    const high = snapped(grid, max(open, close) + reach(1));
    const low = snapped(grid, min(open, close) - reach(2));
    const lots = 1 + floor(texture.lots * (8 + 60 * hashed(sizes, at, 4)));
    const volume = lots * rules.lot;
    const average = round((open + high + low + close) / 4);
    return { openTime, open, high, low, close, volume, turnover: average * volume };
  };

  function* minutes(before: number): Iterable<MarketBar> {
    const end = min(firstMinute, ceil(before / MINUTE) * MINUTE);
    for (let time = end - MINUTE; time >= birth.time - PAST; time -= MINUTE) {
      const day = dayOf(time);
      if (!isTradingDay(day)) continue;
      const minute = minuteOf(time);
      const order = plan.order[minute] ?? -1;
      if (order >= 0) yield barOf(time, day, minute, order);
    }
  }

  /** Days that were asked for, newest first; summing up a day takes a while. */
  const known: MarketBar[] = [];
  const openingOf = openingsBy(offsetAt);
  const source = daysOf(minutes(Infinity));

  function* daysOf(bars: Iterable<MarketBar>): Iterator<MarketBar> {
    let day: MarketBar | undefined;
    for (const minute of bars) {
      const openTime = openingOf('1d', minute.openTime);
      if (day?.openTime === openTime) addBefore(day, minute);
      else {
        if (day !== undefined) yield day;
        day = { ...minute, openTime };
      }
    }
    if (day !== undefined) yield day;
  }

  function* days(before: number): Iterable<MarketBar> {
    for (let at = 0; ; at += 1) {
      const day = known[at] ?? (source.next().value as MarketBar | undefined);
      if (day === undefined) return;
      if (at === known.length) known.push(day);
      if (day.openTime < before) yield day;
    }
  }

  return { minutes, days };
};
