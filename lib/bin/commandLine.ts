import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Misuse } from './Misuse.js';

export const options = {
  quotes: { type: 'boolean' },
  depth: { type: 'boolean' },
  trades: { type: 'boolean' },
  klines: { type: 'string' },
  levels: { type: 'string' },
  interval: { type: 'string' },
  out: { type: 'string' },
  force: { type: 'boolean' },
  'max-bytes': { type: 'string' },
  'max-age': { type: 'string' },
  from: { type: 'string' },
  demo: { type: 'boolean' },
  speed: { type: 'string' },
  url: { type: 'string' },
  json: { type: 'boolean' },
  for: { type: 'string' },
  colors: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

type Option = keyof typeof options;

const kinds = ['quotes', 'depth', 'trades', 'klines'] as const;
const live = ['demo', 'speed', 'url', 'for'] as const;
const looks = ['json', 'colors'] as const;

/** The options of each command. */
const commands = {
  watch: [...kinds, ...live, ...looks],
  book: ['levels', ...live, ...looks],
  klines: ['interval', ...live, ...looks],
  record: [...kinds, ...live, 'out', 'force', 'max-bytes', 'max-age'],
  replay: ['speed', 'from', 'levels', 'for', ...looks],
  inspect: ['json'],
} as const satisfies Readonly<Record<string, readonly Option[]>>;

export type CommandName = keyof typeof commands;

const names = Object.keys(commands) as readonly CommandName[];

const isCommand = (name: string): name is CommandName => (names as readonly string[]).includes(name);

const takes = (name: CommandName, option: Option): boolean => (commands[name] as readonly Option[]).includes(option);

/** What the options say. */
export type Values = ReturnType<typeof parsed>['values'];

/** The command of a line, the words after it, and its options; throws `Misuse` for those that the command has not. */
export const commandLine = (
  argv: readonly string[],
): { readonly name: CommandName; readonly words: readonly string[]; readonly values: Values } | 'help' => {
  const { values, positionals } = parsed(argv);
  if (values.help) return 'help';
  const [name = 'watch', ...words] = positionals;
  if (!isCommand(name)) throw new Misuse(`"${name}" is not a command; it is one of ${names.join(', ')}`);
  for (const option of Object.keys(values) as Option[]) {
    if (takes(name, option)) continue;
    const other = names.find((one) => takes(one, option));
    throw new Misuse(`--${option} is for rxtape ${other}, not for rxtape ${name}`);
  }
  return { name, words, values };
};

const parsed = (argv: readonly string[]) => {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    // Node goes on to explain how a positional may begin with a dash, which no symbol does.
    throw new Misuse((error as Error).message.split(/\. |\n/)[0]);
  }
};
