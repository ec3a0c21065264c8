import type { Calendar, TradingSpan } from './Calendar.js';
import { chineseFutures, financialFutures, isMetal } from './products.js';

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

/** Chinese treasury bond futures. Index futures have the hours of stocks. */
const cnBondFutures: Calendar = {
  zone: 'Asia/Shanghai',
  weekdays: workdays,
  spans: [
    { from: '09:25', to: '09:30', kind: 'auction' },
    { from: '09:30', to: '11:30' },
    { from: '13:00', to: '15:15' },
  ],
};

/** Chinese commodity futures by the end of their night session. */
const commodities = (night: readonly TradingSpan[]): Calendar => ({
  zone: 'Asia/Shanghai',
  weekdays: workdays,
  eveningBefore: 'weekday',
  spans: [...night, { from: '09:00', to: '10:15' }, { from: '10:30', to: '11:30' }, { from: '13:30', to: '15:00' }],
});
const nightUntil = (to: string): Calendar =>
  commodities([
    { from: '20:55-1', to: '21:00-1', kind: 'auction' },
    { from: '21:00-1', to },
  ]);

/** With the longest night session; one that ends earlier leaves bars empty. */
const cnFutures = nightUntil('02:30');
const cnFutures1am = nightUntil('01:00');
const cnFutures11pm = nightUntil('23:00-1');
const cnFuturesDay = commodities([{ from: '08:55', to: '09:00', kind: 'auction' }]);

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

/** Index futures. What is traded after hours is of the next trading day, on Friday evening of Monday's. */
const hkFutures: Calendar = {
  zone: 'Asia/Hong_Kong',
  weekdays: workdays,
  eveningBefore: 'session',
  spans: [
    { from: '17:15-1', to: '03:00' },
    { from: '08:45', to: '09:15', kind: 'auction' },
    { from: '09:15', to: '12:00' },
    { from: '13:00', to: '16:30' },
  ],
};

/** Regular hours. The prints of the closing cross come some minutes after the close. */
const us: Calendar = {
  zone: 'America/New_York',
  weekdays: workdays,
  without: ['pre_market', 'after_hours'],
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

/** Index futures of CME Globex, and spot metals: Sunday evening to Friday afternoon, with a halt of an hour each day. */
const cmeGlobex: Calendar = {
  zone: 'America/New_York',
  weekdays: workdays,
  spans: [{ from: '18:00-1', to: '17:00' }],
};

/** Currencies: the day ends at 17:00 in New York, the week on Friday. */
const forex: Calendar = {
  zone: 'America/New_York',
  weekdays: workdays,
  spans: [{ from: '17:00-1', to: '17:00' }],
};

const always: Calendar = {
  zone: 'UTC',
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  spans: [{ from: '00:00', to: '24:00' }],
};

/** Trading hours by market. They hold no holidays and no half days: `withHolidays` adds yours. */
export const calendars = {
  cn,
  cnBondFutures,
  cnFutures,
  cnFutures1am,
  cnFutures11pm,
  cnFuturesDay,
  hk,
  hkFutures,
  us,
  usExtended,
  cmeGlobex,
  forex,
  always,
} as const satisfies Record<string, Calendar>;

type ByCode = (code: string) => Calendar;

const ofProduct: ByCode = (code) => calendars[chineseFutures(code)];
const ofFinancial: ByCode = (code) => calendars[financialFutures(code)];
const ofCurrency: ByCode = (code) => (isMetal(code) ? cmeGlobex : forex);
/** By venue, and by the market of a feed and the venue where the market decides: the same venue has other hours there. */
const byPlace: ReadonlyMap<string, Calendar | ByCode> = new Map<string, Calendar | ByCode>([
  ['SH', cn],
  ['SZ', cn],
  ['BJ', cn],
  ['CN', cn],
  ['CFX', ofFinancial],
  ['SHF', ofProduct],
  ['INE', ofProduct],
  ['DCE', ofProduct],
  ['ZCE', ofProduct],
  ['GFE', ofProduct],
  ['HK', hk],
  ['US', us],
  ['future.US', cmeGlobex],
  ['future.HK', hkFutures],
  ['future.CN', ofProduct],
  ['forex.GB', ofCurrency],
]);

/** What stands behind the name of a feed that has several sockets. */
const SHARD = /#\d+$/;

/**
 * The hours of a symbol: of its product where that is known, else of its venue, else `calendars.always`, which says that
 * nothing is known of them.
 *
 * A symbol alone does not tell `NQ.US`, the future, from `AAPL.US`, the stock. The name of its feed does, where it ends in
 * the market: `itick:future`, which is the default, or `desk:future`.
 */
export const calendarOf = (symbol: string, feed = ''): Calendar => {
  const name: unknown = feed;
  const market = typeof name === 'string' ? name.slice(name.lastIndexOf(':') + 1).replace(SHARD, '') : '';
  const dot = symbol.lastIndexOf('.');
  const venue = symbol.slice(dot + 1);
  const found = byPlace.get(`${market}.${venue}`) ?? byPlace.get(venue) ?? always;
  return typeof found === 'function' ? found(symbol.slice(0, dot)) : found;
};
