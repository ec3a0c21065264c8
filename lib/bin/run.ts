import type { AnyPlan, Environment } from './Plan.js';
import { printable } from './format.js';
import { showHistory } from './commands/history.js';
import { inspectFiles } from './commands/inspect.js';
import type { Io } from './terminal.js';
import { parseCommand } from './args.js';
import { recordToFile } from './commands/record.js';
import { replayFiles } from './commands/replay.js';
import { serve } from './commands/serve.js';
import { simulate } from './commands/simulate.js';
import { watch } from './commands/watch.js';

const STOPPED = 0;
const FAILED = 1;
const MISUSED = 2;

/**
 * Runs the console until it is stopped, and returns its exit code once all is written.
 *
 * 0 when it was stopped, its time was up or its reader left; 1 when a feed ended with an error, or its time was up and nothing had come;
 * 2 for a bad command line. Each error is one line on stderr.
 */
export const run = async (argv: readonly string[], env: Environment, io: Io): Promise<number> => {
  const { stdout, stderr } = io;
  // A stream may find its reader gone after everything else has ended; watchSilence, that would end Node.
  for (const out of [stdout, stderr]) out.on('error', () => undefined);
  try {
    const command = parseCommand(argv, env, io.version);
    if (typeof command === 'string') stdout.write(command);
    else await execute(command, io);
    return STOPPED;
  } catch (error) {
    const isMisused = isUsageError(error);
    stderr.write(`rxtape: ${printable((error as Error).message)}${isMisused ? '; see rxtape --help' : ''}\n`);
    return isMisused ? MISUSED : FAILED;
  } finally {
    await Promise.all([stdout, stderr].map(flushed));
  }
};

const execute = (command: AnyPlan, io: Io): Promise<void> => {
  switch (command.kind) {
    case 'watch':
      return watch(command, io);
    case 'record':
      return recordToFile(command, io);
    case 'replay':
      return replayFiles(command, io);
    case 'inspect':
      return inspectFiles(command, io);
    case 'simulate':
      return simulate(command, io);
    case 'serve':
      return serve(command, io);
    case 'history':
      return showHistory(command, io);
  }
};

const flushed = (out: NodeJS.WritableStream): Promise<void> =>
  new Promise((resolve) => {
    out.write('', () => resolve());
  });

const usageErrors: readonly unknown[] = ['UsageError', 'InvalidTopic', 'InvalidOption'];

const isUsageError = (error: unknown): boolean => usageErrors.includes((error as { readonly _tag?: unknown })._tag);
