import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root as folder } from './sources/files.js';
import { blocksOf } from './sources/markdown.js';
import { runBlock } from './sources/runBlock.js';

const page = readFileSync(join(folder, 'docs/add-a-provider.md'), 'utf8');
const [provider = '', proof = ''] = blocksOf(page)
  .filter(({ info }) => info === 'ts')
  .map(({ code }) => code);

describe('the provider of the page that tells how to add one', () => {
  // The page's own specs: every clause of the feed contract.
  runBlock(proof, { acme: runBlock(provider)['acme'] });
});
