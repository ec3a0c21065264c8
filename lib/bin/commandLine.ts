import { parseArgs, type ParseArgsConfig } from 'node:util';
import { intervals, isInterval, type Interval } from '../index.js';
import { LONGEST_TIMER } from '../model/longestTimer.js';
import { providers } from './providers.js';
import type { StartMoment } from './Plan.js';

/** A command line that cannot be obeyed. The message is for the person who typed it. */
export class UsageError extends Error {
  readonly _tag = 'UsageError';
}

export const options = {
  quotes: { type: 'boolean' },
  depth: { type: 'boolean' },
  bbo: { type: 'boolean' },
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
} as const satisfies ParseArgsConfig['options'];

type Option = keyof typeof options;

const kinds = ['quotes', 'depth', 'bbo', 'trades', 'klines'] as const;
const live = ['demo', 'speed', 'url', 'for'] as const;
const looks = ['json', 'colors'] as const;

/** The options of each command. */
const commands = {
  watch: [...kinds, ...live, ...looks],
  live: [...kinds, 'url', 'for', ...looks],
  book: ['levels', ...live, ...looks],
  klines: ['interval', 'history', 'no-history', 'calls-per-minute', 'rest-url', ...live, ...looks],
  record: [...kinds, ...live, 'out', 'force', 'max-bytes', 'max-age'],
  replay: ['speed', 'from', 'levels', 'for', ...looks],
  inspect: ['json'],
  history: ['from', 'to', 'csv', 'json', 'calls-per-minute', 'rest-url', 'demo'],
  simulate: ['port', 'speed', 'for'],
  serve: ['nats', 'name', 'lease', ...live, 'json'],
} as const satisfies Readonly<Record<string, readonly Option[]>>;

type CommandName = keyof typeof commands;

const names = Object.keys(commands) as readonly CommandName[];

const isCommand = (name: string): name is CommandName => (names as readonly string[]).includes(name);

const takes = (name: CommandName, option: Option): boolean => (commands[name] as readonly Option[]).includes(option);

/** What the options say. */
export type Values = ReturnType<typeof parsed>['values'];

/** The view of a line, the words after it, and its options; throws `UsageError` for options of other commands. */
export const commandLine = (
  argv: readonly string[],
): { readonly name: CommandName; readonly words: readonly string[]; readonly values: Values } | 'help' => {
  const { values, positionals } = parsed(argv);
  if (values.help) return 'help';
  const [name = 'watch', ...words] = positionals;
  if (!isCommand(name)) throw new UsageError(`"${name}" is not a command; it is one of ${names.join(', ')}`);
  for (const option of Object.keys(values) as Option[]) {
    if (takes(name, option)) continue;
    if (name === 'history' && option === 'url')
      throw new UsageError('a history is asked by REST; write --rest-url https://... instead of --url');
    const other = names.find((one) => takes(one, option));
    throw new UsageError(`--${option} is for rxtape ${other}, not for rxtape ${name}`);
  }
  return { name, words, values };
};

const parsed = (argv: readonly string[]) => {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    // Node goes on to explain how a positional may begin with a dash, which no symbol does.
    throw new UsageError((error as Error).message.split(/\. |\n/)[0]);
  }
};

const variablesOf = (what: 'credential' | 'url' | 'restUrl', meaning: string): string => {
  const names = providers
    .map(({ variables }) => (variables?.[what] === undefined ? '' : `  ${variables[what]}`))
    .join('');
  return `${names.length > COLUMN ? `${names}\n${''.padEnd(COLUMN)}` : names.padEnd(COLUMN)}  ${meaning}`;
};

/** Where the meanings of the variables begin. */
const COLUMN = 40;

/** What `--help` prints. */
export const help = `rxtape - watch, record and replay live market data

  rxtape [watch]                          four symbols of each vendor: simulated
                                          or real, where a credential is set
  rxtape live                             crypto from Binance, no credential
  rxtape watch <source> <symbol>...       one source
  rxtape watch <source> <symbol>... <source> <symbol>...
  rxtape book <symbol> [<source>...]      one ladder of all sources
  rxtape klines [<source> <symbol>...]    bars made here, as they form
  rxtape record [<source> <symbol>...] --out <file>
                                          raw frames to a file
  rxtape replay <file>... [klines [<interval>] | book <symbol>]
                                          a file as if it were live
  rxtape inspect <file>...                what is in a file
  rxtape history <source> <symbol>... <interval> --from <time> [--to <time>]
                                          a vendor's past bars: a table, or
                                          --csv or --json
  rxtape simulate [--port <n>]            the vendors on this machine, by
                                          WebSocket and REST
  rxtape serve <source> --nats nats://<host> [--name <name>]
                                          hosts a feed for other processes: one
                                          of all its hosts owns the connection
  rxtape watch nats://<host>/<name> <symbol>...
                                          joins it, as do book and klines

Sources
${providers.map((provider) => provider.help).join('\n')}

What to watch or record (of every source; default --quotes)
  --quotes  --depth  --trades
  --bbo                best bid and offer, where the vendor pushes it
  --klines <interval>  1s 1m 3m 5m 10m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M:
                       the vendor's own, as far as it has them

Options
  --levels <n>         of rxtape book: how many a side, to 100; default 10
  --interval <i>       of rxtape klines: how long a bar is; default 1m
  --out <file>         of rxtape record: .gz and .zst are compressed
  --force              of rxtape record: writes over a file that exists
  --max-bytes <size>   of rxtape record: begins another file after 100mb, 1gb
  --max-age <duration> of rxtape record: begins another file after 30m, 1h
  --from <time>        of rxtape history: 2026-11-27 by the calendar of the
  --to <time>          venue, 2026-11-27T09:30 by its clocks, or with a zone:
                       2026-11-27T14:30:00Z; a date is its whole day, and --to
                       is now if not given
  --csv                of rxtape history: a header, then a line for each bar
  --no-history         of rxtape klines: no bars of before, and holes stay
  --history            of rxtape klines --json: with those of the history
  --rest-url <url>     of rxtape history and klines: another host of past bars,
                       https://...; by default that of the feed
  --calls-per-minute <n>
                       of rxtape history and klines: what your plan allows; by
                       default 5 of iTick and 60 of TickFlow
  --speed <n>|max      of rxtape replay: how many times faster; default 1
  --from <time>        of rxtape replay: 2026-11-21T01:30:00Z, or +10m
  --demo               a simulated market on this machine, no credential needed
  --speed <n>          how many times faster the simulated market runs;
                       at --speed 60 a bar of a minute takes a second
  --port <n>           of rxtape simulate, on 127.0.0.1; default a free one
  --nats <nats://...>  of rxtape serve: the NATS server, started with -js
  --name <name>        of rxtape serve: what to call the feed; by default as
                       the source, itick-stock
  --lease <duration>   of rxtape serve: how soon another host takes over from
                       one that died; by default 3s
  --url <wss://...>    another host, for every source
  --json               one event, book or bar per line, as JSON
  --for <duration>     stop after 10s, 500ms, 2m
  --colors cn|us|none  red is up, green is up, or neither; by LANG if not given
  --help               this text

Environment
${variablesOf('credential', 'the credentials')}
${variablesOf('url', 'other hosts')}
${variablesOf('restUrl', 'other hosts of REST')}
  NATS_TOKEN  NATS_USER  NATS_PASSWORD    the login of the NATS server
  NATS_CREDS                              or a file with one
  NATS_INBOX_PREFIX                       of a user who may only read there
  NO_COLOR                                no colors

On a terminal: a live table; q or Ctrl-C quits. Elsewhere: a line per event.
Exit code: 0 stopped, 1 a feed ended with an error, 2 a wrong command line.

  rxtape watch itick:stock AAPL.US 700.HK --quotes --depth
  rxtape watch itick:crypto BTCUSDT.BA --trades --json | head -3
  rxtape watch itick:stock AAPL.US tickflow 600000.SH --demo --for 10s
  rxtape book 600000.SH
  rxtape klines --speed 60
  rxtape record --demo --out tape.ndjson.gz --for 1m
  rxtape replay tape.ndjson.gz --speed 10
  rxtape history itick:stock AAPL.US 1m --from 2026-11-27 --csv > bars.csv
  rxtape simulate --port 4000
  rxtape serve itick:stock --nats nats://127.0.0.1 --demo
  rxtape watch nats://127.0.0.1/itick-stock AAPL.US
`;

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
