import { retryAfter } from '../../lib/transport/retryAfter.js';

const now = Date.UTC(2026, 0, 5, 9, 30);

describe('retryAfter', () => {
  it.each([
    ['3', 3_000],
    ['0', 0],
    ['Mon, 05 Jan 2026 09:30:07 GMT', 7_000],
  ])('reads %p as a wait', (header, wait) => {
    expect(retryAfter(header, now)).toBe(wait);
  });

  it('is no wait when the date has passed', () => {
    expect(retryAfter('Mon, 05 Jan 2026 09:29:59 GMT', now)).toBe(0);
  });

  it.each([undefined, '', ' ', 'soon'])('is undefined for %p', (header) => {
    expect(retryAfter(header, now)).toBeUndefined();
  });
});
