import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as iots from 'io-ts';
import * as rxjs from 'rxjs';
import ts from 'typescript';
import * as root from '../lib/index.js';
import * as session from '../lib/session/index.js';
import * as testing from '../lib/testing/index.js';
import { root as folder } from './sources/files.js';
import { blocksOf } from './sources/markdown.js';

const doors: Readonly<Record<string, unknown>> = {
  rxjs,
  'io-ts': iots,
  rxtape: root,
  'rxtape/session': session,
  'rxtape/testing': testing,
};

/** Runs a block of the page as a module, with what it only declares; gives what it exports. */
const run = (code: string, declared: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const exported: Record<string, unknown> = {};
  const names = ['require', 'exports', ...Object.keys(declared)];
  const values = [(door: string) => doors[door], exported, ...Object.values(declared)];
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the page is ours
  new Function(...names, outputText)(...values);
  return exported;
};

const page = readFileSync(join(folder, 'docs/add-a-provider.md'), 'utf8');
const [provider = '', proof = ''] = blocksOf(page)
  .filter(({ info }) => info === 'ts')
  .map(({ code }) => code);

describe('the provider of the page that tells how to add one', () => {
  // The page's own specs: every clause of the feed contract.
  run(proof, { acme: run(provider, {})['acme'] });
});
