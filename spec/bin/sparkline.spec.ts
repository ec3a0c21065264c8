import fc from 'fast-check';
import { sparkline } from '../../lib/bin/format.js';

describe('sparkline', () => {
  it('draws a character for each number, from the lowest to the highest', () => {
    expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8], true)).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([8, 1, 4.5], true)).toBe('█▁▅');
    expect(sparkline([-1, 0, 1], false)).toBe('_=#');
  });

  it('is flat when nothing differs, and empty without numbers', () => {
    expect(sparkline([7, 7], true)).toBe('▅▅');
    expect(sparkline([], true)).toBe('');
  });

  it('never draws a higher number lower', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 2 }), (values) => {
        const line = sparkline(values, true);
        expect(line).toHaveLength(values.length);
        const [a = 0, b = 0] = values;
        if (a <= b) expect(line.charCodeAt(0)).toBeLessThanOrEqual(line.charCodeAt(1));
      }),
    );
  });
});
