import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './files.js';
import { blocksOf } from './markdown.js';

/** The programs of a page: a block that imports begins one, and a block that does not goes on with it. */
export const programsOf = (page: string): readonly string[] => {
  const programs: string[] = [];
  for (const { info, code } of blocksOf(readFileSync(join(root, page), 'utf8'))) {
    if (info !== 'ts') continue;
    if (programs.length === 0 || /^import /m.test(code)) programs.push(code);
    else programs.push(`${programs.pop() ?? ''}\n${code}`);
  }
  return programs;
};
