import { retryAfter, waitIn } from '../../lib/model/retryAfter.js';

const now = Date.UTC(2026, 0, 5, 9, 30);

describe('retryAfter', () => {
  it.each([
    ['3', 3_000],
    ['0', 0],
    [' 3 ', 3_000],
    ['1.5', 1_500],
    ['-5', 0],
    ['9'.repeat(400), Number.MAX_VALUE],
    ['1e400', Number.MAX_VALUE],
    ['5, 3600', 3_600_000],
    ['Monday, 05-Jan-26 09:30:07 GMT', 7_000],
    ['Mon Jan  5 09:30:07 2026', 7_000],
    ['2026-01-05T09:30:07Z', 7_000],
    ['Mon, 05 Jan 2026 09:30:07 GMT', 7_000],
  ])('reads %p as a wait', (header, wait) => {
    expect(retryAfter(header, now)).toBe(wait);
  });

  it('is no wait when the date has passed', () => {
    expect(retryAfter('Mon, 05 Jan 2026 09:29:59 GMT', now)).toBe(0);
  });

  it.each([undefined, '', ' ', 'soon', 'wait 2099', '0x10', '120;', '1_000', '5, soon', 'Infinity', '2099-01-01'])(
    'is undefined for %p',
    (header) => {
      expect(retryAfter(header, now)).toBeUndefined();
    },
  );
});

describe('waitIn', () => {
  it.each([
    ['retry in 30', 30_000],
    ['too many requests; Retry in 1.5 s', 1_500],
    ['try again in 5 minutes', 300_000],
    ['wait 2 hours', 7_200_000],
    ['please wait for 250 ms', 250],
    ['{"code":"RATE_LIMITED","retry_after":30}', 30_000],
    ['{"retry_after_ms": 5000}', 5_000],
    ['{"retryAfterMs":"5000"}', 5_000],
    ['Retry-After: 7', 7_000],
    ['请 3000 ms 后重试', 3_000],
    ['请在 30 秒后重试', 30_000],
    ['请等待 2 分钟后重试', 120_000],
    ['retry in 999999999999999999999 s', 1e24],
  ])('reads what a text asks for: %j', (text, wait) => {
    expect(waitIn(text)).toBe(wait);
  });

  it.each(['', 'retry', 'try again later (code 100045)', 'retry soon, 5 connections', 'wait: none of 12', '30 s'])(
    'reads nothing of %j',
    (text) => {
      expect(waitIn(text)).toBeUndefined();
    },
  );
});
