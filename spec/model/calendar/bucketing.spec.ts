import { bucketing, nextBucket, type Bucket } from '../../../lib/model/calendar/bucketing.js';
import type { Calendar } from '../../../lib/model/calendar/Calendar.js';
import { calendars } from '../../../lib/model/calendar/calendars.js';
import { withHolidays } from '../../../lib/model/calendar/withHolidays.js';
import type { Interval } from '../../../lib/model/interval.js';

const { cn, cnBondFutures, cnFutures, cnFutures11pm, cnFuturesDay, cmeGlobex, forex, hk, hkFutures, us, always } =
  calendars;

/** Globex: from Sunday evening to Friday afternoon, with an hour's pause each day. */
const globex: Calendar = {
  zone: 'America/Chicago',
  weekdays: [1, 2, 3, 4, 5],
  spans: [{ from: '17:00-1', to: '16:00' }],
};

/** Osaka: the night session after a day belongs to that day. */
const osaka: Calendar = {
  zone: 'Asia/Tokyo',
  weekdays: [1, 2, 3, 4, 5],
  spans: [
    { from: '08:45', to: '15:45' },
    { from: '17:00', to: '06:00+1' },
  ],
};

const at = (iso: string): number => Date.parse(iso);
const utc = (time: number): string => new Date(time).toISOString().slice(0, 16);

/** `2026-03-06 09:30` */
const wall = (time: number, zone: string): string =>
  new Date(time).toLocaleString('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });

/** The buckets from the one of a moment on, as long as they open before another. */
const buckets = (interval: Interval, calendar: Calendar, from: string, before: string): readonly Bucket[] => {
  const bucketOf = bucketing(interval, calendar);
  const found: Bucket[] = [];
  for (let next = bucketOf(at(from)); next.openTime < at(before); next = nextBucket(bucketOf, next)) found.push(next);
  return found;
};

/** `09:30-10:30 10:30-11:30` in the exchange's clock. */
const hours = (calendar: Calendar, bars: readonly Bucket[]): string =>
  bars
    .map(({ openTime, closeTime }) =>
      [openTime, closeTime].map((time) => wall(time, calendar.zone).slice(11)).join('-'),
    )
    .join(' ');

const bucketAt = (interval: Interval, calendar: Calendar, iso: string): string => {
  const { openTime, closeTime } = bucketing(interval, calendar)(at(iso));
  return `${wall(openTime, calendar.zone)} ${wall(closeTime, calendar.zone)}`;
};

describe('the bars of a day', () => {
  it.each([
    ['cn', '1h', '09:30-10:30 10:30-11:30 13:00-14:00 14:00-15:00'],
    ['cn', '2h', '09:30-11:30 13:00-15:00'],
    ['cn', '4h', '09:30-11:30 13:00-15:00'],
    ['hk', '1h', '09:30-10:30 10:30-11:30 11:30-12:00 13:00-14:00 14:00-15:00 15:00-16:00'],
    ['hk', '2h', '09:30-11:30 11:30-12:00 13:00-15:00 15:00-16:00'],
    ['hk', '4h', '09:30-12:00 13:00-16:00'],
    ['us', '1h', '09:30-10:30 10:30-11:30 11:30-12:30 12:30-13:30 13:30-14:30 14:30-15:30 15:30-16:00'],
    ['us', '2h', '09:30-11:30 11:30-13:30 13:30-15:30 15:30-16:00'],
    ['us', '4h', '09:30-13:30 13:30-16:00'],
    [
      'usExtended',
      '2h',
      '04:00-06:00 06:00-08:00 08:00-09:30 09:30-11:30 11:30-13:30 13:30-15:30 15:30-16:00 16:00-18:00 18:00-20:00',
    ],
    ['cn', '12h', '09:30-11:30 13:00-15:00'],
    ['us', '6h', '09:30-15:30 15:30-16:00'],
    ['always', '6h', '00:00-06:00 06:00-12:00 12:00-18:00 18:00-00:00'],
    ['always', '8h', '00:00-08:00 08:00-16:00 16:00-00:00'],
    ['always', '12h', '00:00-12:00 12:00-00:00'],
    ['always', '4h', '00:00-04:00 04:00-08:00 08:00-12:00 12:00-16:00 16:00-20:00 20:00-00:00'],
  ] as const)('start where the exchange’s do: %s %s', (market, interval, expected) => {
    const calendar = calendars[market];
    const [from, before] = [bucketing('1d', calendar)(at('2026-03-04T12:00Z')), at('2026-03-05T12:00Z')];
    const bars = buckets(interval, calendar, new Date(from.since).toISOString(), new Date(before).toISOString());
    expect(
      hours(
        calendar,
        bars.filter(({ openTime }) => openTime < from.closeTime),
      ),
    ).toBe(expected);
  });

  it('of cnFutures begin with the night before', () => {
    expect(hours(cnFutures, buckets('1h', cnFutures, '2026-03-03T13:00Z', '2026-03-04T12:00Z'))).toBe(
      '21:00-22:00 22:00-23:00 23:00-00:00 00:00-01:00 01:00-02:00 02:00-02:30 ' +
        '09:00-10:00 10:00-10:15 10:30-11:30 13:30-14:30 14:30-15:00',
    );
  });

  it.each([
    ['1s', 14_400],
    ['1m', 240],
    ['3m', 80],
    ['5m', 48],
    ['15m', 16],
    ['30m', 8],
  ] as const)('of cn in %s are %d', (interval, count) => {
    expect(buckets(interval, cn, '2026-03-03T16:00Z', '2026-03-04T16:00Z')).toHaveLength(count);
  });
});

describe('a day on which the clocks change', () => {
  it.each([
    ['the Friday before spring', '2026-03-06', '2026-03-06T14:30'],
    ['the Monday after it', '2026-03-09', '2026-03-09T13:30'],
    ['the Friday before winter', '2026-10-30', '2026-10-30T13:30'],
    ['the Monday after it', '2026-11-02', '2026-11-02T14:30'],
  ])('moves the American open in UTC: %s', (_, date, open) => {
    expect(utc(bucketing('1h', us)(at(`${date}T12:00Z`)).openTime)).toBe(open);
  });

  it.each([
    ['the week that loses an hour', '2026-03-03T12:00Z', '2026-03-02T05:00', '2026-03-09T04:00'],
    ['the week that gains one', '2026-10-28T12:00Z', '2026-10-26T04:00', '2026-11-02T05:00'],
  ])('ends a week at midnight in New York: %s', (_, time, open, close) => {
    const { openTime, closeTime } = bucketing('1w', us)(at(time));
    expect([utc(openTime), utc(closeTime)]).toEqual([open, close]);
  });

  it('has bars of 4 hours all the same, and a short or a missing one at its end', () => {
    const berlin: Calendar = { ...always, zone: 'Europe/Berlin' };
    expect(hours(berlin, buckets('4h', berlin, '2026-03-28T23:00Z', '2026-03-29T22:00Z'))).toBe(
      '00:00-05:00 05:00-09:00 09:00-13:00 13:00-17:00 17:00-21:00 21:00-00:00',
    );
    expect(hours(berlin, buckets('4h', berlin, '2026-10-24T22:00Z', '2026-10-25T23:00Z'))).toBe(
      '00:00-03:00 03:00-07:00 07:00-11:00 11:00-15:00 15:00-19:00 19:00-23:00 23:00-00:00',
    );
  });

  it('gives an hour that comes twice to one day each time', () => {
    const early: Calendar = { ...always, zone: 'Europe/Berlin', spans: [{ from: '02:30', to: '02:30+1' }] };
    const bucketOf = bucketing('1d', early);
    expect(utc(bucketOf(at('2026-10-25T00:45Z')).openTime)).toBe('2026-10-24T00:30');
    expect(utc(bucketOf(at('2026-10-25T01:45Z')).openTime)).toBe('2026-10-25T01:30');
  });

  it('leaves Globex its 23 hours from Sunday evening', () => {
    const bars = buckets('1h', globex, '2026-03-08T22:00Z', '2026-03-09T21:30Z');
    expect(bars).toHaveLength(23);
    expect(bars.map(({ openTime }) => utc(openTime))[0]).toBe('2026-03-08T22:00');
  });
});

describe('days, weeks and months', () => {
  it.each([
    ['a day', '1d', cn, '2026-03-04T02:00Z', '2026-03-04 00:00 2026-03-05 00:00'],
    ['a week', '1w', cn, '2026-03-04T02:00Z', '2026-03-02 00:00 2026-03-09 00:00'],
    ['a month', '1M', cn, '2026-03-04T02:00Z', '2026-03-01 00:00 2026-04-01 00:00'],
    ['the last day of a year', '1d', us, '2026-12-31T20:00Z', '2026-12-31 00:00 2027-01-01 00:00'],
    ['the week across new year', '1w', us, '2026-12-31T20:00Z', '2026-12-28 00:00 2027-01-04 00:00'],
    ['the last month of a year', '1M', hk, '2026-12-31T02:00Z', '2026-12-01 00:00 2027-01-01 00:00'],
    ['a leap day', '1d', hk, '2028-02-29T02:00Z', '2028-02-29 00:00 2028-03-01 00:00'],
    ['a leap February', '1M', hk, '2028-02-29T02:00Z', '2028-02-01 00:00 2028-03-01 00:00'],
    ['a week before the epoch', '1w', us, '1969-12-31T20:00Z', '1969-12-29 00:00 1970-01-05 00:00'],
    ['a Monday that opens on Sunday', '1d', globex, '2026-03-02T00:00Z', '2026-03-01 17:00 2026-03-02 17:00'],
    ['a week that opens on Sunday', '1w', globex, '2026-03-04T00:00Z', '2026-03-01 17:00 2026-03-08 17:00'],
    ['a Monday that opens on Friday', '1d', cnFutures, '2026-03-06T14:00Z', '2026-03-06 20:55 2026-03-09 20:55'],
    [
      'a month that opens before the weekend',
      '1M',
      cnFutures,
      '2026-01-30T14:00Z',
      '2026-01-30 20:55 2026-02-27 20:55',
    ],
    ['a day that ends the morning after', '1d', osaka, '2026-03-06T20:30Z', '2026-03-06 08:45 2026-03-07 08:45'],
  ] as const)('are those of the exchange: %s', (_, interval, calendar, time, expected) => {
    expect(bucketAt(interval, calendar, time)).toBe(expected);
  });

  it('join when every date is traded', () => {
    const bars = buckets('1d', always, '2026-02-27T12:00Z', '2026-03-05T00:00Z');
    expect(bars.slice(1).map(({ openTime }) => openTime)).toEqual(bars.slice(0, -1).map(({ closeTime }) => closeTime));
  });

  it('hold the trading time of their sessions, without breaks', () => {
    const spans = bucketing('1w', hk)(at('2026-03-04T02:00Z')).trading;
    expect(spans).toHaveLength(10);
    expect(spans.map(({ from, to }) => `${wall(from, hk.zone)} ${wall(to, hk.zone)}`).slice(0, 2)).toEqual([
      '2026-03-02 09:30 2026-03-02 12:00',
      '2026-03-02 13:00 2026-03-02 16:00',
    ]);
  });
});

describe('a half day', () => {
  const eve = withHolidays(hk, { halfDays: { '2026-12-24': '12:00', '2026-12-31': '11:50' } });

  it.each([
    ['2026-12-24', '09:30-10:30 10:30-11:30 11:30-12:00'],
    ['2026-12-31', '09:30-10:30 10:30-11:30 11:30-11:50'],
  ])('ends when it closes: %s', (date, expected) => {
    expect(hours(eve, buckets('1h', eve, `${date}T01:00Z`, `${date}T16:00Z`))).toBe(expected);
  });

  it('gives what comes after its close to its last bar', () => {
    expect(bucketAt('1h', eve, '2026-12-24T07:30Z')).toBe('2026-12-24 11:30 2026-12-24 12:00');
  });

  it('in Hong Kong futures has no after hours, and its morning may end in the break', () => {
    const christmas = withHolidays(calendars.hkFutures, {
      holidays: ['2026-12-25'],
      halfDays: { '2026-12-24': '12:30' },
    });
    const traded = (iso: string): readonly string[] =>
      bucketing('1d', christmas)(at(iso)).trading.map(({ from, to }) => `${utc(from)} ${utc(to)}`);
    expect(traded('2026-12-24T02:00Z')).toEqual([
      '2026-12-23T09:15 2026-12-23T19:00',
      '2026-12-24T01:15 2026-12-24T04:30',
    ]);
    expect(traded('2026-12-28T02:00Z')).toEqual([
      '2026-12-28T01:15 2026-12-28T04:00',
      '2026-12-28T05:00 2026-12-28T08:30',
    ]);
    expect(traded('2026-12-29T02:00Z')[0]).toBe('2026-12-28T09:15 2026-12-28T19:00');
  });

  it('takes its closing auction along', () => {
    expect(utc(bucketing('1m', eve)(at('2026-12-24T04:05Z')).settleTime)).toBe('2026-12-24T04:10');
  });
});

describe('a late open', () => {
  const typhoon = withHolidays(hk, { lateOpens: { '2020-08-19': '13:30', '2020-10-13': '10:00' } });
  const day = (calendar: Calendar, date: string): string =>
    hours(calendar, buckets('1h', calendar, `${date}T00:30Z`, `${date}T15:00Z`));

  it.each([
    ['2020-08-18', '09:30-10:30 10:30-11:30 11:30-12:00 13:00-14:00 14:00-15:00 15:00-16:00'],
    ['2020-08-19', '13:30-14:30 14:30-15:30 15:30-16:00'],
    ['2020-10-13', '10:00-11:00 11:00-12:00 13:00-14:00 14:00-15:00 15:00-16:00'],
  ])('is where the bars of the day begin: %s', (date, expected) => {
    expect(day(typhoon, date)).toBe(expected);
  });

  it('gives what comes before it to its first bar', () => {
    expect(bucketAt('1m', typhoon, '2020-08-19T09:20+08:00')).toBe('2020-08-19 13:30 2020-08-19 13:31');
  });

  it('leaves the morning out of the trading time of the day', () => {
    expect(bucketing('1d', typhoon)(at('2020-08-19T14:00+08:00')).trading).toEqual([
      { from: at('2020-08-19T13:30+08:00'), to: at('2020-08-19T16:00+08:00') },
    ]);
  });

  it('leaves the night before alone, and cuts a session that crosses it', () => {
    const spans = (calendar: Calendar, iso: string): readonly string[] =>
      bucketing(
        '1d',
        calendar,
      )(at(iso)).trading.map(({ from, to }) => `${wall(from, calendar.zone)} ${wall(to, calendar.zone).slice(11)}`);
    const lateOpens = { '2026-07-08': '13:30' };
    expect(spans(withHolidays(hkFutures, { lateOpens }), '2026-07-08T14:00+08:00')).toEqual([
      '2026-07-07 17:15 03:00',
      '2026-07-08 13:30 16:30',
    ]);
    expect(spans(withHolidays(cmeGlobex, { lateOpens }), '2026-07-08T14:00-04:00')).toEqual(['2026-07-08 13:30 17:00']);
  });
});

describe('a day without a midnight', () => {
  it.each([
    ['America/Havana', '2026-03-08', '2026-03-08T05:00', '2026-03-09T04:00'],
    ['America/Santiago', '2026-09-06', '2026-09-06T04:00', '2026-09-07T03:00'],
    ['Atlantic/Azores', '2026-03-29', '2026-03-29T01:00', '2026-03-30T00:00'],
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00', '2026-04-24T21:00'],
    ['Asia/Beirut', '2026-03-29', '2026-03-28T22:00', '2026-03-29T21:00'],
    ['America/Asuncion', '2023-10-01', '2023-10-01T04:00', '2023-10-02T03:00'],
  ])('begins at its first moment: %s %s', (zone, date, open, close) => {
    const bucketOf = bucketing('1d', { ...always, zone });
    const { openTime, closeTime } = bucketOf(at(`${date}T12:00Z`));
    expect([utc(openTime), utc(closeTime)]).toEqual([open, close]);
    expect(bucketOf(openTime - 1).closeTime).toBe(openTime);
    expect(bucketing('1h', { ...always, zone })(openTime)).toMatchObject({ openTime, closeTime: openTime + 3_600_000 });
  });

  it.each([
    ['Asia/Amman', '2021-10-29', '2021-10-28T21:00'],
    ['America/Havana', '2026-11-01', '2026-11-01T04:00'],
    ['Atlantic/Azores', '2026-10-25', '2026-10-25T00:00'],
  ])('is no other than one with two of them, which begins at the first: %s %s', (zone, date, open) => {
    const { openTime, closeTime } = bucketing('1d', { ...always, zone })(at(`${date}T12:00Z`));
    expect(utc(openTime)).toBe(open);
    expect(closeTime - openTime).toBe(25 * 3_600_000);
  });
});

describe('the hours of futures and currencies', () => {
  const trading = (calendar: Calendar, iso: string): readonly string[] =>
    bucketing(
      '1d',
      calendar,
    )(at(iso)).trading.map(
      ({ from, to }) => `${wall(from, calendar.zone).slice(5)} ${wall(to, calendar.zone).slice(11)}`,
    );

  it.each([
    ['Globex from Sunday evening', cmeGlobex, '2026-03-09T16:00Z', ['03-08 18:00 17:00']],
    ['Globex on Friday', cmeGlobex, '2026-03-13T16:00Z', ['03-12 18:00 17:00']],
    ['Globex on Friday evening', cmeGlobex, '2026-03-13T23:00Z', ['03-12 18:00 17:00']],
    ['currencies from Sunday evening', forex, '2026-03-08T22:00Z', ['03-08 17:00 17:00']],
    ['bond futures in Shanghai', cnBondFutures, '2026-03-04T03:00Z', ['03-04 09:30 11:30', '03-04 13:00 15:15']],
    [
      'Hong Kong on Friday',
      hkFutures,
      '2026-03-06T03:00Z',
      ['03-05 17:15 03:00', '03-06 09:15 12:00', '03-06 13:00 16:30'],
    ],
    [
      'Hong Kong on Friday evening',
      hkFutures,
      '2026-03-06T12:00Z',
      ['03-06 17:15 03:00', '03-09 09:15 12:00', '03-09 13:00 16:30'],
    ],
    [
      'Hong Kong on the evening before a holiday',
      withHolidays(hkFutures, { holidays: ['2026-10-01'] }),
      '2026-09-30T12:00Z',
      ['09-30 17:15 03:00', '10-02 09:15 12:00', '10-02 13:00 16:30'],
    ],
    [
      'rebar at night',
      cnFutures11pm,
      '2026-03-06T14:00Z',
      ['03-06 21:00 23:00', '03-09 09:00 10:15', '03-09 10:30 11:30', '03-09 13:30 15:00'],
    ],
    ['hogs by day', cnFuturesDay, '2026-03-06T14:00Z', ['03-06 09:00 10:15', '03-06 10:30 11:30', '03-06 13:30 15:00']],
  ] as const)('are those of %s', (_, calendar, time, expected) => {
    expect(trading(calendar, time)).toEqual(expected);
  });
});

describe('the next bucket', () => {
  it('is after the half day, the holiday and the weekend', () => {
    const christmas = withHolidays(hk, { holidays: ['2026-12-25'], halfDays: { '2026-12-24': '12:00' } });
    const bucketOf = bucketing('1h', christmas);
    const { openTime } = nextBucket(bucketOf, bucketOf(at('2026-12-24T11:45+08:00')));
    expect(openTime).toBe(at('2026-12-28T09:30+08:00'));
  });
});

describe('a night session', () => {
  const around = withHolidays(cnFutures, {
    holidays: ['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'],
  });

  it('on Friday belongs to Monday', () => {
    const bucketOf = bucketing('1d', cnFutures);
    const [friday, saturday, monday] = ['2026-03-06T06:00Z', '2026-03-06T17:00Z', '2026-03-09T06:00Z']
      .map(at)
      .map(bucketOf);
    expect(saturday).toBe(monday);
    expect(saturday).not.toBe(friday);
  });

  it('is not held before a holiday, nor at its end', () => {
    const trading = (iso: string): readonly string[] =>
      bucketing('1d', around)(at(iso)).trading.map(({ from }) => wall(from, around.zone));
    expect(trading('2026-09-30T02:00Z')[0]).toBe('2026-09-29 21:00');
    expect(trading('2026-10-08T02:00Z')[0]).toBe('2026-10-08 09:00');
    expect(trading('2026-10-09T02:00Z')[0]).toBe('2026-10-08 21:00');
  });

  it('before a holiday that nobody trades in belongs to the last bar', () => {
    expect(bucketAt('1h', around, '2026-09-30T13:30Z')).toBe('2026-09-30 14:30 2026-09-30 15:00');
  });
});

describe('a moment outside the trading hours', () => {
  const national = withHolidays(cn, { holidays: ['2026-10-01', '2026-10-02'] });

  it.each([
    ['the opening auction', 'cn', '2026-03-04T01:25Z', '09:30-09:31'],
    ['the opening auction', 'hk', '2026-03-04T01:20Z', '09:30-09:31'],
    ['the morning before it', 'hk', '2026-03-03T22:00Z', '09:30-09:31'],
    ['the closing auction', 'hk', '2026-03-04T08:08Z', '15:59-16:00'],
    ['the closing cross', 'us', '2026-03-04T21:00:02Z', '15:59-16:00'],
    ['the last second of a morning', 'cn', '2026-03-04T03:30Z', '11:29-11:30'],
    ['the first half of a lunch break', 'cn', '2026-03-04T04:14:59Z', '11:29-11:30'],
    ['the second half of a lunch break', 'cn', '2026-03-04T04:15Z', '13:00-13:01'],
    ['the evening', 'us', '2026-03-05T03:00Z', '15:59-16:00'],
    ['the pre-market', 'us', '2026-03-04T10:00Z', '09:30-09:31'],
    ['the pre-market', 'usExtended', '2026-03-04T10:00Z', '05:00-05:01'],
    ['the closing cross', 'usExtended', '2026-03-04T21:00:02Z', '16:00-16:01'],
  ] as const)('belongs to the nearest bar of its day: %s, %s', (_, market, time, expected) => {
    const calendar = calendars[market];
    expect(hours(calendar, [bucketing('1m', calendar)(at(time))])).toBe(expected);
  });

  it.each([
    ['a Saturday', '1h', '2026-09-26T04:00Z', '2026-09-25 14:00 2026-09-25 15:00'],
    ['a Sunday', '1w', '2026-09-27T04:00Z', '2026-09-21 00:00 2026-09-28 00:00'],
    ['a holiday', '1m', '2026-10-01T02:00Z', '2026-09-30 14:59 2026-09-30 15:00'],
    ['a holiday in another month', '1M', '2026-10-01T02:00Z', '2026-09-01 00:00 2026-10-01 00:00'],
  ] as const)('on a day without trading belongs to the bar before it: %s', (_, interval, time, expected) => {
    expect(bucketAt(interval, national, time)).toBe(expected);
  });

  it('leaves no trading time behind it', () => {
    const { openTime, closeTime, trading } = bucketing('30m', cn)(at('2026-03-04T12:00Z'));
    expect(trading).toEqual([{ from: openTime, to: closeTime }]);
  });
});

describe('a bucket', () => {
  it.each([
    ['in the middle of the day', '1m', '2026-03-04T03:00Z', '2026-03-04T03:01'],
    ['before the closing auction', '1m', '2026-03-04T07:59Z', '2026-03-04T08:10'],
    ['of a day', '1d', '2026-03-04T03:00Z', '2026-03-04T16:00'],
  ] as const)('settles when nothing more is due: %s', (_, interval, time, settled) => {
    expect(utc(bucketing(interval, hk)(at(time)).settleTime)).toBe(settled);
  });

  it('is the same object for all its moments', () => {
    const bucketOf = bucketing('5m', us);
    const [first, second] = ['2026-03-04T15:00Z', '2026-03-04T15:06Z'].map(at).map(bucketOf);
    expect(bucketOf(at('2026-03-04T15:04:59.999Z'))).toBe(first);
    expect(bucketOf(at('2026-03-04T15:05Z'))).toBe(second);
  });

  it('is found again after more of them than a day has', () => {
    const bucketOf = bucketing('1m', always);
    const [start, first] = [at('2026-03-04T00:00Z'), bucketOf(at('2026-03-04T00:00Z'))];
    for (let minute = 1; minute <= 1_500; minute += 1) bucketOf(start + minute * 60_000);
    expect(bucketOf(start)).toEqual(first);
  });

  it.each([NaN, Infinity, -Infinity, 1e300, Date.parse('2026-03-04') * 1e6])('is never that of no time: %d', (time) => {
    expect(() => bucketing('1m', always)(time)).toThrow(RangeError);
    expect(() => bucketing('1d', cn)(time)).toThrow(RangeError);
  });

  it('skips a week of holidays', () => {
    const golden = withHolidays(cn, {
      holidays: [1, 2, 3, 4, 5, 6, 7, 8].map((day) => `2026-10-0${day}`),
    });
    const weeks = buckets('1w', golden, '2026-09-23T04:00Z', '2026-10-19T00:00Z');
    expect(weeks.map(({ openTime, trading }) => `${wall(openTime, cn.zone).slice(5, 10)} ${trading.length}`)).toEqual([
      '09-21 10',
      '09-28 6',
      '10-05 2',
      '10-12 10',
      '10-19 10',
    ]);
  });
});
