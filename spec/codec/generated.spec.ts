import { readFileSync } from 'node:fs';
import { cwd } from 'node:process';
import { generated } from './generated.js';

describe('the scanners that are checked in', () => {
  it('are those that the codecs make: run `npm run generate` where they are not', () => {
    const modules = generated(cwd());
    expect(modules.length).toBe(3);
    for (const [path, source] of modules) expect(readFileSync(path, 'utf8')).toBe(source);
  });
});
