import fc from 'fast-check';
import { isStamp, momentOf } from '../../lib/model/moment.js';

const at = 1_731_689_407_123;

it.each([
  ['seconds', at / 1_000, at],
  ['whole seconds', 1_731_689_407, 1_731_689_407_000],
  ['milliseconds', at, at],
  ['microseconds', at * 1_000 + 456, at],
  ['nanoseconds', Number(`${at}456789`), at],
  ['nanoseconds as TickFlow sends them', 1.795e18, 1_795_000_000_000],
  ['seconds in text', '1731689407.123', at],
  ['milliseconds in text', String(at), at],
  ['microseconds in text', `${at}456`, at],
  ['nanoseconds in text', `${at}456789`, at],
  ['a number in text with an exponent', '1.731689407123e12', at],
  ['ISO text', '2024-11-15T16:50:07.123Z', at],
  ['ISO text to the nanosecond', '2024-11-15T16:50:07.123456789Z', at],
  ['ISO text with a zone', '2024-11-16T00:50:07.123+08:00', at],
  ['ISO text with a zone to the west', '2024-11-15T11:50:07.123-0500', at],
  ['ISO text with a zone of half an hour', '2024-11-15T22:20:07.123+05:30', at],
  ['ISO text without a zone', '2024-11-15T16:50:07.123', at],
  ['ISO text with a space', '2024-11-15 16:50:07.123Z', at],
  ['ISO text to the minute', '2024-11-15T16:50Z', 1_731_689_400_000],
  ['a leap second', '2016-12-31T23:59:60Z', 1_483_228_800_000],
  ['midnight as the end of a day', '2024-11-15T24:00:00Z', 1_731_715_200_000],
  ['the beginning of virtual time', 0.001, 1],
])('the moment of %s is known', (_, sent, moment) => {
  expect(momentOf(sent)).toBe(moment);
});

it.each([
  0,
  -1,
  -at,
  NaN,
  Infinity,
  1e20,
  1e300,
  2e14,
  2e17,
  '',
  ' ',
  'soon',
  '0x19',
  '2024-11-15',
  '2024-13-15T16:50:07Z',
  '2024-02-30T16:50:07Z',
  '2024-11-15T25:50:07Z',
  '0001-01-01T00:00:00Z',
  '1'.repeat(1_000_000),
  `2024-11-15T16:50:07.${'1'.repeat(1_000_000)}Z`,
  true,
  {},
  [at],
  null,
  undefined,
])('%p is no time', (sent) => {
  expect(momentOf(sent)).toBeUndefined();
});

it('each moment of this century is known in all units and forms', () => {
  fc.assert(
    fc.property(fc.integer({ min: 978_307_200_000, max: 4_102_444_800_000 }), (time) => {
      const forms = [time, time / 1_000, time * 1_000, String(time), new Date(time).toISOString()];
      forms.forEach((form) => expect(momentOf(form)).toBe(time));
      expect(momentOf(`${time}000000`)).toBe(time);
    }),
  );
});

it('whatever is sent, its moment is undefined or one that a calendar holds', () => {
  fc.assert(
    fc.property(fc.oneof(fc.double(), fc.string(), fc.jsonValue(), fc.bigInt().map(String)), (sent) => {
      const time = momentOf(sent);
      expect(time === undefined || (time > 0 && time <= 253_402_300_799_999)).toBe(true);
    }),
  );
});

it.each([0, '0', '', null, undefined])('%p says that there is no stamp', (sent) => {
  expect(isStamp(sent)).toBe(false);
});

it.each([1, -1, 'soon', true, {}])('%p is a stamp', (sent) => {
  expect(isStamp(sent)).toBe(true);
});
