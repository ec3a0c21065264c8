import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { manifest, packed, peers } from '../package/packed.js';
import { root } from '../sources/files.js';
import { programOf, type Engine } from './engines.js';
import { npm, ran, type Ended, type RunOptions } from './ran.js';

/** An empty project in which the packed package and the peers of its doors were installed. */
export interface Project {
  readonly folder: string;
  /** Runs a script of the project on the engine. */
  readonly run: (script: string, words?: readonly string[], options?: RunOptions) => Promise<Ended>;
  /** A script of the project, as a page or a worker gets it: one file, without Node. */
  readonly bundle: (source: string, name: string, conditions: readonly string[]) => Promise<string>;
}

/** Installs it with the npm of this machine, run by the Node that is given. */
export const projectOn = (engine: Engine, node = process.execPath): Project => {
  const { folder: beside, tarball } = packed();
  const folder = join(beside, '../engines', engine.name.replace(/\W+/g, '-'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  cpSync(join(root, 'spec/engines/programs'), folder, { recursive: true });
  const { devDependencies } = manifest();
  process.stderr.write(`${engine.name}: installs rxtape\n`);
  npm(folder, node, tarball, ...peers.map((name) => `${name}@${devDependencies[name]}`));

  return {
    folder,
    run: (script, words = [], options) => ran(folder, programOf(engine), [...engine.words, script, ...words], options),
    bundle: async (source, name, conditions) => {
      const outfile = join(folder, name);
      await build({
        stdin: { contents: source, resolveDir: folder, loader: 'js' },
        outfile,
        conditions: [...conditions],
        bundle: true,
        format: 'esm',
        platform: 'browser',
        logLevel: 'silent',
      });
      return outfile;
    },
  };
};
