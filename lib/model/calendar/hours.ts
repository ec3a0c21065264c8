import { checkWord } from '../check.js';
import { InvalidOption } from '../errors.js';
import type { TradingPhase } from '../marketEvent.js';
import { isZone } from '../wallClock.js';
import type { Calendar, TradingSpan } from './Calendar.js';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

/** A stretch of a day, in milliseconds from the midnight that begins the session day. */
export interface DaySpan {
  readonly from: number;
  readonly to: number;
}

/** A calendar read once: its times as numbers, and nothing left to doubt. */
export interface Hours {
  readonly trading: readonly DaySpan[];
  /** Where the first span begins, an auction or not. */
  readonly begins: number;
  /** The end of the auction after the last close; the last close itself where there is none. */
  readonly settled: number;
  /** Where a session day begins: midnight, or its first span where the hours cross midnight. */
  readonly sessionStart: number;
  readonly weekdays: ReadonlySet<number>;
  readonly holidays: ReadonlySet<string>;
  /** When the half days close. */
  readonly closes: ReadonlyMap<string, number>;
  /** When the days that begin late open. */
  readonly opens: ReadonlyMap<string, number>;
}

/**
 * Reads a calendar; throws `InvalidOption` that names what is wrong with it. It may come from a file, or be written in
 * JavaScript: what is no list or no table is named, too.
 */
export const hoursOf = (calendar: Calendar): Hours => {
  if (!isObject(calendar)) {
    throw new InvalidOption(
      'calendar',
      calendar,
      'it is one of `calendars`, or an object with zone, spans and weekdays',
    );
  }
  const { zone, spans, weekdays, eveningBefore = 'day' } = calendar;
  const { holidays = [], halfDays = {}, lateOpens = {}, without = [] } = calendar;
  if (typeof zone !== 'string') reject('zone', zone, 'it is the IANA name of a time zone, such as Asia/Hong_Kong');
  if (!isZone(zone)) reject('zone', zone, 'it is no IANA time zone that this platform knows');
  for (const [what, value] of Object.entries({ spans, weekdays, holidays, without })) {
    if (!Array.isArray(value)) reject(what, value, 'it is an array');
  }
  for (const [what, value] of Object.entries({ halfDays, lateOpens })) {
    if (!isTable(value)) reject(what, value, "it is an object such as { '2026-12-24': '12:00' }");
  }
  if (weekdays.length === 0 || !weekdays.every((day) => Number.isInteger(day) && day >= 1 && day <= 7))
    reject('weekdays', weekdays, 'at least one day of the week, 1 for Monday to 7 for Sunday');
  checkWord('calendar.eveningBefore', eveningBefore, ['day', 'weekday', 'session']);
  without.forEach((phase, index) => checkWord(`calendar.without[${index}]`, phase, phases));

  const all = spans.map((span, index) => readSpan(span, `spans[${index}]`));
  all.forEach(({ from }, index) => {
    if (from < (all[index - 1]?.to ?? from)) reject(`spans[${index}]`, spans[index], 'it begins before the last ends');
  });
  const trading = all.filter(({ auction }) => !auction).map(({ from, to }) => ({ from, to }));
  const [first, last] = [trading[0], trading.at(-1)];
  if (!first || !last) return reject('spans', spans, 'at least one of them is continuous');
  const begins = Math.min(...all.map(({ from }) => from));
  const settled = Math.max(...all.map(({ to }) => to));
  if (settled - begins > DAY) reject('spans', spans, 'a session day is no longer than 24 hours');

  holidays.forEach((date, index) => readDate(date, `holidays[${index}]`));
  const closes = readDays('halfDays', halfDays, (close) => close > first.from && close <= last.to);
  const opens = readDays(
    'lateOpens',
    lateOpens,
    (open, date) => open > first.from && open < (closes.get(date) ?? last.to),
  );
  return {
    trading,
    begins,
    settled,
    sessionStart: begins < 0 || settled > DAY ? begins : 0,
    weekdays: new Set(weekdays),
    holidays: new Set(holidays),
    closes,
    opens,
  };
};

const kinds: readonly string[] = ['continuous', 'auction'] satisfies readonly TradingSpan['kind'][];

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** A `Map` has no entries that are its own properties, and an array has numbers for dates. */
const isTable = (value: unknown): boolean => isObject(value) && !Array.isArray(value) && !(value instanceof Map);

const phases: readonly TradingPhase[] = ['pre_market', 'regular', 'lunch_break', 'after_hours', 'closed'];

const reject = (what: string, value: unknown, problem: string): never => {
  throw new InvalidOption(`calendar.${what}`, value, problem);
};

const readSpan = (given: TradingSpan, what: string): DaySpan & { readonly auction: boolean } => {
  if (!isObject(given)) reject(what, given, "it is an object such as { from: '09:30', to: '12:00' }");
  const { kind = 'continuous' } = given;
  checkWord(`calendar.${what}.kind`, kind, kinds);
  const from = readTime(given.from, `${what}.from`);
  const to = readTime(given.to, `${what}.to`);
  if (from >= to) reject(what, { from: given.from, to: given.to }, 'it ends before it begins');
  return { from, to, auction: kind === 'auction' };
};

const TIME = /^(\d\d):([0-5]\d)([+-]1)?$/;

const readTime = (text: string, what: string): number => {
  const [, hour, minute, day = '0'] = TIME.exec(text) ?? [];
  const time = (Number(hour) * 60 + Number(minute)) * MINUTE;
  return time <= DAY ? Number(day) * DAY + time : reject(what, text, 'a time is 09:30, 24:00, 21:00-1 or 02:30+1');
};

/** The times of some dates, each within the trading hours of its date. */
const readDays = (
  what: 'halfDays' | 'lateOpens',
  times: Readonly<Record<string, string>>,
  isWithin: (time: number, date: string) => boolean,
): ReadonlyMap<string, number> =>
  new Map(
    Object.entries(times).map(([date, text]) => {
      const where = `${what}['${readDate(date, what)}']`;
      const time = readTime(text, where);
      return isWithin(time, date) ? [date, time] : reject(where, text, 'it lies within the trading hours');
    }),
  );

const readDate = (text: string, what: string): string => {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  // `2026-02-30` parses as March 2 on some platforms.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text)
    reject(what, text, 'a date is written 2026-10-01');
  return text;
};
