import { parseMoment } from '../../lib/bin/commandLine.js';

describe('parseMoment', () => {
  it('reads a time, and a time after the beginning', () => {
    expect(parseMoment('2026-11-21T01:30:00Z')).toEqual({ at: Date.UTC(2026, 10, 21, 1, 30) });
    expect(parseMoment('2026-11-21T09:30+08:00')).toEqual({ at: Date.UTC(2026, 10, 21, 1, 30) });
    expect(parseMoment('+10m')).toEqual({ after: 600_000 });
  });

  it.each(['', '10m', '2026', '2026-99-21T01:30:00Z', 'noon'])('rejects "%s"', (text) => {
    expect(() => parseMoment(text)).toThrow(`"${text}" is not a time such as`);
  });

  it('rejects a duration that is none', () => {
    expect(() => parseMoment('+10x')).toThrow('"10x" is not a duration');
  });
});
