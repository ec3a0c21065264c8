import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './files.js';

/** The source behind a door of the package, for each platform it is opened on. */
export interface Door {
  /** `rxtape/itick` */
  readonly name: string;
  readonly node: string;
  /** Absent where the door is for Node only. */
  readonly browser: string | undefined;
}

interface Target {
  readonly types: string;
  readonly default: string;
}

interface Manifest {
  readonly exports: Readonly<
    Record<string, string | Target | Readonly<Record<'node' | 'require' | 'default', Target>>>
  >;
  readonly bin: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;

const sourceOf = (built: string): string => built.replace(/^(\.\/)?dist\/(cjs|esm)\//, '').replace(/\.js$/, '.ts');

/** Every door in the `exports` of package.json but package.json itself. */
export const doors: readonly Door[] = Object.entries(manifest.exports).flatMap(([path, target]): Door[] => {
  const name = `rxtape${path.slice(1)}`;
  if (typeof target === 'string') return [];
  if ('types' in target) return [{ name, node: sourceOf(target.default), browser: undefined }];
  return [{ name, node: sourceOf(target.node.default), browser: sourceOf(target.default.default) }];
});

/** Every file that somebody outside can start from. */
export const entries: readonly string[] = [
  ...doors.flatMap(({ node, browser }) => (browser === undefined ? [node] : [node, browser])),
  ...Object.values(manifest.bin).map(sourceOf),
];
