import { intradayLength, isIntraday, type Interval } from './interval.js';
import { zoneOf } from './venue.js';

/**
 * The first moment after a bar, epoch ms. Days, weeks and months are those of the exchange's calendar, so that the day
 * on which the clocks change has 23 or 25 hours.
 */
export const closeTime = (interval: Interval, openTime: number, symbol: string): number => {
  if (isIntraday(interval)) return openTime + intradayLength[interval];
  const zone = zoneOf(symbol);
  const wall = new Date(wallClock(openTime, zone));
  if (interval === '1M') toNextMonth(wall);
  else wall.setUTCDate(wall.getUTCDate() + (interval === '1w' ? 7 : 1));
  return fromWallClock(wall.getTime(), zone);
};

/** The same day of the next month, or its last one: a bar that opens on January 31 ends with February. */
const toNextMonth = (wall: Date): void => {
  const day = wall.getUTCDate();
  wall.setUTCMonth(wall.getUTCMonth() + 1);
  if (wall.getUTCDate() !== day) wall.setUTCDate(0);
};

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

/** What the clocks of a zone show at a moment, written as if it were UTC. */
const wallClock = (time: number, zone: string): number => {
  if (zone === 'UTC') return time;
  const parts = formatOf(zone)
    .formatToParts(time)
    .map(({ type, value }) => [type, Number(value)]);
  const { year, month, day, hour, minute, second } = Object.fromEntries(parts) as Record<Part, number>;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((time % 1000) + 1000) % 1000);
};

/** The moment at which the clocks of a zone show this; corrected once, as the offset may differ at the first guess. */
const fromWallClock = (wall: number, zone: string): number => {
  const guess = wall - (wallClock(wall, zone) - wall);
  return guess + (wall - wallClock(guess, zone));
};

const formatOf = (zone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });

const MEMORY = 1_000;

/** `closeTime` with a memory: vendors push a forming bar again and again, and asking a calendar costs 50 µs. */
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
