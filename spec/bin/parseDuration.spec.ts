import { parseDuration } from '../../lib/bin/commandLine.js';

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['10s', 10_000],
    ['2m', 120_000],
    ['1.5h', 5_400_000],
  ])('reads %s as %d ms', (text, duration) => {
    expect(parseDuration(text)).toBe(duration);
  });

  it.each(['10', 's', '-1s', '0s', '1d', '1 s', '', '600h', 'ten'])('rejects "%s" by name', (text) => {
    expect(() => parseDuration(text)).toThrow(`"${text}" is not a duration such as 10s, 500ms, 2m or 1h`);
  });
});
