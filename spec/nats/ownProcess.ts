import { buildSync } from 'esbuild';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../sources/files.js';
import { atEnd } from './atEnd.js';

const running = new Set<ChildProcess>();
atEnd(() => running.forEach((child) => child.kill('SIGKILL')));

const built = new Map<string, string>();

/** Bundled once: a process of its own knows no TypeScript. What is in node_modules stays there. */
const scriptOf = (path: string): string => {
  const known = built.get(path);
  if (known !== undefined) return known;
  const outfile = join(root, 'node_modules/.cache/rxtape', `${path.replaceAll('/', '-')}-${process.pid}.cjs`);
  const entryPoints = [join(root, 'spec', `${path}.ts`)];
  buildSync({ entryPoints, outfile, bundle: true, platform: 'node', packages: 'external', logLevel: 'error' });
  built.set(path, outfile);
  return outfile;
};

/** A process that runs a script below `spec` with some settings, and hands on each line that it writes. */
export const ownProcess = (
  path: string,
  settings: unknown,
  said: { readonly line: (text: string) => void; readonly error: (text: string) => void },
): ChildProcess => {
  const child = spawn(process.execPath, [scriptOf(path), JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  createInterface({ input: child.stdout }).on('line', said.line);
  createInterface({ input: child.stderr }).on('line', said.error);
  return child;
};
