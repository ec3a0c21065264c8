const HOUR = 3_600_000;

/** Milliseconds that the clocks of an IANA zone are ahead of UTC at a moment. Asks `Intl` once an hour: it is slow. */
export const zoneOffset = (timeZone: string): ((time: number) => number) => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  let hour = NaN;
  let offset = 0;
  return (time) => {
    const now = Math.floor(time / HOUR);
    if (now !== hour) {
      const parts = format.formatToParts(now * HOUR);
      const part = (type: Intl.DateTimeFormatPartTypes): number =>
        Number(parts.find((candidate) => candidate.type === type)?.value);
      const local = Date.UTC(
        part('year'),
        part('month') - 1,
        part('day'),
        part('hour'),
        part('minute'),
        part('second'),
      );
      hour = now;
      offset = local - now * HOUR;
    }
    return offset;
  };
};
