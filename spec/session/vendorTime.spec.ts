import { quotedTime, withVendorTime } from '../../lib/session/vendorTime.js';
import { aTrade } from '../../lib/testing/builders.js';

const redact = (text: string): string => text.replaceAll('SECRET', '***');

describe('withVendorTime', () => {
  it.each<[string, unknown, number | string]>([
    ['a number as it is', 1.795e18, 1.795e18],
    ['a number below zero as it is', -1, -1],
    ['a number that JSON does not have as text', NaN, 'NaN'],
    ['infinity as text', -Infinity, '-Infinity'],
    ['a text as it is', '2026-11-29T09:30:00', '2026-11-29T09:30:00'],
    ['a text of 64 characters as it is', 'x'.repeat(64), 'x'.repeat(64)],
    ['a longer text cut', 'x'.repeat(65), `${'x'.repeat(63)}…`],
    ['a text without the credential', `SECRET${'x'.repeat(100)}`, `***${'x'.repeat(60)}…`],
    ['an object by what it is', { token: 'SECRET' }, 'an object'],
    ['a list by what it is', ['SECRET'], 'an array'],
    ['a truth as text', true, 'true'],
  ])('keeps %s', (_, sent, vendorTime) => {
    expect(quotedTime(withVendorTime(aTrade(), sent), redact)).toStrictEqual({ ...aTrade(), vendorTime });
  });

  it.each([0, '', '0', null, undefined])('leaves the event as it is where no stamp was sent: %j', (sent) => {
    const event = aTrade();
    expect(withVendorTime(event, sent)).toBe(event);
  });
});
