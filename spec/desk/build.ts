import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
// eslint-disable-next-line @typescript-eslint/no-require-imports -- Jest loads this file without its map of `.js` to `.ts`
import packing = require('../package/packed');

/** Builds the Angular example against the packed package, as its user would, and keeps what the build said. */
const build = (): void => {
  const { clone, tarball } = packing.packed();
  const desk = join(clone, 'examples/angular-desk');
  const manifest = join(desk, 'package.json');
  const said = JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies: Record<string, string> };
  said.dependencies['rxtape'] = `file:${tarball}`;
  writeFileSync(manifest, JSON.stringify(said));

  run(desk, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock');
  writeFileSync(join(desk, 'build.log'), run(desk, process.execPath, 'node_modules/@angular/cli/bin/ng.js', 'build'));
};

/** Says what it does, as it may take a minute, and returns what the program said. */
const run = (cwd: string, program: string, ...words: readonly string[]): string => {
  const line = [program, ...words].join(' ');
  process.stderr.write(`desk: ${line}\n`);
  const env = { ...process.env, NG_CLI_ANALYTICS: 'false' };
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, env, encoding: 'utf8' });
  const said = `${stdout}${stderr}`;
  if (status !== 0) throw new Error(`${line} ended with ${status} in ${cwd}\n${said}`);
  return said;
};

// eslint-disable-next-line no-restricted-exports -- Jest calls the default export
export default build;
