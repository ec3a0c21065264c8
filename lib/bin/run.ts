import type { Environment } from './Environment.js';
import { printable } from './format.js';
import { help } from './help.js';
import { inspectTape } from './inspectTape.js';
import type { Io } from './Io.js';
import { parseCommand } from './parseCommand.js';
import type { Order } from './Plan.js';
import { recordTape } from './recordTape.js';
import { replayTape } from './replayTape.js';
import { watch } from './watch.js';

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
    const order = parseCommand(argv, env);
    if (order === 'help') stdout.write(help);
    else await obey(order, io);
    return STOPPED;
  } catch (error) {
    const misused = isMisuse(error);
    stderr.write(`rxtape: ${printable((error as Error).message)}${misused ? '; see rxtape --help' : ''}\n`);
    return misused ? MISUSED : FAILED;
  } finally {
    await Promise.all([stdout, stderr].map(flushed));
  }
};

const obey = (order: Order, io: Io): Promise<void> => {
  switch (order.order) {
    case 'watch':
      return watch(order, io);
    case 'record':
      return recordTape(order, io);
    case 'replay':
      return replayTape(order, io);
    case 'inspect':
      return inspectTape(order, io);
  }
};

const flushed = (out: NodeJS.WritableStream): Promise<void> =>
  new Promise((resolve) => {
    out.write('', () => resolve());
  });

const misuses: readonly unknown[] = ['Misuse', 'InvalidTopic', 'InvalidOption'];

const isMisuse = (error: unknown): boolean => misuses.includes((error as { readonly _tag?: unknown })._tag);
