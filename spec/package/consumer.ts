import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packed } from './packed.js';

/** The folder in which the packed package is installed; see `install.ts`. */
export const { folder } = packed();

/** Writes a file beside the installed package and returns its path. */
export const written = (name: string, text: string): string => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
};

/** What a program prints. Throws with all it said when it fails, or does not end by itself. */
export const output = (program: string, ...words: readonly string[]): string => outputIn(folder, program, ...words);

/** The same, in a folder of its own. */
export const outputIn = (cwd: string, program: string, ...words: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, encoding: 'utf8', timeout: 240_000 });
  if (status !== 0) throw new Error(`${[program, ...words].join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
};

/** What a script prints, as JSON. */
export const printed = (name: string, text: string): unknown =>
  JSON.parse(output(process.execPath, written(name, text)));
