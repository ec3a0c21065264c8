import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Misuse } from './Misuse.js';
import { parseDuration } from './parseDuration.js';
import type { Asked } from './parseSources.js';
import type { Colors, Command, Plan, SourceKind } from './Plan.js';
import { wishOf } from './wish.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export const options = {
  quotes: { type: 'boolean' },
  depth: { type: 'boolean' },
  trades: { type: 'boolean' },
  klines: { type: 'string' },
  levels: { type: 'string' },
  interval: { type: 'string' },
  demo: { type: 'boolean' },
  speed: { type: 'string' },
  url: { type: 'string' },
  json: { type: 'boolean' },
  for: { type: 'string' },
  colors: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

const variables = {
  itick: { credential: 'ITICK_TOKEN', url: 'ITICK_URL' },
  tickflow: { credential: 'TICKFLOW_API_KEY', url: 'TICKFLOW_URL' },
} as const;

/**
 * What a command line asks for, or `help`.
 *
 * Throws `Misuse` for words and options that make no sense and for a missing credential, and `InvalidTopic` for a
 * malformed symbol or interval.
 */
export const parseCommand = (argv: readonly string[], env: Environment): Plan | 'help' => {
  const { values, positionals } = parsed(argv);
  if (values.help) return 'help';
  const [name = 'watch', ...words] = positionals;
  const { command, named, showcase, topicsOf } = wishOf(name, words, values);

  const has = ({ vendor }: SourceKind): boolean => Boolean(env[variables[vendor].credential]);
  const available = showcase.filter(({ source }) => has(source));
  const demo = values.demo ?? (named.length === 0 && available.length === 0);
  if (demo && values.url !== undefined) throw new Misuse('--demo has a host of its own; leave out --url');
  if (!demo && values.speed !== undefined) throw new Misuse('--speed is for the simulated market; add --demo');

  const asked = named.length > 0 ? named : demo ? showcase : available;
  const accessOf = ({ source: { name, vendor } }: Asked) => {
    if (demo) return { credential: 'demo', url: undefined };
    const { credential, url } = variables[vendor];
    const secret = env[credential];
    if (!secret) throw new Misuse(`${name} needs ${credential} in the environment; add --demo for a simulated market`);
    return { credential: secret, url: values.url ?? (env[url] || undefined) };
  };

  const sources = asked.map((each) => ({ ...each.source, topics: topicsOf(each), ...accessOf(each) }));
  const title = titleOf(command, sources.map(({ name }) => name).join(', '));
  return {
    command,
    sources,
    title: demo ? `${title} (simulated)` : title,
    simulation: demo ? { speed: speedOf(values.speed) } : undefined,
    display: values.json ? 'json' : env['TERM'] === 'dumb' ? 'lines' : 'table',
    length: values.for === undefined ? undefined : parseDuration(values.for),
    colors: colorsOf(values.colors, env),
    blocks: hasBlocks(env),
  };
};

const titleOf = (command: Command, names: string): string => {
  if (command.kind === 'watch') return names;
  return command.kind === 'book' ? `${command.symbol} of ${names}` : `${command.interval} bars of ${names}`;
};

const parsed = (argv: readonly string[]) => {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    // Node goes on to explain how a positional may begin with a dash, which no symbol does.
    throw new Misuse((error as Error).message.split(/\. |\n/)[0]);
  }
};

const speedOf = (text = '1'): number => {
  const speed = Number(text);
  if (speed > 0 && speed <= 1_000) return speed;
  throw new Misuse(`"${text}" is not a speed; write how many times faster, from 0.1 to 1000`);
};

/** In China red is up; elsewhere green is. */
const colorsOf = (text: string | undefined, env: Environment): Colors => {
  if (text !== undefined && text !== 'cn' && text !== 'us' && text !== 'none') {
    throw new Misuse(`"${text}" is not one of the colors cn (red is up), us (green is up) and none`);
  }
  if (text !== undefined) return text;
  if (env['NO_COLOR']) return 'none';
  return /^zh/i.test(env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '') ? 'cn' : 'us';
};

/** Whether a terminal is likely to know the characters that bars are drawn with. */
const hasBlocks = (env: Environment): boolean =>
  env['TERM'] !== 'dumb' && /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '');
