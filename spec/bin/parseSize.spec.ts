import { parseSize } from '../../lib/bin/commandLine.js';

describe('parseSize', () => {
  it.each([
    ['500b', 500],
    ['500kb', 500_000],
    ['100MB', 100_000_000],
    ['1.5gb', 1_500_000_000],
  ])('reads %s', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['', '100', '0mb', '-1mb', 'mb', '1tb', '1 mb'])('rejects "%s"', (text) => {
    expect(() => parseSize(text)).toThrow(`"${text}" is not a size such as 500kb, 100mb or 1gb`);
  });
});
