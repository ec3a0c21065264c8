import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** The repository. */
export const root = resolve(__dirname, '../..');

/** Every TypeScript file of the library, as `model/topic.ts`. */
export const libFiles: readonly string[] = readdirSync(join(root, 'lib'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => relative(join(root, 'lib'), join(entry.parentPath, entry.name)))
  .sort();

/** The text of a file of the library. */
export const textOf = (file: string): string => readFileSync(join(root, 'lib', file), 'utf8');

export const isFile = (file: string): boolean => libFiles.includes(file);
