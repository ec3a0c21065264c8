import type { Calendar } from '../../../lib/model/calendar/Calendar.js';
import { bucketing } from '../../../lib/model/calendar/bucketing.js';
import { calendars } from '../../../lib/model/calendar/calendars.js';
import { isOpen } from '../../../lib/model/calendar/tradingTime.js';
import { withHolidays } from '../../../lib/model/calendar/withHolidays.js';
import { InvalidOption } from '../../../lib/model/errors.js';

const { hk } = calendars;
const morning = { from: '09:30', to: '12:00' };

describe('an invalid calendar', () => {
  it.each([
    ['zone', { zone: 'Asia/Hongkong-Island' }],
    ['weekdays', { weekdays: [] }],
    ['weekdays', { weekdays: [0, 1] }],
    ['weekdays', { weekdays: [1.5] }],
    ['weekdays', { weekdays: [8] }],
    ['eve', { eve: 'night' as 'day' }],
    ['spans', { spans: [] }],
    ['spans', { spans: [{ ...morning, kind: 'auction' }] }],
    ['spans', { spans: [{ from: '17:00-1', to: '17:01' }] }],
    ['spans[0]', { spans: [{ from: '12:00', to: '09:30' }] }],
    ['spans[0]', { spans: [{ from: '12:00', to: '12:00' }] }],
    ['spans[1]', { spans: [morning, { from: '11:59', to: '16:00' }] }],
    ['spans[0].from', { spans: [{ from: '9:30', to: '12:00' }] }],
    ['spans[0].from', { spans: [{ from: '24:01', to: '12:00+1' }] }],
    ['spans[1].to', { spans: [morning, { from: '13:00', to: '15:60' }] }],
    ['spans[0].to', { spans: [{ from: '13:00', to: '02:30+2' }] }],
    ['holidays[1]', { holidays: ['2026-10-01', '20261002'] }],
    ['holidays[0]', { holidays: ['2026-02-30'] }],
    ['holidays[0]', { holidays: ['2026-13-01'] }],
    ['halfDays', { halfDays: { '24 Dec': '12:00' } }],
    ["halfDays['2026-12-24']", { halfDays: { '2026-12-24': 'noon' } }],
    ["halfDays['2026-12-24']", { halfDays: { '2026-12-24': '09:30' } }],
    ["halfDays['2026-12-24']", { halfDays: { '2026-12-24': '16:01' } }],
    ['lateOpens', { lateOpens: { '24 Dec': '13:30' } }],
    ["lateOpens['2026-12-24']", { lateOpens: { '2026-12-24': 'noon' } }],
    ["lateOpens['2026-12-24']", { lateOpens: { '2026-12-24': '09:30' } }],
    ["lateOpens['2026-12-24']", { lateOpens: { '2026-12-24': '16:00' } }],
    ["lateOpens['2026-12-24']", { halfDays: { '2026-12-24': '12:00' }, lateOpens: { '2026-12-24': '12:00' } }],
    ['without[0]', { without: ['premarket' as 'pre_market'] }],
  ] as readonly (readonly [string, Partial<Calendar>])[])('is an InvalidOption that names %s: %j', (what, wrong) => {
    const calendar: Calendar = { ...hk, ...wrong };
    const option: unknown = expect.objectContaining({ _tag: 'InvalidOption', option: `calendar.${what}` });
    expect(() => bucketing('1m', calendar)).toThrow(option as InvalidOption);
    expect(() => isOpen(calendar, 0)).toThrow(InvalidOption);
    expect(() => withHolidays(calendar, {})).toThrow(InvalidOption);
  });

  it('says what is wrong in words', () => {
    expect(() => withHolidays(hk, { halfDays: { '2026-12-24': 'noon' } })).toThrow(
      'invalid option `calendar.halfDays[\'2026-12-24\']` ("noon"): a time is 09:30, 24:00, 21:00-1 or 02:30+1',
    );
  });
});
