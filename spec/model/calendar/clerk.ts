import type { Calendar } from '../../../lib/model/calendar/Calendar.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 1_440;

export interface Bar {
  readonly openTime: number;
  readonly closeTime: number;
  /** The session day it was drawn for, in days since 1970. */
  readonly date: number;
}

/** A row of the table of hours: a span of a session day, in minutes since 1970 by the clock on the wall. */
interface Row {
  readonly date: number;
  readonly from: number;
  readonly to: number;
}

/** Bars as a clerk draws them who looks at the clock on the wall every minute, and at the table of hours beside it. */
export const clerk = (calendar: Calendar, length: number, from: number, to: number): readonly Bar[] => {
  const rows = tableOf(calendar, Math.floor(from / MINUTE / DAY) - 2, Math.floor(to / MINUTE / DAY) + 5);
  const drawn: (Bar & { readonly row: Row })[] = [];
  let row: Row | undefined;
  let [openTime, offset] = [from, 0];
  for (let time = from; time <= to; time += MINUTE) {
    if (time % HOUR === 0) offset = offsetOf(calendar.zone, time);
    const now = (time + offset) / MINUTE;
    const found = time < to ? rows.find((each) => each.from <= now && now < each.to) : undefined;
    if (found === row && (!row || time - openTime < length)) continue;
    if (row) drawn.push({ openTime, closeTime: time, date: row.date, row });
    [openTime, row] = [time, found];
  }
  // What the edges of the sheet cut is no bar of the exchange's.
  const cut = [drawn[0]?.row, drawn.at(-1)?.row];
  return drawn.filter((bar) => !cut.includes(bar.row));
};

const tableOf = (calendar: Calendar, first: number, last: number): readonly Row[] => {
  const rows: Row[] = [];
  for (let date = first; date <= last; date += 1) {
    if (!isSession(calendar, date)) continue;
    const close = calendar.halfDays?.[nameOf(date)];
    const late = calendar.lateOpens?.[nameOf(date)];
    for (const { from, to, kind } of calendar.spans) {
      const isEvening = from.endsWith('-1');
      const day = isEvening ? dayBefore(calendar, date) + 1 : date;
      if (kind === 'auction' || (isEvening && calendar.eveningBefore === 'weekday' && !isSession(calendar, day - 1)))
        continue;
      let begin = minutesOf(from);
      const end = Math.min(minutesOf(to), close === undefined ? Infinity : minutesOf(close));
      if (late !== undefined) {
        const isOver = end <= minutesOf(late);
        if (isOver && !isEvening) continue;
        if (!isOver) begin = Math.max(begin, minutesOf(late));
      }
      rows.push({ date, from: day * DAY + begin, to: day * DAY + end });
    }
  }
  return rows;
};

const isSession = ({ weekdays, holidays = [] }: Calendar, date: number): boolean =>
  weekdays.includes(isoWeekday(date)) && !holidays.includes(nameOf(date));

/** The day on whose evening the session of a date begins. */
const dayBefore = (calendar: Calendar, date: number): number => {
  const { weekdays, eveningBefore = 'day' } = calendar;
  const fits = { day: true, weekday: weekdays.includes(isoWeekday(date - 1)), session: isSession(calendar, date - 1) };
  return fits[eveningBefore] ? date - 1 : dayBefore(calendar, date - 1);
};

const nameOf = (date: number): string => new Date(date * DAY * MINUTE).toISOString().slice(0, 10);

const isoWeekday = (date: number): number => new Date(date * DAY * MINUTE).getUTCDay() || 7;

const minutesOf = (text: string): number =>
  Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5)) + Number(text.slice(5)) * DAY;

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the clocks of a zone are ahead of UTC; those of our zones change on the hour. */
const offsetOf = (zone: string, time: number): number => {
  const format =
    formats.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(zone, format);
  return Date.parse(`${format.format(time).replace(' ', 'T')}Z`) - time;
};
