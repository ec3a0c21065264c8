import { intradayLength, isIntraday, type Interval } from './interval.js';
import { zoneOf } from './venue.js';
import { fromWallClock, wallClock } from './wallClock.js';

/**
 * The first moment after a bar, epoch ms. Days, weeks and months are those of the exchange's calendar, so that the day
 * on which the clocks change has 23 or 25 hours.
 */
export const closeTime = (interval: Interval, openTime: number, symbol: string): number => {
  if (isIntraday(interval)) return openTime + intradayLength[interval];
  const zone = zoneOf(symbol);
  const wall = new Date(wallClock(openTime, zone));
  if (interval === '1M') toNextMonth(wall);
  else wall.setUTCDate(wall.getUTCDate() + dates[interval]);
  return fromWallClock(wall.getTime(), zone);
};

/** How many dates a bar of several days has. */
const dates = { '1d': 1, '3d': 3, '1w': 7 } as const;

/** The same day of the next month, or its last one: a bar that opens on January 31 ends with February. */
const toNextMonth = (wall: Date): void => {
  const day = wall.getUTCDate();
  wall.setUTCMonth(wall.getUTCMonth() + 1);
  if (wall.getUTCDate() !== day) wall.setUTCDate(0);
};

const MEMORY = 1_000;

/** `closeTime` with a memory: vendors push a forming bar again and again, and asking a zone costs 20 µs. */
export const rememberedCloseTime = (): typeof closeTime => {
  const known = new Map<string, number>();
  return (interval, openTime, symbol) => {
    if (isIntraday(interval)) return openTime + intradayLength[interval];
    const key = `${interval} ${openTime} ${zoneOf(symbol)}`;
    const found = known.get(key) ?? closeTime(interval, openTime, symbol);
    if (known.size >= MEMORY) known.clear();
    known.set(key, found);
    return found;
  };
};
