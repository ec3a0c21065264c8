import { buildSync } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../sources/files.js';

/** The console as it is installed: what it needs lies beside it, and what is optional lies there only if it was asked for. */
const installed = (...packages: readonly string[]): string => {
  const folder = mkdtempSync(join(tmpdir(), 'rxtape-console-'));
  for (const name of packages) {
    const place = join(folder, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), place);
  }
  const entryPoints = [join(root, 'lib/bin/rxtape.ts')];
  // Splitting keeps what is imported late a file of its own, as it is in the package.
  buildSync({
    entryPoints,
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  });
  return folder;
};

const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: object };
const needed = ['rxjs', ...Object.keys(dependencies)];
const nats = ['transport-node', 'nats-core', 'jetstream', 'kv'].map((name) => `@nats-io/${name}`);
const commands = ['serve itick:stock --demo --nats nats://127.0.0.1:1', 'watch nats://127.0.0.1:1/us AAPL.US'];

describe('the console without the packages of NATS', () => {
  let folder: string | undefined;
  afterEach(() => folder !== undefined && rmSync(folder, { recursive: true, force: true }));

  const run = (line: string) => {
    const words = [join(folder ?? '', 'rxtape.mjs'), ...line.split(' ')];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    return { status, stdout, stderr: stderr.replace(/^rxtape: watching .*\n/, '') };
  };

  it.each([
    ['none', []],
    ['only some', nats.slice(0, 3)],
  ])('says in one line what to install when there are %s of them', (_, some) => {
    folder = installed(...needed, ...some);
    for (const line of commands) {
      const { status, stdout, stderr } = run(line);
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(
        /^rxtape: (nats:\S+: )?NATS needs packages that are not installed: npm install (@nats-io\/\S+ ?){4}\n$/,
      );
    }
    expect(run('--help')).toMatchObject({ status: 0, stderr: '' });
  });

  it('gets as far as the server with them', () => {
    folder = installed(...needed, ...nats);
    for (const line of commands) expect(run(line).stderr).toMatch(/no NATS server answers .*connection refused/);
  });
});
