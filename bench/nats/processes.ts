import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsServer } from '../../spec/nats/natsServer.js';
import type { Job } from './child.js';

export type Line = Readonly<Record<string, unknown>>;

export interface Child {
  readonly process: ChildProcess;
  readonly lines: readonly Line[];
  readonly last: (kind: string) => Line | undefined;
}

export const children = new Set<ChildProcess>();
process.once('exit', () => children.forEach((child) => child.kill('SIGKILL')));

export const start = (job: Job): Child => {
  const child = spawn(process.execPath, [join(__dirname, 'child.js'), JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  const lines: Line[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line) as Line));
  return { process: child, lines, last: (kind) => lines.filter((line) => line['kind'] === kind).at(-1) };
};

/** Ends all processes, and the server. */
export const endAll = async (server: NatsServer): Promise<void> => {
  for (const child of children) child.kill('SIGKILL');
  await server.stop();
};

export const isOwner = (child: Child): boolean =>
  child.process.exitCode === null && child.process.signalCode === null && child.last('state')?.['role'] === 'owner';

export const until = async (isSo: () => boolean, within: number): Promise<void> => {
  const end = performance.now() + within;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`not within ${within} ms: ${String(isSo)}`);
    await sleep(5);
  }
};

/** A row of figures in milliseconds, as a line. */
export const line = (name: string, values: readonly number[]): void => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): string =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN).toString();
  console.log(`  ${name}: ${values.length}, median ${at(0.5)} ms, worst ${at(1)} ms`);
};
