import { programsOf } from '../sources/pages.js';
import { runBlock } from '../sources/runBlock.js';

const declared = runBlock(programsOf('docs/add-a-provider.md')[0] ?? '');

describe('docs/testing.md', () => {
  // Each program sees what those before it export.
  programsOf('docs/testing.md').forEach((code) => Object.assign(declared, runBlock(code, declaredBy(code))));
});

/** What a program declares without having it. */
function declaredBy(code: string): Record<string, unknown> {
  return Object.fromEntries(
    [...code.matchAll(/^declare const (\w+)/gm)].map(([, name = '']) => [name, declared[name]]),
  );
}
