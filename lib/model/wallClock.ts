/** What the clocks of a zone show at a moment, written as if it were UTC. */
export const wallClock = (time: number, zone: string): number => {
  if (zone === 'UTC') return time;
  const parts = formatOf(zone)
    .formatToParts(time)
    .map(({ type, value }) => [type, Number(value)]);
  const { year, month, day, hour, minute, second } = Object.fromEntries(parts) as Record<TimeUnit, number>;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((time % 1000) + 1000) % 1000);
};

/**
 * The moment at which the clocks of a zone show this; corrected once, as the offset may differ at the first guess. What the
 * clocks skip begins when they have jumped over it.
 */
export const fromWallClock = (wall: number, zone: string): number => {
  if (zone === 'UTC') return wall;
  const guess = wall - (wallClock(wall, zone) - wall);
  const found = guess + (wall - wallClock(guess, zone));
  if (found === guess || wallClock(found, zone) === wall) return found;
  return jumpBetween(Math.min(guess, found), Math.max(guess, found), wall, zone);
};

/** The first moment of a date, given as its midnight by the clocks: of a midnight that comes twice, the first. */
export const startOfDate = (midnight: number, zone: string): number => {
  const found = fromWallClock(midnight, zone);
  if (zone === 'UTC') return found;
  const before = found - LONGEST_REPEAT;
  const earlier = midnight - (wallClock(before, zone) - before);
  return earlier < found && wallClock(earlier, zone) === midnight ? earlier : found;
};

/** Clocks are set back by an hour, or less; two leave room. */
const LONGEST_REPEAT = 7_200_000;

/** The first moment at which the clocks show `wall` or later, where they jump over it once between two moments. */
const jumpBetween = (before: number, after: number, wall: number, zone: string): number => {
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (wallClock(middle, zone) < wall) low = middle;
    else high = middle;
  }
  return high;
};

/** Whether this platform knows the rules of a zone. */
export const isZone = (zone: string): boolean => {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
};

type TimeUnit = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

const formats = new Map<string, Intl.DateTimeFormat>();

/** To make a format takes longer than ten uses of it, and a program knows few zones. */
const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, format);
  return format;
};
