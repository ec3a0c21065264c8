import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
// eslint-disable-next-line @typescript-eslint/no-require-imports -- Jest loads this file without its map of `.js` to `.ts`
import alone = require('./alone');

const root = resolve(__dirname, '../..');
const parts = [
  'package.json',
  'tsconfig.json',
  'lib',
  'docs',
  'examples',
  'README.md',
  'README.zh-CN.md',
  'CHANGELOG.md',
  'LICENSE',
];
const isMade = (path: string): boolean => ['node_modules', 'dist', '.angular'].includes(basename(path));

export interface Packed {
  /** A copy of the repository, built: to build it where it is would pull `dist` from under whoever uses it. */
  readonly clone: string;
  /** An empty folder with the tarball in it. */
  readonly folder: string;
  readonly tarball: string;
}

/** Packs the package as it would be published, once for all projects of a run. */
export const packed = (): Packed => {
  const home = (process.env['RXTAPE_PACKED'] ??= pack());
  const folder = join(home, 'consumer');
  const { version } = manifest();
  return { clone: join(home, 'clone'), folder, tarball: join(folder, `rxtape-${version}.tgz`) };
};

const pack = (): string => {
  alone.checkAlone(tmpdir());
  const home = mkdtempSync(join(tmpdir(), 'rxtape-'));
  const clone = join(home, 'clone');
  const folder = join(home, 'consumer');
  mkdirSync(folder);
  for (const part of parts) {
    cpSync(join(root, part), join(clone, part), { recursive: true, filter: (path) => !isMade(path) });
  }
  const tools = join(clone, 'node_modules');
  symlinkSync(join(root, 'node_modules'), tools);
  npm(clone, 'pack', '--pack-destination', folder);
  // The desk lies below, and must not find there what it forgets to install.
  rmSync(tools);
  return home;
};

export const npm = (cwd: string, ...words: readonly string[]): void => {
  execFileSync('npm', [...words, '--silent'], { cwd, stdio: ['ignore', 2, 2] });
};

/** What the doors of the package need, and a user installs. */
export const peers = [
  'rxjs',
  '@angular/core',
  '@nats-io/nats-core',
  '@nats-io/jetstream',
  '@nats-io/kv',
  '@opentelemetry/api',
] as const;

export const manifest = () =>
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string;
    readonly devDependencies: Readonly<Record<(typeof peers)[number], string>>;
  };
