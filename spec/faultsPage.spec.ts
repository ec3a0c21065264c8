import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './sources/files.js';
import { blocksOf } from './sources/markdown.js';
import { runBlock } from './sources/runBlock.js';

const page = readFileSync(join(root, 'docs/faults.md'), 'utf8');
const specs = blocksOf(page).filter(({ info, code }) => info === 'ts' && /^it\(/m.test(code));

describe('the specs of the page that tells of faults', () => {
  it('are there', () => {
    expect(specs).toHaveLength(1);
  });

  specs.forEach(({ code }) => runBlock(code));
});
