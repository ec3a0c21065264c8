import { PAST } from '../market/past.js';
import { hashed } from '../market/random.js';
import type { SimulatedMarket } from '../market/market.js';
import { HOUR, MINUTE, openingOf, SECOND, shifted, type Interval } from './intervals.js';
import type { Ledger } from './ledger.js';
import { countTrade, emptyRow, folded, type Row } from './row.js';
import type { AggTrade } from './trade.js';

/** Which klines are wanted. */
export interface KlineQuery {
  readonly interval: Interval;
  /** The first opening, inclusive. */
  readonly startTime?: number;
  /** The last opening, inclusive. */
  readonly endTime?: number;
  readonly limit: number;
  /** Milliseconds that the clocks of the klines are ahead of UTC. */
  readonly zone?: number;
}

/** The klines of an instrument: what has been streamed, and before it the market's past. */
export interface Klines {
  readonly find: (query: KlineQuery) => readonly Row[];
  /** Minutes that open from one moment to before another, oldest first. */
  readonly minutes: (from: number, to: number) => readonly Row[];
  /** The forming kline. It goes on forming until `roll` takes it. */
  readonly forming: (interval: Interval) => Row;
  /** Counts trades into the klines that form. */
  readonly count: (trades: readonly AggTrade[]) => void;
  /** Ends the klines that are over, and begins the next ones. */
  readonly roll: (ended: (interval: Interval, row: Row) => void) => void;
}

export const createKlines = (market: SimulatedMarket, ledger: Ledger): Klines => {
  const { instrument, priceDecimals, sizeDecimals, seed } = ledger;
  const inUnits = (value: number, decimals: number): number => Math.round(value * 10 ** decimals);
  const hours = new Map<number, readonly Row[]>();
  const forming = new Map<Interval, Row>();

  /** Minutes that the ledger does not have: who took what is made up of the minute. */
  const older = (from: number, to: number): readonly Row[] =>
    market
      .bars(instrument, { length: '1m', from, to, most: Infinity })
      .map(({ openTime, open, high, low, close, volume, turnover }) => {
        const minute = openTime / MINUTE;
        const size = inUnits(volume, sizeDecimals);
        const quote = inUnits(turnover, priceDecimals + sizeDecimals);
        const buyVolume = Math.floor(size * (0.3 + 0.4 * hashed(seed, minute, 2)));
        return {
          openTime,
          open: inUnits(open, priceDecimals),
          high: inUnits(high, priceDecimals),
          low: inUnits(low, priceDecimals),
          close: inUnits(close, priceDecimals),
          volume: size,
          quote: BigInt(quote),
          trades: 1 + Math.floor(hashed(seed, minute, 3) * 60),
          buyVolume,
          buyQuote: BigInt(Math.round(quote * (buyVolume / size))),
        };
      });

  const minutes: Klines['minutes'] = (from, to) => {
    const own = ledger.minutes[0]?.openTime ?? Infinity;
    const mine = ledger.minutes.filter(({ openTime }) => openTime >= from && openTime < to);
    return from < own ? [...older(from, Math.min(to, own)), ...mine] : mine;
  };

  /** An hour costs sixty minutes, but only once when it is over. */
  const hourOf = (openTime: number): readonly Row[] => {
    const known = hours.get(openTime);
    if (known !== undefined) return known;
    const hour = folded(minutes(openTime, openTime + HOUR), '1h');
    if (openTime + HOUR <= market.now()) hours.set(openTime, hour);
    return hour;
  };

  const seconds = (from: number, to: number): readonly Row[] => {
    const rows: Row[] = [];
    for (const trade of ledger.trades) {
      if (trade.time < from || trade.time >= to) continue;
      const openTime = openingOf('1s', trade.time);
      if (rows.at(-1)?.openTime !== openTime) rows.push(emptyRow(openTime, trade.price));
      const row = rows.at(-1);
      if (row !== undefined) countTrade(row, trade);
    }
    return rows;
  };

  /** The shortest rows that these klines can be made of. */
  const parts = (interval: Interval, zone: number, from: number, to: number): readonly Row[] => {
    if (interval === '1s') return seconds(from, to);
    if (/[sm]$/u.test(interval) || zone % HOUR !== 0) return minutes(from, to);
    const rows: Row[] = [];
    for (let hour = from; hour < to; hour += HOUR) rows.push(...hourOf(hour));
    return rows;
  };

  /** The opening of the oldest kline of which all is known, or all that there ever was. */
  const oldest = (interval: Interval, zone: number): number => {
    if (interval !== '1s') return openingOf(interval, instrument.birth.time - PAST, zone);
    const first = ledger.trades[0]?.time ?? Infinity;
    return openingOf('1s', first) + (first > instrument.birth.time ? SECOND : 0);
  };

  /** The price before a moment. */
  const priceBefore = (interval: Interval, time: number): number | undefined =>
    interval === '1s'
      ? ledger.trades.filter((trade) => trade.time < time).at(-1)?.price
      : minutes(time - HOUR, time).at(-1)?.close;

  const find: Klines['find'] = ({ interval, startTime, endTime = Infinity, limit, zone = 0 }) => {
    const last = openingOf(interval, Math.min(market.now(), endTime), zone);
    const wanted =
      startTime === undefined ? shifted(interval, last, 1 - limit, zone) : ceiling(interval, startTime, zone);
    const first = Math.max(wanted, oldest(interval, zone));
    const end = startTime === undefined ? last : Math.min(last, shifted(interval, first, limit - 1, zone));
    if (first > end) return [];
    const until = Math.min(shifted(interval, end, 1, zone), market.now() + 1);
    const made = folded(parts(interval, zone, first, until), interval, zone);
    const rows = new Map(made.map((row) => [row.openTime, row]));
    const found: Row[] = [];
    for (let openTime = first; openTime <= end; openTime = shifted(interval, openTime, 1, zone)) {
      const row = rows.get(openTime);
      const price = row === undefined ? (found.at(-1)?.close ?? priceBefore(interval, first)) : undefined;
      if (row !== undefined) found.push(row);
      else if (price !== undefined) found.push(emptyRow(openTime, price));
    }
    return found;
  };

  const begin = (interval: Interval): Row => {
    const openTime = openingOf(interval, market.now());
    return find({ interval, startTime: openTime, limit: 1 })[0] ?? emptyRow(openTime, ledger.newest().price);
  };

  return {
    find,
    minutes,
    forming: (interval) => {
      const row = forming.get(interval) ?? { ...begin(interval) };
      forming.set(interval, row);
      return row;
    },
    roll: (ended) => {
      for (const [interval, row] of forming) {
        const openTime = openingOf(interval, market.now());
        if (row.openTime === openTime) continue;
        ended(interval, row);
        forming.set(interval, emptyRow(openTime, row.close));
      }
    },
    count: (trades) => {
      for (const row of forming.values()) for (const trade of trades) countTrade(row, trade);
    },
  };
};

const ceiling = (interval: Interval, time: number, zone: number): number => {
  const openTime = openingOf(interval, time, zone);
  return openTime < time ? shifted(interval, openTime, 1, zone) : openTime;
};
