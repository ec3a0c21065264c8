import { programsOf } from './sources/pages.js';
import { runBlock } from './sources/runBlock.js';

const [provider = '', proof = ''] = programsOf('docs/add-a-provider.md');

describe('the provider of the page that tells how to add one', () => {
  // The page's own specs: every clause of the feed contract.
  runBlock(proof, { acme: runBlock(provider)['acme'] });
});
