import { parseArgs, type ParseArgsConfig } from 'node:util';
import { intervals, isInterval, type Interval } from '../index.js';
import { LONGEST_TIMER } from '../model/longestTimer.js';
import { suggestion } from './nearest.js';
import type { StartMoment } from './Plan.js';

/** A command line that cannot be obeyed. The message is for the person who typed it. */
export class UsageError extends Error {
  readonly _tag = 'UsageError';
}

export const options = {
  quotes: { type: 'boolean' },
  depth: { type: 'boolean' },
  bbo: { type: 'boolean' },
  health: { type: 'boolean' },
  trades: { type: 'boolean' },
  klines: { type: 'string' },
  levels: { type: 'string' },
  interval: { type: 'string' },
  out: { type: 'string' },
  force: { type: 'boolean' },
  'max-bytes': { type: 'string' },
  'max-age': { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  csv: { type: 'boolean' },
  history: { type: 'boolean' },
  'no-history': { type: 'boolean' },
  'rest-url': { type: 'string' },
  'calls-per-minute': { type: 'string' },
  standby: { type: 'string' },
  demo: { type: 'boolean' },
  speed: { type: 'string' },
  url: { type: 'string' },
  port: { type: 'string' },
  nats: { type: 'string' },
  name: { type: 'string' },
  lease: { type: 'string' },
  json: { type: 'boolean' },
  for: { type: 'string' },
  colors: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

/** The name of an option. */
export type Option = keyof typeof options;

const kinds = ['quotes', 'depth', 'bbo', 'trades', 'klines'] as const;
const live = ['demo', 'speed', 'url', 'for'] as const;
const looks = ['json', 'colors'] as const;

/** The options of each command. */
export const commands = {
  watch: [...kinds, 'health', 'standby', ...live, ...looks],
  live: [...kinds, 'health', 'url', 'for', ...looks],
  book: ['levels', ...live, ...looks],
  klines: ['interval', 'history', 'no-history', 'calls-per-minute', 'rest-url', ...live, ...looks],
  record: [...kinds, ...live, 'out', 'force', 'max-bytes', 'max-age'],
  replay: [...kinds, 'speed', 'from', 'levels', 'for', ...looks],
  inspect: ['json'],
  history: ['from', 'to', 'csv', 'json', 'calls-per-minute', 'rest-url', 'demo'],
  simulate: ['port', 'speed', 'for'],
  serve: ['nats', 'name', 'lease', ...live, 'json'],
} as const satisfies Readonly<Record<string, readonly Option[]>>;

/** The name of a command. */
export type CommandName = keyof typeof commands;

const names = Object.keys(commands) as readonly CommandName[];

/** Whether a word is a command. */
export const isCommand = (name: string): name is CommandName => (names as readonly string[]).includes(name);

const takes = (name: CommandName, option: Option): boolean => (commands[name] as readonly Option[]).includes(option);

/** What the options say. */
export type Values = ReturnType<typeof parsed>['values'];

/** What a line asks for: a command, the words after it and its options; or a text of its own. */
export type CommandLine =
  | { readonly name: CommandName; readonly words: readonly string[]; readonly values: Values }
  | { readonly name: 'help'; readonly about: string | undefined }
  | { readonly name: 'version' };

/**
 * Reads a line. Without a command it is `watch`, also where the first word is a source or a symbol. Throws `UsageError`, also for options
 * of other commands.
 */
export const commandLine = (argv: readonly string[], isTopic: (word: string) => boolean): CommandLine => {
  const { values, positionals } = parsed(argv);
  const [first = 'watch', ...more] = positionals;
  if (values.help || first === 'help') return { name: 'help', about: first === 'help' ? more[0] : positionals[0] };
  if (values.version) return { name: 'version' };
  const [name, words] = !isCommand(first) && isTopic(first) ? ['watch', positionals] : [first, more];
  if (!isCommand(name)) {
    throw new UsageError(
      `"${name}" is not a command; ${suggestion(name, names) ?? `it is one of ${names.join(', ')}`}`,
    );
  }
  for (const option of Object.keys(values) as Option[]) {
    if (takes(name, option)) continue;
    if (name === 'history' && option === 'url')
      throw new UsageError('a history is asked by REST; write --rest-url https://... instead of --url');
    const other = names.find((one) => takes(one, option));
    throw new UsageError(`--${option} is for rxtape ${other}, not for rxtape ${name}`);
  }
  return { name, words: [...words], values };
};

const parsed = (argv: readonly string[]) => {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    // Node goes on to explain how a positional may begin with a dash, which no symbol does.
    const [said = ''] = (error as Error).message.split(/\. |\n/);
    const [, unknown] = /^Unknown option '--([^']+)'/.exec(said) ?? [];
    const meant = unknown === undefined ? undefined : suggestion(unknown, Object.keys(options), '--');
    throw new UsageError(meant === undefined ? said : `${said}; ${meant}`);
  }
};

const durationUnits: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `10s`, `500ms`, `2m` or `1.5h`. Throws `UsageError` for anything else, for zero, and beyond 24 days. */
export const parseDuration = (text: string): number => {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const duration = Number(number) * (durationUnits[unit] ?? 0);
  if (duration > 0 && duration <= LONGEST_TIMER) return duration;
  throw new UsageError(`"${text}" is not a duration such as 10s, 500ms, 2m or 1h`);
};

/** The length of bars that a word names. Throws `UsageError`. */
export const parseInterval = (word: string): Interval => {
  if (isInterval(word)) return word;
  throw new UsageError(`"${word}" is not an interval; it is one of ${intervals.join(', ')}`);
};

/** The point of a recording that `2026-11-21T01:30:00Z` or `+10m` names. Throws `UsageError` for anything else. */
export const parseMoment = (text: string): StartMoment => {
  if (/^\+\d/.test(text)) return { after: parseDuration(text.slice(1)) };
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(at)) return { at };
  throw new UsageError(`"${text}" is not a time such as 2026-11-21T01:30:00Z, or +10m from the beginning`);
};

const sizeUnits: Readonly<Record<string, number>> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9 };

/** Bytes of `100mb`, `1.5gb`, `500kb`. Throws `UsageError` for anything else, and for zero. */
export const parseSize = (text: string): number => {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)(b|kb|mb|gb)$/i.exec(text) ?? [];
  const size = Number(number) * (sizeUnits[unit.toLowerCase()] ?? 0);
  if (size > 0) return size;
  throw new UsageError(`"${text}" is not a size such as 500kb, 100mb or 1gb`);
};
