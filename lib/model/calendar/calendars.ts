import type { Calendar } from './Calendar.js';

const workdays = [1, 2, 3, 4, 5];

/** Shanghai, Shenzhen and Beijing. The closing auction, 14:57 to 15:00, is inside the afternoon. */
const cn: Calendar = {
  zone: 'Asia/Shanghai',
  weekdays: workdays,
  spans: [
    { from: '09:15', to: '09:25', kind: 'auction' },
    { from: '09:30', to: '11:30' },
    { from: '13:00', to: '15:00' },
  ],
};

/** Chinese commodity futures, with the longest night session; one that ends earlier leaves bars empty. */
const cnFutures: Calendar = {
  zone: 'Asia/Shanghai',
  weekdays: workdays,
  eve: 'weekday',
  spans: [
    { from: '20:55-1', to: '21:00-1', kind: 'auction' },
    { from: '21:00-1', to: '02:30' },
    { from: '09:00', to: '10:15' },
    { from: '10:30', to: '11:30' },
    { from: '13:30', to: '15:00' },
  ],
};

const hk: Calendar = {
  zone: 'Asia/Hong_Kong',
  weekdays: workdays,
  spans: [
    { from: '09:00', to: '09:30', kind: 'auction' },
    { from: '09:30', to: '12:00' },
    { from: '13:00', to: '16:00' },
    { from: '16:00', to: '16:10', kind: 'auction' },
  ],
};

/** Regular hours. The prints of the closing cross come some minutes after the close. */
const us: Calendar = {
  zone: 'America/New_York',
  weekdays: workdays,
  spans: [
    { from: '09:30', to: '16:00' },
    { from: '16:00', to: '16:05', kind: 'auction' },
  ],
};

/** With pre-market and after hours; the bars of the regular hours are those of `us`. */
const usExtended: Calendar = {
  zone: 'America/New_York',
  weekdays: workdays,
  spans: [
    { from: '04:00', to: '09:30' },
    { from: '09:30', to: '16:00' },
    { from: '16:00', to: '20:00' },
  ],
};

const always: Calendar = {
  zone: 'UTC',
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  spans: [{ from: '00:00', to: '24:00' }],
};

/** Trading hours by market. They hold no holidays and no half days: `withHolidays` adds yours. */
export const calendars = { cn, cnFutures, hk, us, usExtended, always } as const satisfies Record<string, Calendar>;

const byVenue: ReadonlyMap<string, Calendar> = new Map([
  ...['SH', 'SZ', 'BJ', 'CN', 'CFX'].map((venue) => [venue, cn] as const),
  ...['SHF', 'INE', 'DCE', 'ZCE', 'GFE'].map((venue) => [venue, cnFutures] as const),
  ['HK', hk],
  ['US', us],
]);

/** The calendar of the venue behind a symbol; `calendars.always` for a venue that is not known. */
export const calendarOf = (symbol: string): Calendar =>
  byVenue.get(symbol.slice(symbol.lastIndexOf('.') + 1)) ?? always;
