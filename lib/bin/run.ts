import { fromEvent, lastValueFrom, merge, map, takeUntil, timer, NEVER, type Observable } from 'rxjs';
import { startSimulator, type Simulator, type SimulatorOptions } from '../simulator/index.js';
import { displayOf } from './displayOf.js';
import { printable } from './format.js';
import { help } from './help.js';
import type { Io, Output } from './Io.js';
import { openSource } from './openSource.js';
import { parseCommand, type Environment } from './parseCommand.js';
import type { Plan } from './Plan.js';

const STOPPED = 0;
const FAILED = 1;
const MISUSED = 2;

/**
 * Runs the console until it is stopped, and returns its exit code once all is written.
 *
 * 0 when somebody stopped it, its time was up or its reader left; 1 when a feed ended with an error; 2 for a command
 * line that cannot be obeyed. Whatever goes wrong is one line on stderr.
 */
export const run = async (argv: readonly string[], env: Environment, io: Io): Promise<number> => {
  const { stdout, stderr } = io;
  // A stream may find its reader gone after everything else has ended; unheard, that would end Node.
  for (const out of [stdout, stderr]) out.on('error', () => undefined);
  try {
    const command = parseCommand(argv, env);
    if (command === 'help') stdout.write(help);
    else await watch(command, io);
    return STOPPED;
  } catch (error) {
    const misused = isMisuse(error);
    stderr.write(`rxtape: ${printable((error as Error).message)}${misused ? '; see rxtape --help' : ''}\n`);
    return misused ? MISUSED : FAILED;
  } finally {
    await Promise.all([stdout, stderr].map(flushed));
  }
};

const watch = async (plan: Plan, io: Io): Promise<void> => {
  const simulator = plan.simulation && (await startSimulator(rushed(plan.simulation.speed)));
  try {
    await lastValueFrom(shown(plan, io, simulator), { defaultValue: undefined });
  } finally {
    await simulator?.close();
  }
};

/** A market that runs faster, behind vendors whose patience with us does not. */
const rushed = (speed: number): SimulatorOptions => ({
  speed,
  itick: { heartbeatLimit: 60_000 * speed },
  tickflow: { pingEvery: 30_000 * speed },
});

const shown = (plan: Plan, io: Io, simulator: Simulator | undefined): Observable<never> => {
  const { stdout, stderr, interrupted$ } = io;
  const heard$ = merge(...plan.sources.map((source) => openSource(source, simulator?.url)));
  const display = plan.display === 'table' && !stdout.isTTY ? 'lines' : plan.display;
  if (display !== 'table') stderr.write(`rxtape: watching ${plan.title}\n`);
  const timeIsUp$ = plan.length === undefined ? NEVER : timer(plan.length);
  return heard$.pipe(displayOf(plan, display, io), takeUntil(merge(interrupted$, timeIsUp$, readerLeft(stdout))));
};

/** Emits when nobody reads any more; fails when writing fails for any other reason. */
const readerLeft = (out: Output): Observable<unknown> =>
  fromEvent(out, 'error').pipe(
    map((error) => {
      if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error as Error;
    }),
  );

const flushed = (out: NodeJS.WritableStream): Promise<void> =>
  new Promise((resolve) => {
    out.write('', () => resolve());
  });

const misuses: readonly unknown[] = ['Misuse', 'InvalidTopic', 'InvalidOption'];

const isMisuse = (error: unknown): boolean => misuses.includes((error as { readonly _tag?: unknown })._tag);
