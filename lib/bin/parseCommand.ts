import { commandLine, type Values } from './commandLine.js';
import type { Environment } from './Environment.js';
import { looksOf } from './looksOf.js';
import { Misuse } from './Misuse.js';
import { parseDuration } from './parseDuration.js';
import { parseReplay, tapesIn } from './parseReplay.js';
import { parseSize } from './parseSize.js';
import type { Command, Order, Plan, RecordPlan } from './Plan.js';
import { sourcesOf } from './sourcesOf.js';
import { titleOf } from './titleOf.js';
import { wishOf, type Wish } from './wish.js';

/**
 * What a command line asks for, or `help`.
 *
 * Throws `Misuse` for words and options that make no sense and for a missing credential, and `InvalidTopic` for a
 * malformed symbol or interval.
 */
export const parseCommand = (argv: readonly string[], env: Environment): Order | 'help' => {
  const line = commandLine(argv);
  if (line === 'help') return 'help';
  const { name, words, values } = line;
  switch (name) {
    case 'replay':
      return parseReplay(words, values, env);
    case 'inspect':
      return { order: 'inspect', tapes: tapesIn(words, name), json: values.json ?? false };
    case 'record':
      return recordPlan(wishOf('watch', words, values), values, env);
    default:
      return watchPlan(wishOf(name, words, values), values, env);
  }
};

const watchPlan = (wish: Wish, values: Values, env: Environment): Plan => {
  const live = sourcesOf(wish, values, env);
  const simulated = live.simulation !== undefined;
  return {
    order: 'watch',
    ...live,
    ...titled(wish.command, live),
    command: wish.command,
    simulated,
    ...looksOf(values, env),
  };
};

const recordPlan = (wish: Wish, values: Values, env: Environment): RecordPlan => {
  const { out, force = false, 'max-bytes': bytes, 'max-age': age } = values;
  if (!out) throw new Misuse('a recording needs a file; add --out tape.ndjson.gz');
  if (force && (bytes ?? age) !== undefined) {
    throw new Misuse('--force has no use with --max-bytes and --max-age: each file gets the next free number');
  }
  const live = sourcesOf(wish, values, env);
  return {
    order: 'record',
    ...live,
    ...titled(wish.command, live),
    out,
    force,
    maxBytes: bytes === undefined ? undefined : parseSize(bytes),
    maxAge: age === undefined ? undefined : parseDuration(age),
    redraws: env['TERM'] !== 'dumb',
  };
};

const titled = (
  command: Command,
  { sources, simulation }: Pick<Plan, 'sources' | 'simulation'>,
): Pick<Plan, 'title'> => {
  const title = titleOf(command, sources.map(({ name }) => name).join(', '));
  return { title: simulation ? `${title} (simulated)` : title };
};
