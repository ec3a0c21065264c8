import { parseArgs, type ParseArgsConfig } from 'node:util';
import { depths, klines, quotes, trades, type Interval, type Topic } from '../index.js';
import { Misuse } from './Misuse.js';
import { parseDuration } from './parseDuration.js';
import { parseSources, type Asked } from './parseSources.js';
import type { Colors, Plan, SourceKind } from './Plan.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export const options = {
  quotes: { type: 'boolean' },
  depth: { type: 'boolean' },
  trades: { type: 'boolean' },
  klines: { type: 'string' },
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

/** What is watched when nothing is named. */
const showcase = parseSources(
  'itick:stock AAPL.US TSLA.US 700.HK 600000.SH tickflow 600000.SH 000001.SZ 700.HK AAPL.US'.split(' '),
);

/**
 * What a command line asks for, or `help`.
 *
 * Throws `Misuse` for words and options that make no sense and for a missing credential, and `InvalidTopic` for a
 * malformed symbol or interval.
 */
export const parseCommand = (argv: readonly string[], env: Environment): Plan | 'help' => {
  const { values, positionals } = parsed(argv);
  if (values.help) return 'help';
  const [command = 'watch', ...words] = positionals;
  if (command !== 'watch') throw new Misuse(`"${command}" is not a command; write rxtape watch <source> <symbol>`);

  const has = ({ vendor }: SourceKind): boolean => Boolean(env[variables[vendor].credential]);
  const named = parseSources(words);
  const available = showcase.filter(({ source }) => has(source));
  const demo = values.demo ?? (named.length === 0 && available.length === 0);
  if (demo && values.url !== undefined) throw new Misuse('--demo has a host of its own; leave out --url');
  if (!demo && values.speed !== undefined) throw new Misuse('--speed is for the simulated market; add --demo');

  const asked = named.length > 0 ? named : demo ? showcase : available;
  const plain = !values.quotes && !values.depth && !values.trades && values.klines === undefined;
  const topicsOf = ({ symbols }: Asked): Topic[] => [
    ...(values.quotes || plain ? quotes(...symbols) : []),
    ...(values.depth || (plain && named.length === 0) ? depths(...symbols) : []),
    ...(values.trades ? trades(...symbols) : []),
    ...(values.klines === undefined ? [] : klines(values.klines as Interval, ...symbols)),
  ];
  const accessOf = ({ source: { name, vendor } }: Asked) => {
    if (demo) return { credential: 'demo', url: undefined };
    const { credential, url } = variables[vendor];
    const secret = env[credential];
    if (!secret) throw new Misuse(`${name} needs ${credential} in the environment; add --demo for a simulated market`);
    return { credential: secret, url: values.url ?? (env[url] || undefined) };
  };

  const sources = asked.map((each) => ({ ...each.source, topics: topicsOf(each), ...accessOf(each) }));
  const names = sources.map(({ name }) => name).join(', ');
  return {
    sources,
    title: demo ? `${names} (simulated)` : names,
    simulation: demo ? { speed: speedOf(values.speed) } : undefined,
    display: values.json ? 'json' : env['TERM'] === 'dumb' ? 'lines' : 'table',
    length: values.for === undefined ? undefined : parseDuration(values.for),
    colors: colorsOf(values.colors, env),
  };
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
