import { programsOf } from './sources/pages.js';
import { runBlock } from './sources/runBlock.js';

const programs = programsOf('docs/add-a-provider.md');
const holding = (text: string): string => programs.find((program) => program.includes(text)) ?? '';
const [provider, proof] = [holding('export const acme ='), holding('describeFeed(')];

describe('the provider of the page that tells how to add one', () => {
  // The page's own specs: every clause of the feed contract.
  runBlock(proof, { acme: runBlock(provider)['acme'] });
});
