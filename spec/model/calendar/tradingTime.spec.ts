import { bucketing } from '../../../lib/model/calendar/bucketing.js';
import { calendars } from '../../../lib/model/calendar/calendars.js';
import { isOpen, tradingTime } from '../../../lib/model/calendar/tradingTime.js';
import { withHolidays } from '../../../lib/model/calendar/withHolidays.js';

const MINUTE = 60_000;
const at = (iso: string): number => Date.parse(iso);

describe('isOpen', () => {
  const hk = withHolidays(calendars.hk, { holidays: ['2026-12-25'], halfDays: { '2026-12-24': '12:00' } });

  it.each([
    ['in the opening auction', '2026-12-23T01:29:59.999Z', false],
    ['at the open', '2026-12-23T01:30:00Z', true],
    ['at the last moment of the morning', '2026-12-23T03:59:59.999Z', true],
    ['at lunch', '2026-12-23T04:00:00Z', false],
    ['in the afternoon', '2026-12-23T05:00:00Z', true],
    ['in the closing auction', '2026-12-23T08:00:00Z', false],
    ['in the afternoon of a half day', '2026-12-24T05:00:00Z', false],
    ['on a holiday', '2026-12-25T02:00:00Z', false],
    ['on a Saturday', '2026-12-26T02:00:00Z', false],
  ])('%s', (_, time, open) => {
    expect(isOpen(hk, at(time))).toBe(open);
  });

  it.each(['2026-12-26T00:00:00Z', '2026-12-26T23:59:59.999Z'])('is always true around the clock: %s', (time) => {
    expect(isOpen(calendars.always, at(time))).toBe(true);
  });
});

describe('tradingTime', () => {
  const { trading } = bucketing('1d', calendars.cn)(at('2026-03-04T03:00Z'));

  it.each([
    ['all of a day', undefined, undefined, 240],
    ['from one moment on', '2026-03-04T03:00Z', undefined, 150],
    ['up to another', undefined, '2026-03-04T03:00Z', 90],
    ['across lunch', '2026-03-04T03:00Z', '2026-03-04T05:30Z', 60],
    ['at lunch', '2026-03-04T03:40Z', '2026-03-04T04:50Z', 0],
    ['the day before', '2026-03-03T03:00Z', '2026-03-03T07:00Z', 0],
    ['backwards', '2026-03-04T03:10Z', '2026-03-04T03:00Z', 0],
  ])('counts %s', (_, from, to, minutes) => {
    expect(tradingTime(trading, from === undefined ? from : at(from), to === undefined ? to : at(to))).toBe(
      minutes * MINUTE,
    );
  });

  it('of nothing is none', () => {
    expect(tradingTime([])).toBe(0);
  });
});
