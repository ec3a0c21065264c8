import * as iots from 'io-ts';
import * as rxjs from 'rxjs';
import ts from 'typescript';
import * as root from '../../lib/index.js';
import * as itick from '../../lib/providers/itick/index.js';
import * as session from '../../lib/session/index.js';
import * as testing from '../../lib/testing/index.js';

const doors: Readonly<Record<string, unknown>> = {
  rxjs,
  'io-ts': iots,
  rxtape: root,
  'rxtape/itick': itick,
  'rxtape/session': session,
  'rxtape/testing': testing,
};

/**
 * Runs a block of a page, or several as one, as a module, with what it only declares; gives what it exports. `modules` stand in
 * for what it imports, or add to it.
 */
export const runBlock = (
  code: string,
  declared: Readonly<Record<string, unknown>> = {},
  modules: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> => {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const exported: Record<string, unknown> = {};
  const names = ['require', 'exports', ...Object.keys(declared)];
  const values = [(door: string) => modules[door] ?? doors[door], exported, ...Object.values(declared)];
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the page is ours
  new Function(...names, outputText)(...values);
  return exported;
};
