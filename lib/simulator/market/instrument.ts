import { countIn, emptyBars, openingsBy, type BarLength, type MarketBar } from './bars.js';
import {
  banded,
  freeGrid,
  LEVELS,
  narrow,
  refill,
  snapped,
  churn,
  take,
  type Book,
  type Fill,
  type Texture,
} from './book.js';
import type { Aggressor, DayFigures, Execution, Ladders, SimulatedBar, SimulatedLevel } from './snapshot.js';
import { isTrading, type Pause, type Phase } from './hours.js';
import type { Listing } from './listing.js';
import { keepMinutes, type Minutes } from './minutes.js';
import type { Random } from './random.js';

/** What one step did to an instrument. */
export interface Change {
  readonly instrument: Instrument;
  readonly executions: readonly Execution[];
  /** Whether the day's figures or the status are new. */
  readonly quoted: boolean;
  /** Whether the book is new. */
  readonly booked: boolean;
}

/** How an instrument came into the market. Prices are in its units. */
export interface Birth {
  readonly time: number;
  /** Of the execution that it began with. */
  readonly price: number;
  /** Whether it traded then. */
  readonly trading: boolean;
}

export interface Instrument {
  readonly listing: Listing;
  readonly birth: Birth;
  /** Its bars of a minute, in whole units. */
  readonly minutes: Minutes;
  /** The newest execution. */
  readonly latest: () => Execution;
  readonly figures: () => DayFigures;
  readonly ladders: () => Ladders;
  /** Its book as it is kept, in whole units and lots. */
  readonly book: Readonly<Record<keyof Book, readonly Readonly<Book['bids'][number]>[]>>;
  /** The forming bar of that length. */
  readonly bar: (length: BarLength) => SimulatedBar;
  /** A bar in decimal numbers. */
  readonly decimal: (bar: MarketBar) => SimulatedBar;
  /** Lives through one step of the market. */
  readonly step: (time: number, phase: Phase, pause?: Pause) => Change | undefined;
  /** Takes one whole side, up to the price limit of the day where there is one; does nothing while halted. */
  readonly sweep: (time: number, aggressor: Aggressor) => Change;
  readonly halt: (time: number, halted: boolean) => Change;
}

const DAY = 86_400_000;

/** How thick the book of a listing is, and how wide its steps are. */
export const textureOf = ({ rules, firstClose }: Listing): Texture => ({
  lots: Math.max(
    4,
    Math.round(((rules.depth / (firstClose / 10 ** rules.priceDecimals)) * 10 ** rules.sizeDecimals) / rules.lot),
  ),
  stride: Math.max(1, Math.round((firstClose * 2e-5) / rules.tickAt(firstClose))),
});

export const createInstrument = (
  listing: Listing,
  random: Random,
  offsetAt: (time: number) => number,
  now: number,
  phaseNow: Phase,
  pauseNow: Pause | undefined,
  minutesKept: () => number,
): Instrument => {
  const { rules, firstClose } = listing;
  const priceUnit = 10 ** rules.priceDecimals;
  const sizeUnit = 10 ** rules.sizeDecimals;
  const turnoverUnit = priceUnit * sizeUnit;
  const toPrice = (units: number): number => units / priceUnit;
  const toSize = (units: number): number => units / sizeUnit;

  const texture = textureOf(listing);
  const free = freeGrid(rules.tickAt);
  const openingOf = openingsBy(offsetAt);
  let bars = emptyBars();
  const minutes = keepMinutes(minutesKept);
  let latest: Execution;
  const book: Book = { bids: [], asks: [] };

  let previousClose = firstClose;
  let last = firstClose;
  let open = firstClose;
  let high = firstClose;
  let low = firstClose;
  let volume = 0;
  let turnover = 0;
  let trades = 0;
  let changedAt = now;
  let bookedAt = now;
  let day = NaN;
  let phase = phaseNow;
  let pause = pauseNow;
  /** Whether the first auction of the day is still to come: there is no price yet. */
  let unopened = false;
  let halted = false;
  let grid = free;

  const execute = (time: number, { price, lots }: Fill, aggressor: Aggressor | undefined): Execution => {
    const size = lots * rules.lot;
    last = price;
    if (price > high) high = price;
    if (price < low) low = price;
    volume += size;
    turnover += price * size;
    trades += 1;
    changedAt = time;
    countIn(bars, time, openingOf, price, size);
    minutes.add(bars['1m']);
    // What an auction finds is of the regular session, though orders for it were collected before.
    const session = pause === undefined ? phase : 'regular';
    latest = { time, price: toPrice(price), size: toSize(size), volume: toSize(volume), aggressor, phase: session };
    return latest;
  };

  /** A new trading day: nothing has traded, and the book is empty. */
  const openDay = (): void => {
    previousClose = snapped(free, last);
    grid = rules.band === undefined ? free : banded(free, previousClose, rules.band);
    volume = turnover = trades = 0;
    book.bids.length = 0;
    book.asks.length = 0;
    unopened = true;
  };

  /** The auction of a day: one execution near the last price sets open, high and low. */
  const auction = (time: number): Execution => {
    if (!unopened) openDay();
    unopened = false;
    const price = snapped(grid, previousClose * (1 + (random() - 0.5) * 0.004));
    open = high = low = price;
    const execution = execute(time, { price, lots: 1 + Math.floor(texture.lots * 4 * random()) }, undefined);
    refill(book, last, grid, texture, random);
    return execution;
  };

  /** What was collected for the close trades at one price, near the last. */
  const closingPrint = (time: number): Execution => {
    const price = snapped(grid, last * (1 + (random() - 0.5) * 0.001));
    return execute(time, { price, lots: 1 + Math.floor(texture.lots * 8 * random()) }, undefined);
  };

  /** A market order; prices are drawn back to the previous close, so that they wander but do not run away. */
  const order = (time: number): Execution[] => {
    const stretch = (previousClose - last) / previousClose;
    const buys = random() < 0.5 + Math.max(-0.3, Math.min(0.3, stretch * 10));
    const lots = 1 + Math.floor(texture.lots * 2 * random() ** 3);
    return take(buys ? book.asks : book.bids, lots).map((fill) => execute(time, fill, buys ? 'buyer' : 'seller'));
  };

  const settle = (): void => {
    if (random() < 0.5) narrow(book, grid, texture, random);
    refill(book, last, grid, texture, random);
  };

  const dayOf = (time: number): number => Math.floor((time + offsetAt(time)) / DAY);

  // One that is made up while its venue is closed, or collects orders for the open, has its first day still to come.
  const isBefore = phase === 'pre_market' && pause === 'call';
  const trading = isTrading(phase) && !isBefore;
  if (isTrading(phase)) day = dayOf(now);
  auction(now);
  const birth: Birth = { time: now, price: last, trading };
  if (isBefore) openDay();
  if (!trading) {
    // What it began with was no execution of a session, so no bar holds it.
    bars = emptyBars();
    minutes.clear();
  }

  const decimal: Instrument['decimal'] = (bar) => ({
    openTime: bar.openTime,
    open: toPrice(bar.open),
    high: toPrice(bar.high),
    low: toPrice(bar.low),
    close: toPrice(bar.close),
    volume: toSize(bar.volume),
    turnover: bar.turnover / turnoverUnit,
  });

  const instrument: Instrument = {
    listing,
    birth,
    minutes: minutes.kept,
    latest: () => latest,
    figures: () => ({
      last: unopened ? 0 : toPrice(last),
      open: unopened ? 0 : toPrice(open),
      high: unopened ? 0 : toPrice(high),
      low: unopened ? 0 : toPrice(low),
      previousClose: toPrice(previousClose),
      volume: toSize(volume),
      turnover: turnover / turnoverUnit,
      trades,
      time: changedAt,
      phase,
      halted,
    }),
    book,
    ladders: () => ({ bids: book.bids.map(shown), asks: book.asks.map(shown), bookTime: bookedAt }),
    bar: (length) => decimal(bars[length]),
    decimal,
    step: (time, phaseThen, pauseThen) => {
      const turned = phaseThen !== phase || pauseThen !== pause;
      const isClose = pause === 'call' && pauseThen === undefined && !unopened && !halted;
      const executions = isClose ? [closingPrint(time)] : [];
      phase = phaseThen;
      pause = pauseThen;
      if (turned) changedAt = time;
      const isDawn = pause === 'call' && dayOf(time) !== day;
      if (isDawn) {
        day = dayOf(time);
        openDay();
        bookedAt = time;
      }
      const isOpening = isTrading(phase) && pause !== 'call' && (unopened || dayOf(time) !== day);
      if (halted || !(isOpening || (isTrading(phase) && pause === undefined))) {
        return turned || isDawn ? { instrument, executions, quoted: true, booked: isDawn } : undefined;
      }
      if (isOpening) {
        day = dayOf(time);
        executions.push(auction(time));
      } else {
        if (random() < 0.4) for (let more = 1; more > 0.7; more = random()) executions.push(...order(time));
        if (random() < 0.7) churn(book, texture, random);
        else if (executions.length === 0 && !turned) return undefined;
        settle();
      }
      bookedAt = time;
      return { instrument, executions, quoted: turned || executions.length > 0, booked: true };
    },
    sweep: (time, aggressor) => {
      const [side, other, limit] =
        aggressor === 'buyer' ? [book.asks, book.bids, grid.ceiling] : [book.bids, book.asks, grid.floor];
      const furthest = side.at(-1)?.price;
      if (halted || furthest === undefined) return { instrument, executions: [], quoted: false, booked: false };
      const edge = rules.band === undefined ? furthest : limit;
      const fills = take(side, Infinity);
      if (edge !== furthest) fills.push({ price: edge, lots: texture.lots });
      // What the sweeper could not get waits where it stopped.
      other.splice(0, LEVELS, { price: edge, lots: texture.lots * 10, orders: 99 });
      const executions = fills.map((fill) => execute(time, fill, aggressor));
      refill(book, last, grid, texture, random);
      bookedAt = time;
      return { instrument, executions, quoted: true, booked: true };
    },
    halt: (time, now) => {
      halted = now;
      changedAt = time;
      return { instrument, executions: [], quoted: true, booked: false };
    },
  };

  function shown({ price, lots, orders }: Book['bids'][number]): SimulatedLevel {
    return { price: toPrice(price), size: toSize(lots * rules.lot), orders };
  }

  return instrument;
};
