import { help, options } from '../../lib/bin/commandLine.js';
import { sourceNames } from '../../lib/bin/selection.js';
import { intervals } from '../../lib/index.js';

describe('help', () => {
  it('names every option, source and interval', () => {
    for (const word of [...Object.keys(options).map((name) => `--${name}`), ...sourceNames, ...intervals]) {
      expect(help).toContain(word);
    }
  });

  it('fits a terminal of 80 columns', () => {
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
