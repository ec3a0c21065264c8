import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../sources/files.js';
import { blocksOf } from '../sources/markdown.js';

/** The configuration of a server with a user who may only read, as the docs have it. */
export const documented = (): string => {
  const page = readFileSync(join(root, 'docs/beyond-one-process.md'), 'utf8');
  const [block] = blocksOf(page).filter(({ info, code }) => info === 'text' && code.includes('permissions'));
  if (!block) throw new Error('the page has no configuration');
  return block.code;
};
export const owner = { user: 'host', pass: 'change-me' } as const;
export const reader = { user: 'reader', pass: 'change-me-too', inboxPrefix: '_INBOX_reader' } as const;
