import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../sources/files.js';

const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly devDependencies: Readonly<Record<string, string>>;
};

/** The Angular versions that are promised: the newest of each, and the one that the other specs run on. */
export const versions = ['20.3.35', devDependencies['@angular/core'] ?? '', '22.2.6'];

const parts = ['core', 'common', 'compiler', 'platform-browser'];

/** Installs an Angular in a folder of its own, with what a page of it needs. Throws with npm's words where it cannot. */
export const installed = (version: string): string => {
  const folder = mkdtempSync(join(tmpdir(), `rxtape-angular-${version}-`));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  const packages = [...parts.map((part) => `@angular/${part}@${version}`), 'zone.js@0.15.1', 'rxjs@7.8.2'];
  const words = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', ...packages];
  const { status, stderr } = spawnSync('npm', words, { cwd: folder, encoding: 'utf8', timeout: 120_000 });
  if (status === 0) return folder;
  throw new Error(
    `Angular ${version} cannot be installed, so nothing is known of it; is the npm registry reachable?\n${stderr}`,
  );
};
