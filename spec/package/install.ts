import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

// Jest loads this file without its module map, hence no import of ours.
const root = resolve(__dirname, '../..');

/**
 * Packs the package as it would be published and installs it in an empty folder, once for all specs in here: neither
 * the compiler nor Jest nor a link to this folder would notice what is missing from the tarball.
 */
const install = (): void => {
  const folder = mkdtempSync(join(tmpdir(), 'rxtape-'));
  npm(root, 'pack', '--pack-destination', folder);
  const { version, devDependencies } = manifest();
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  npm(folder, 'install', '--prefer-offline', `./rxtape-${version}.tgz`, `rxjs@${devDependencies.rxjs}`);
  process.env['RXTAPE_INSTALLED'] = folder;
};

const npm = (cwd: string, ...words: readonly string[]): void => {
  execFileSync('npm', [...words, '--silent'], { cwd, stdio: ['ignore', 2, 2] });
};

const manifest = () =>
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string;
    readonly devDependencies: { readonly rxjs: string };
  };

// eslint-disable-next-line no-restricted-exports -- Jest calls the default export
export default install;
