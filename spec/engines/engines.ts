import { existsSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:process';
import { join } from 'node:path';
import { root } from '../sources/files.js';
import { npm } from './ran.js';

/** Something that runs JavaScript or compiles TypeScript, from a package of npm. */
export interface Engine {
  /** As the table of docs/engines.md heads its column: `Node 22.23.5`. */
  readonly name: string;
  /** The packages, each with its version. */
  readonly packages: readonly string[];
  /** The program, in the folder of the engine. */
  readonly path: string;
  /** What stands before the name of a script. */
  readonly words: readonly string[];
}

const node = (version: string): Engine => {
  const name = `node-${platform}-${arch}`;
  return {
    name: `Node ${version}`,
    packages: [`${name}@${version}`],
    path: `node_modules/${name}/bin/node`,
    words: [],
  };
};

/** The oldest Node that is promised. */
export const node20 = node('20.19.0');
export const node22 = node('22.23.5');
export const node24 = node('24.22.3');
export const node26 = node('26.12.1');

export const bun: Engine = { name: 'Bun 1.4.5', packages: ['bun@1.4.5'], path: 'node_modules/.bin/bun', words: [] };

export const deno: Engine = {
  name: 'Deno 2.9.6',
  packages: ['deno@2.9.6'],
  path: 'node_modules/.bin/deno',
  words: ['run', '--allow-all', '--no-check', '--node-modules-dir=manual'],
};

/** Cloudflare's runtime, by the program that their tools run it with. */
export const workerd: Engine = {
  name: 'workerd 1.20260730.1',
  packages: ['miniflare@4.20260730.0'],
  path: 'node_modules/.bin/workerd',
  words: [],
};

const typescript = (version: string): Engine => ({
  name: `TypeScript ${version}`,
  packages: [`typescript@${version}`],
  path: 'node_modules/typescript/bin/tsc',
  words: [],
});

/** From the oldest that is promised to the newest. */
export const compilers = ['5.4.5', '5.9.3', '6.0.3', '7.0.2'].map(typescript);

/** Kept from run to run, out of the way of git. */
const cache = join(root, 'node_modules/.cache/rxtape-engines');

/**
 * The folder of an engine; installs it there when it is not yet. Throws with npm's words where it cannot.
 */
export const folderOf = ({ name, packages, path }: Engine): string => {
  const folder = join(cache, packages.join('_').replace(/\W+/g, '-'));
  if (existsSync(join(folder, path))) return folder;
  process.stderr.write(`installs ${name}\n`);
  mkdirSync(cache, { recursive: true });
  // One that was stopped in the middle must not be taken for an engine.
  const begun = mkdtempSync(join(cache, 'begun-'));
  writeFileSync(join(begun, 'package.json'), JSON.stringify({ private: true }));
  npm(begun, process.execPath, ...packages);
  renameSync(begun, folder);
  return folder;
};

export const programOf = (engine: Engine): string => join(folderOf(engine), engine.path);
