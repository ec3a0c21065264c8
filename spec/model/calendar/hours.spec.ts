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
    ['eveningBefore', { eveningBefore: 'night' as 'day' }],
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
    ['zone', { zone: undefined as never }],
    ['zone', { zone: 8 as never }],
    ['spans', { spans: undefined as never }],
    ['spans', { spans: '09:30-16:00' as never }],
    ['spans[0]', { spans: [null as never] }],
    ['spans[0].kind', { spans: [{ ...morning, kind: 'auctoin' as never }] }],
    ['weekdays', { weekdays: '12345' as never }],
    ['holidays', { holidays: '2026-12-25' as never }],
    ['holidays', { holidays: null as never }],
    ['halfDays', { halfDays: null as never }],
    ['halfDays', { halfDays: ['2026-12-24'] as never }],
    ['lateOpens', { lateOpens: new Map([['2026-12-24', '13:30']]) as never }],
    ['without', { without: 'pre_market' as never }],
  ] as readonly (readonly [string, Partial<Calendar>])[])('is an InvalidOption that names %s: %j', (what, wrong) => {
    const calendar: Calendar = { ...hk, ...wrong };
    const option: unknown = expect.objectContaining({ _tag: 'InvalidOption', option: `calendar.${what}` });
    expect(() => bucketing('1m', calendar)).toThrow(option as InvalidOption);
    expect(() => isOpen(calendar, 0)).toThrow(InvalidOption);
    expect(() => withHolidays(calendar, {})).toThrow(InvalidOption);
  });

  it.each([null, undefined, 5, 'us', [], {}])('is what is no calendar: %j', (value) => {
    const calendar = value as never;
    expect(() => bucketing('1m', calendar)).toThrow(InvalidOption);
    expect(() => isOpen(calendar, 0)).toThrow(InvalidOption);
    expect(() => withHolidays(calendar, {})).toThrow(InvalidOption);
  });

  it('is one for an interval that is none', () => {
    expect(() => bucketing('7m' as '5m', hk)).toThrow(InvalidOption);
  });

  it.each([
    ['calendar', null],
    ['calendar', 5],
    ['calendar', []],
    ['calendar.holidays', { holidays: '2026-12-25' }],
    ['calendar.holidays', { holidays: null }],
    ['calendar.holidays[0]', { holidays: [20261225] }],
    ['calendar.halfDays', { halfDays: ['2026-12-24'] }],
    ['calendar.halfDays', { halfDays: new Map([['2026-12-24', '12:00']]) }],
    ["calendar.halfDays['2026-12-24']", { halfDays: { '2026-12-24': 1200 } }],
    ['calendar.lateOpens', { lateOpens: 5 }],
  ])('names %s of what is added: %j', (option, added) => {
    const expected: unknown = expect.objectContaining({ _tag: 'InvalidOption', option });
    expect(() => withHolidays(hk, added as never)).toThrow(expected as InvalidOption);
  });

  it('says what is wrong in words', () => {
    expect(() => withHolidays(hk, { halfDays: { '2026-12-24': 'noon' } })).toThrow(
      'invalid option `calendar.halfDays[\'2026-12-24\']` ("noon"): a time is 09:30, 24:00, 21:00-1 or 02:30+1',
    );
  });
});
