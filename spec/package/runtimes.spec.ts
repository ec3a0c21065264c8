import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../sources/files.js';
import { blocksOf } from '../sources/markdown.js';
import { folder, written } from './consumer.js';

const project = dirname(written('runtimes/package.json', JSON.stringify({ private: true, type: 'module' })));
execFileSync(
  'npm',
  ['install', '--no-save', '--prefer-offline', '--silent', 'deno@2.9.6', 'miniflare@4.20260730.0', 'esbuild@0.28.2'],
  { cwd: project },
);

/** The block of a recipe, with the token of the simulator and its address. */
const recipe = (title: string, url: string): string => {
  const section = readFileSync(join(root, 'docs/recipes.md'), 'utf8').split(`## ${title}\n`)[1] ?? '';
  const [{ code } = { code: '' }] = blocksOf(section).filter(({ info }) => info === 'ts');
  const where = `url: '${url}', market:`;
  return code.replace("'your token'", "'demo'").replace('market:', where);
};

const simulator = `
  import { startSimulator } from 'rxtape/simulator';
  const { url } = await startSimulator({ seed: 7, speed: 10 });
  console.log(url);`;

/** Bundles a worker as Cloudflare's tools do, runs it in their runtime, and prints what a client of it is sent. */
const client = `
  import { build } from 'esbuild';
  import { Miniflare } from 'miniflare';
  const { outputFiles: [{ text: script }] } = await build({
    entryPoints: [process.argv[2]], bundle: true, format: 'esm', conditions: ['workerd', 'worker', 'browser'], write: false,
  });
  const worker = new Miniflare({ modules: true, script, bindings: { TOKEN: 'demo' }, compatibilityDate: '2026-04-01' });
  const { body } = await worker.dispatchFetch('http://localhost/?symbol=AAPL.US&symbol=700.HK');
  for await (const part of body) process.stdout.write(part);`;

const running: ChildProcess[] = [];
afterAll(() => running.forEach((child) => child.kill('SIGKILL')));

/** What a program prints until it has printed so much. */
const printedUntil = async (wanted: RegExp, cwd: string, program: string, ...words: string[]): Promise<string> => {
  const child = spawn(program, words, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let text = '';
  const ended = once(child, 'exit').then(() => true);
  child.stderr.on('data', (data: Buffer) => (text += data.toString()));
  child.stdout.on('data', (data: Buffer) => (text += data.toString()));
  while (!wanted.test(text)) {
    const isOver = await Promise.race([ended, once(child.stdout, 'data').then(() => false)]);
    if (isOver && !wanted.test(text)) throw new Error(`${program} ended, and printed\n${text}`);
  }
  return text;
};

describe('another runtime', () => {
  let url = '';
  beforeAll(async () => {
    url = (await printedUntil(/\n/, folder, process.execPath, written('simulator.mjs', simulator))).trim();
  });

  it('makes bars: Deno', async () => {
    const script = written('deno.ts', recipe('Run in Deno', url));
    const deno = join(project, 'node_modules/.bin/deno');
    const words = ['run', '--allow-all', '--no-check', '--node-modules-dir=manual', script];
    expect(await printedUntil(/BTCUSDT\.BA [\d.]+ [\d.]+ (true|false)/, folder, deno, ...words)).not.toContain('rror');
  });

  it('serves events: a Cloudflare Worker', async () => {
    const worker = written('worker.ts', recipe('Run in a Cloudflare Worker', url));
    const script = written('runtimes/client.mjs', client);
    const text = await printedUntil(/event: quote\n/, project, process.execPath, script, worker);
    expect(text).toMatch(/^event: connected\ndata: {/);
  });
});
