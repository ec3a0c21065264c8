/** Where in its day an instrument is. */
export type Phase = 'pre_market' | 'regular' | 'lunch_break' | 'after_hours' | 'closed';

/** What is done in a period in which nothing trades: orders are collected for one price (`call`), or not even that. */
export type Pause = 'call' | 'wait';

/** From and to in minutes of the local day, `to` exclusive. */
type TradingPeriod = readonly [from: number, to: number, phase: Phase, pause?: Pause];

/** The trading hours of a weekday; `undefined` never closes, not even on Sunday. */
export type MarketHours = readonly TradingPeriod[] | undefined;

const at = (hour: number, minute = 0): number => hour * 60 + minute;

export const hours = {
  cn: [
    [at(9, 15), at(9, 25), 'pre_market', 'call'],
    [at(9, 25), at(9, 30), 'pre_market', 'wait'],
    [at(9, 30), at(11, 30), 'regular'],
    [at(11, 30), at(13), 'lunch_break'],
    [at(13), at(14, 57), 'regular'],
    [at(14, 57), at(15), 'regular', 'call'],
  ],
  cnIndexFutures: [
    [at(9, 30), at(11, 30), 'regular'],
    [at(11, 30), at(13), 'lunch_break'],
    [at(13), at(15), 'regular'],
  ],
  cnBondFutures: [
    [at(9, 30), at(11, 30), 'regular'],
    [at(11, 30), at(13), 'lunch_break'],
    [at(13), at(15, 15), 'regular'],
  ],
  cnFutures: [
    [at(9), at(10, 15), 'regular'],
    [at(10, 30), at(11, 30), 'regular'],
    [at(11, 30), at(13, 30), 'lunch_break'],
    [at(13, 30), at(15), 'regular'],
  ],
  hk: [
    [at(9, 30), at(12), 'regular'],
    [at(12), at(13), 'lunch_break'],
    [at(13), at(16), 'regular'],
  ],
  hkFutures: [
    [at(9, 15), at(12), 'regular'],
    [at(12), at(13), 'lunch_break'],
    [at(13), at(16, 30), 'regular'],
  ],
  us: [
    [at(4), at(9, 30), 'pre_market'],
    [at(9, 30), at(16), 'regular'],
    [at(16), at(20), 'after_hours'],
  ],
  india: [[at(9, 15), at(15, 30), 'regular']],
  office: [[at(9), at(17), 'regular']],
  weekdays: [[0, at(24), 'regular']],
  never: undefined,
} as const satisfies Record<string, MarketHours>;

const DAY = 86_400_000;
const THURSDAY = 4;

const periodAt = (open: readonly TradingPeriod[], localTime: number): TradingPeriod | undefined => {
  const day = Math.floor(localTime / DAY);
  const weekday = (((day + THURSDAY) % 7) + 7) % 7;
  if (weekday === 0 || weekday === 6) return undefined;
  const minute = (localTime - day * DAY) / 60_000;
  return open.find(([from, to]) => from <= minute && minute < to);
};

/** The phase at a local time: epoch milliseconds plus the offset of the exchange's zone. */
export const phaseAt = (open: MarketHours, localTime: number): Phase =>
  open === undefined ? 'regular' : (periodAt(open, localTime)?.[2] ?? 'closed');

/** Why nothing trades at a local time, though the venue is not closed. */
export const pauseAt = (open: MarketHours, localTime: number): Pause | undefined =>
  open === undefined ? undefined : periodAt(open, localTime)?.[3];

/** Whether anything can trade in this phase. */
export const isTrading = (phase: Phase): boolean => phase !== 'closed' && phase !== 'lunch_break';

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
