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

/** Reads a calendar; throws `InvalidOption` that names what is wrong with it. */
export const hoursOf = (calendar: Calendar): Hours => {
  checkKinds(calendar);
  const {
    zone,
    spans,
    weekdays,
    eveningBefore = 'day',
    holidays = [],
    halfDays = {},
    lateOpens = {},
    without = [],
  } = calendar;
  if (!isZone(zone)) reject('zone', zone, 'it is no IANA time zone that this platform knows');
  if (weekdays.length === 0 || !weekdays.every((day) => Number.isInteger(day) && day >= 1 && day <= 7))
    reject('weekdays', weekdays, 'at least one day of the week, 1 for Monday to 7 for Sunday');
  if (!['day', 'weekday', 'session'].includes(eveningBefore))
    reject('eveningBefore', eveningBefore, 'it is day, weekday or session');
  without.forEach((phase, index) => {
    if (!phases.has(phase)) reject(`without[${index}]`, phase, `it is one of ${[...phases].join(', ')}`);
  });

  const all = spans.map((span, index) => ({ ...readSpan(span, `spans[${index}]`), auction: span.kind === 'auction' }));
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
  const closes = Object.entries(halfDays).map(([date, close]) => {
    const at = readTime(close, `halfDays['${readDate(date, 'halfDays')}']`);
    if (at <= first.from || at > last.to) reject(`halfDays['${date}']`, close, 'it closes within the trading hours');
    return [date, at] as const;
  });
  const opens = Object.entries(lateOpens).map(([date, open]) => {
    const at = readTime(open, `lateOpens['${readDate(date, 'lateOpens')}']`);
    const [, close = last.to] = closes.find(([day]) => day === date) ?? [];
    if (at <= first.from || at >= close) reject(`lateOpens['${date}']`, open, 'it opens within the trading hours');
    return [date, at] as const;
  });
  return {
    trading,
    begins,
    settled,
    sessionStart: begins < 0 || settled > DAY ? begins : 0,
    weekdays: new Set(weekdays),
    holidays: new Set(holidays),
    closes: new Map(closes),
    opens: new Map(opens),
  };
};

/** A calendar may come from a file, or be written in JavaScript: what is no list or no table is named, too. */
const checkKinds = (calendar: Calendar): void => {
  if (!isObject(calendar)) {
    throw new InvalidOption(
      'calendar',
      calendar,
      'it is one of `calendars`, or an object with zone, spans and weekdays',
    );
  }
  const { zone, spans, weekdays, holidays = [], halfDays = {}, lateOpens = {}, without = [] } = calendar;
  if (typeof zone !== 'string') reject('zone', zone, 'it is the IANA name of a time zone, such as Asia/Hong_Kong');
  for (const [what, value] of Object.entries({ spans, weekdays, holidays, without })) {
    if (!Array.isArray(value)) reject(what, value, 'it is an array');
  }
  for (const [what, value] of Object.entries({ halfDays, lateOpens })) {
    if (!isTable(value)) reject(what, value, "it is an object such as { '2026-12-24': '12:00' }");
  }
  spans.forEach((span, index) => {
    if (!isObject(span)) reject(`spans[${index}]`, span, "it is an object such as { from: '09:30', to: '12:00' }");
    const { kind = 'continuous' } = span;
    if (!kinds.includes(kind)) reject(`spans[${index}].kind`, kind, `it is ${kinds.join(' or ')}`);
  });
};

const kinds: readonly string[] = ['continuous', 'auction'] satisfies readonly TradingSpan['kind'][];

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** A `Map` has no entries that are its own properties, and an array has numbers for dates. */
const isTable = (value: unknown): boolean => isObject(value) && !Array.isArray(value) && !(value instanceof Map);

const phases: ReadonlySet<TradingPhase> = new Set(['pre_market', 'regular', 'lunch_break', 'after_hours', 'closed']);

const reject = (what: string, value: unknown, problem: string): never => {
  throw new InvalidOption(`calendar.${what}`, value, problem);
};

const readSpan = ({ from, to }: TradingSpan, what: string): DaySpan => {
  const span = { from: readTime(from, `${what}.from`), to: readTime(to, `${what}.to`) };
  if (span.from >= span.to) reject(what, { from, to }, 'it ends before it begins');
  return span;
};

const TIME = /^(\d\d):([0-5]\d)([+-]1)?$/;

const readTime = (text: string, what: string): number => {
  const [, hour, minute, day = '0'] = TIME.exec(text) ?? [];
  const time = (Number(hour) * 60 + Number(minute)) * MINUTE;
  return time <= DAY ? Number(day) * DAY + time : reject(what, text, 'a time is 09:30, 24:00, 21:00-1 or 02:30+1');
};

const readDate = (text: string, what: string): string => {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  // `2026-02-30` parses as March 2 on some platforms.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text)
    reject(what, text, 'a date is written 2026-10-01');
  return text;
};
