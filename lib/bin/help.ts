import { intervals } from '../index.js';
import { commands, isCommand, UsageError, type CommandName, type Option } from './commandLine.js';
import { suggestion } from './nearest.js';
import { providers } from './providers.js';

/** Where the meanings of options begin. */
const COLUMN = 25;

/** The text of `--help`, or of one command; each fits a terminal of 24 lines and 80 columns. Throws `UsageError`. */
export const helpOf = (about: string | undefined): string => {
  if (about === undefined) return overview;
  if (about === 'sources') return sources;
  if (about === 'environment') return environment;
  if (isCommand(about)) return pageOf(about);
  const topics = [...Object.keys(commands), 'sources', 'environment'];
  throw new UsageError(
    `no help is there about "${about}"; ${suggestion(about, topics) ?? `write ${topics.join(', ')}`}`,
  );
};

const overview = `rxtape - watch, record and replay live market data

  rxtape [watch] [<source>] [<symbol>...]   quotes and depth as they come
  rxtape live                               crypto from Binance, no account
  rxtape book <symbol>                      one ladder of all vendors
  rxtape klines                             bars as they form, with older ones
  rxtape history <symbol> 1m --from <time>  past bars, also as CSV or JSON
  rxtape record --out <file>                raw frames to a file
  rxtape replay <file>                      a file as if it were live
  rxtape inspect <file>                     what is in a file
  rxtape simulate                           the vendors, on this machine
  rxtape serve                              one feed for many processes, by NATS

  rxtape <command> --help                   its options, and examples
  rxtape help sources                       where data come from
  rxtape help environment                   credentials and hosts
  rxtape --version

Without a credential the market is simulated. On a terminal: a live table, and
q or Ctrl-C quits. Elsewhere: a line per event, or --json.
Exit code: 0 stopped, 1 a feed failed or nothing came, 2 a wrong command line.
`;

/** What each option means; of some it is another thing in one command. */
const meanings: Readonly<Record<Option, string>> = {
  quotes: 'quotes; the default of what is watched',
  depth: 'order books',
  bbo: 'best bid and offer, where the vendor pushes it',
  trades: 'executions',
  health: 'how the feeds are, as numbers, in place of the data',
  klines: "the vendor's own bars: 1m, 1h, 1d and others",
  levels: 'how many levels a side, to 100; default 10',
  interval: 'how long a bar is; default 1m',
  out: 'the file; .gz and .zst are compressed',
  force: 'writes over a file that exists',
  'max-bytes': 'begins another file after 100mb, 1gb',
  'max-age': 'begins another file after 30m, 1h',
  from: "2026-11-27 by the venue's calendar, or 2026-11-27T09:30",
  to: 'likewise; with Z or an offset by that; default now',
  csv: 'a header, then a line for each bar',
  history: 'with --json: with bars of the history',
  'no-history': 'no bars of before, and holes stay',
  'rest-url': 'another host of past bars, https://...',
  'calls-per-minute': 'what your plan allows; 5 of iTick, 60 of TickFlow',
  standby: 'another vendor, which serves while the first does not',
  demo: 'a simulated market on this machine',
  speed: 'how many times faster the simulated market runs',
  url: 'another host, for every source',
  port: 'on 127.0.0.1; default a free one',
  nats: 'the NATS server, started with -js',
  name: 'what to call the feed; default as the source',
  lease: 'how soon another host takes over; default 3s',
  json: 'one event, book or bar per line, as JSON',
  for: 'stops after 500ms, 10s, 2m, 1h',
  colors: 'red is up, green is up, or neither; default by LANG',
  help: 'this text',
  version: 'the version of the package',
};

/** What follows an option that has a value. */
const values: Readonly<Partial<Record<Option, string>>> = {
  klines: '<interval>',
  levels: '<n>',
  interval: '<interval>',
  out: '<file>',
  'max-bytes': '<size>',
  'max-age': '<duration>',
  from: '<time>',
  to: '<time>',
  'rest-url': '<url>',
  'calls-per-minute': '<n>',
  standby: '<source>',
  speed: '<n>',
  url: '<wss://...>',
  port: '<n>',
  nats: '<nats://...>',
  name: '<name>',
  lease: '<duration>',
  for: '<duration>',
  colors: 'cn|us|none',
};

interface Page {
  readonly usage: readonly string[];
  readonly examples: readonly string[];
  readonly meanings?: Readonly<Partial<Record<Option, string>>>;
}

const pages: Readonly<Record<CommandName, Page>> = {
  watch: {
    usage: [
      'rxtape [watch] [<source>] <symbol>... [<source> <symbol>...]',
      'rxtape watch nats://<host>/<name> <symbol>...',
    ],
    examples: [
      'rxtape itick:stock AAPL.US 700.HK --quotes --depth',
      'rxtape BTCUSDT.BA --trades --json | head -3',
      'rxtape watch itick:stock 600000.SH --standby tickflow --demo',
    ],
  },
  live: { usage: ['rxtape live [<source> <symbol>...]'], examples: ['rxtape live', 'rxtape live --trades --for 10s'] },
  book: {
    usage: ['rxtape book [<source>...] <symbol>'],
    examples: ['rxtape book 600000.SH', 'rxtape book itick:stock tickflow 700.HK --levels 5', 'rxtape book BTCUSDT.BA'],
  },
  klines: {
    usage: ['rxtape klines [[<source>] <symbol>...]'],
    examples: ['rxtape klines --speed 60', 'rxtape klines binance BTCUSDT.BA --interval 5m'],
    meanings: { speed: 'of the simulated market; at 60 a minute takes 1 s' },
  },
  record: {
    usage: ['rxtape record [[<source>] <symbol>...] --out <file>'],
    examples: [
      'rxtape record --demo --out tape.ndjson.gz --for 1m',
      'rxtape record binance BTCUSDT.BA --trades --depth --out btc.ndjson.zst',
    ],
  },
  replay: {
    usage: [
      'rxtape replay <file>... [watch <symbol>...]',
      'rxtape replay <file>... klines [<interval>]',
      'rxtape replay <file>... book <symbol>',
    ],
    examples: ['rxtape replay tape.ndjson.gz --speed 10', 'rxtape replay tape.ndjson.gz watch AAPL.US --trades --json'],
    meanings: {
      quotes: 'of all that was recorded, quotes',
      klines: "the vendor's own bars of one interval",
      speed: 'how many times faster, or max; default 1',
      from: '2026-11-21T01:30:00Z, or +10m from the beginning',
    },
  },
  inspect: { usage: ['rxtape inspect <file>...'], examples: ['rxtape inspect tape.ndjson.gz'] },
  history: {
    usage: ['rxtape history [<source>] <symbol>... <interval> --from <time> [--to <time>]'],
    examples: ['rxtape history itick:stock AAPL.US 1m --from 2026-11-27 --csv > bars.csv'],
  },
  simulate: { usage: ['rxtape simulate'], examples: ['rxtape simulate --port 4000'] },
  serve: {
    usage: ['rxtape serve <source> --nats <nats://...>'],
    examples: [
      'rxtape serve itick:stock --nats nats://127.0.0.1 --demo',
      'rxtape watch nats://127.0.0.1/itick-stock AAPL.US',
    ],
  },
};

const pageOf = (name: CommandName): string => {
  const { usage, examples, meanings: own = {} } = pages[name];
  const lines = commands[name].map((option: Option) => {
    const written = `  --${[option, values[option]].filter(Boolean).join(' ')}`;
    const meaning = own[option] ?? meanings[option];
    return `${written.padEnd(COLUMN)}${written.length < COLUMN ? '' : ' '}${meaning}`;
  });
  return [...usage, '', ...lines, '', ...examples.map((line) => `  ${line}`), ''].join('\n');
};

const sources = `${providers.map(({ help }) => help).join('\n')}

A source is followed by its symbols: itick:stock AAPL.US 700.HK. Symbols of .BA
are of binance where none is named. Not every source pushes all kinds: what one
does not is an error that says what there is.

Intervals of bars, as far as a vendor has them:
  ${intervals.join(' ')}

Your own provider is one more entry of lib/bin/providers.ts.
`;

const variableNames = (what: 'credential' | 'url' | 'restUrl'): string =>
  providers.flatMap(({ variables }) => variables?.[what] ?? []).join(' ');

const environment = `The credentials
  ${variableNames('credential')}
Other hosts
  ${variableNames('url')}
Other hosts of REST
  ${variableNames('restUrl')}
The login of the NATS server, a file with one, and the inbox of a user who may
only read there
  NATS_TOKEN NATS_USER NATS_PASSWORD
  NATS_CREDS
  NATS_INBOX_PREFIX
No colors
  NO_COLOR
`;
