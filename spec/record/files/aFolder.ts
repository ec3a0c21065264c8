import { join } from 'node:path';
import type { Cassette, Entry } from '../../../lib/record/index.js';
import { leave, leftFolder } from '../../secrets/leftFolder.js';

/** A folder of its own for each spec of a file. */
export const aFolder = (): ((name: string) => string) => {
  let folder = '';
  beforeEach(() => {
    folder = leftFolder();
  });
  afterEach(() => leave(folder));
  return (name) => join(folder, name);
};

/** All entries of a cassette, wherever it is. */
export const read = async ({ blocks }: Cassette): Promise<readonly Entry[]> => {
  const entries: Entry[] = [];
  for await (const block of blocks()) entries.push(...block);
  return entries;
};
