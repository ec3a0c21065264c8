/** What the clocks of a zone show at a moment, written as if it were UTC. */
export const wallClock = (time: number, zone: string): number => {
  if (zone === 'UTC') return time;
  const parts = formatOf(zone)
    .formatToParts(time)
    .map(({ type, value }) => [type, Number(value)]);
  const { year, month, day, hour, minute, second } = Object.fromEntries(parts) as Record<Part, number>;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((time % 1000) + 1000) % 1000);
};

/** The moment at which the clocks of a zone show this; corrected once, as the offset may differ at the first guess. */
export const fromWallClock = (wall: number, zone: string): number => {
  if (zone === 'UTC') return wall;
  const guess = wall - (wallClock(wall, zone) - wall);
  return guess + (wall - wallClock(guess, zone));
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

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

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
