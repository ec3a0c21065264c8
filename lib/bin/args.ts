import { parseSymbol } from '../index.js';
import { historyPlan } from './historyArgs.js';
import {
  commandLine,
  parseDuration,
  parseInterval,
  parseMoment,
  parseSize,
  UsageError,
  type Values,
} from './commandLine.js';
import type {
  Colors,
  AnyPlan,
  DisplayOptions,
  Environment,
  Only,
  Plan,
  RecordPlan,
  ReplayPlan,
  ServePlan,
  SimulatePlan,
  View,
} from './Plan.js';
import { natsAddress, natsLogin } from './nats.js';
import { helpOf } from './help.js';
import { isOfThisMachine, providerOf } from './providers.js';
import {
  accessOf,
  budgetOf,
  isTopic,
  levelsOf,
  selectionOf,
  simulationOf,
  sourceOf,
  sourcesOf,
  speedOf as marketSpeedOf,
  type Selection,
} from './selection.js';

/**
 * What a command line asks for, or a text to be printed.
 *
 * Throws `UsageError` for words and options that make no sense and for a missing credential, and `InvalidTopic` for a
 * malformed symbol or interval.
 */
export const parseCommand = (argv: readonly string[], env: Environment, version = () => ''): AnyPlan | string => {
  const line = commandLine(argv, isTopic);
  if (line.name === 'help') return helpOf(line.about);
  if (line.name === 'version') return `${version()}\n`;
  const { name, words, values } = line;
  switch (name) {
    case 'replay':
      return parseReplay(words, values, env);
    case 'inspect':
      return { kind: 'inspect', files: filesIn(words, name), json: values.json ?? false };
    case 'simulate':
      return simulatePlan(words, values);
    case 'history':
      return historyPlan(words, values, env);
    case 'serve':
      return servePlan(words, values, env);
    case 'live':
      return { ...watchPlan(selectionOf('live', words, values), values, env), isFirstLook: true };
    case 'record':
      return recordPlan(selectionOf('watch', words, values), values, env);
    default:
      return watchPlan(selectionOf(name, words, values), values, env);
  }
};

const watchPlan = (selection: Selection, values: Values, env: Environment): Plan => {
  const live = sourcesOf(selection, values, env);
  const isHere = live.sources.every(({ url }) => url !== undefined && isOfThisMachine(url));
  return {
    kind: 'watch',
    ...live,
    ...titled(selection.view, live),
    view: values.health ? { kind: 'watch', health: true } : selection.view,
    simulated: live.simulation !== undefined || isHere,
    ...pastOf(selection.view, live, values),
    ...displayOptionsOf(values, env),
  };
};

/** Whether bars have a past, and why not. Throws `UsageError`. */
const pastOf = (
  { kind }: View,
  { simulation }: Pick<Plan, 'simulation'>,
  { history, 'no-history': none, json, 'rest-url': url, 'calls-per-minute': calls }: Values,
): Pick<Plan, 'past' | 'note'> => {
  const isWanted = kind === 'klines' && !none && (history ?? !json);
  if (history && none) throw new UsageError('--history and --no-history say the opposite; leave one out');
  if (!isWanted && (url ?? calls) !== undefined)
    throw new UsageError(
      `--${url === undefined ? 'calls-per-minute' : 'rest-url'} is for bars of the history; add --history`,
    );
  if (!isWanted) return { past: undefined };
  if (simulation && simulation.speed !== 1) {
    if (history) throw new UsageError('--history needs a market that keeps our time; leave out --speed');
    return { past: undefined, note: `no history at --speed ${simulation.speed}: its time is not that of this machine` };
  }
  return { past: { budget: budgetOf(calls, simulation !== undefined) } };
};

const recordPlan = (selection: Selection, values: Values, env: Environment): RecordPlan => {
  const { out, force = false, 'max-bytes': bytes, 'max-age': age } = values;
  if (!out) throw new UsageError('a recording needs a file; add --out tape.ndjson.gz');
  if (force && (bytes ?? age) !== undefined) {
    throw new UsageError('--force has no use with --max-bytes and --max-age: each file gets the next free number');
  }
  const live = sourcesOf(selection, values, env);
  const joined = live.sources.find((source) => !providerOf(source).isVendor);
  if (joined)
    throw new UsageError(`${joined.name} has no frames of a vendor; a vendor's feed has them, as itick:stock`);
  return {
    kind: 'record',
    ...live,
    ...titled(selection.view, live),
    out,
    force,
    maxBytes: bytes === undefined ? undefined : parseSize(bytes),
    maxAge: age === undefined ? undefined : parseDuration(age),
    redraws: env['TERM'] !== 'dumb',
  };
};

const simulatePlan = ([word]: readonly string[], { port = '0', speed, for: time }: Values): SimulatePlan => {
  if (word !== undefined) throw new UsageError(`"${word}" has no use: every symbol is simulated`);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new UsageError(`"${port}" is not a port from 0 to 65535`);
  return {
    kind: 'simulate',
    simulation: { speed: marketSpeedOf(speed), port: Number(port) },
    length: time === undefined ? undefined : parseDuration(time),
  };
};

/** The plan of `rxtape serve`. Throws `UsageError` and `InvalidOption`. */
const servePlan = ([word, ...more]: readonly string[], values: Values, env: Environment): ServePlan => {
  const EXAMPLE = 'rxtape serve itick:stock --nats nats://127.0.0.1';
  if (word === undefined || more.length > 0) {
    throw new UsageError(`a host has one source, and its joiners say the symbols; write ${EXAMPLE}`);
  }
  const source = sourceOf(word);
  if (!providerOf(source).isVendor) throw new UsageError(`${source.name} is hosted already; write ${EXAMPLE}`);
  const { nats, demo = false, speed, name, lease, json = false, for: time } = values;
  if (nats === undefined) throw new UsageError(`name the NATS server; write ${EXAMPLE}`);
  const address = natsAddress(nats);
  if (address === undefined) throw new UsageError(`"${nats}" is no address of NATS, such as nats://127.0.0.1:4222`);
  const simulation = simulationOf(demo, speed);
  if (name !== undefined && address.feed !== '') {
    throw new UsageError(`the feed has two names, ${name} and ${address.feed}; leave one out`);
  }
  const access = accessOf(source, values, env);
  return {
    kind: 'serve',
    source: { ...source, ...access },
    server: address.server,
    login: natsLogin(env),
    name: name ?? (address.feed || source.name.replace(':', '-')),
    lease: lease === undefined ? undefined : parseDuration(/^\d+$/.test(lease) ? `${lease}ms` : lease),
    json,
    simulation,
    length: time === undefined ? undefined : parseDuration(time),
  };
};

const titled = (view: View, { sources, simulation }: Pick<Plan, 'sources' | 'simulation'>): Pick<Plan, 'title'> => {
  const names = sources.map(({ name, standby }) => (standby ? `${name}, ${standby.name} stands by` : name));
  const title = titleOf(view, names.join(', '));
  return { title: simulation ? `${title} (simulated)` : title };
};

/** The plan of `rxtape replay`, whose words are files and then, perhaps, `klines 5m` or `book 600000.SH`. */
const parseReplay = (words: readonly string[], values: Values, env: Environment): ReplayPlan => {
  const place = words.findIndex((word) => word === 'klines' || word === 'book' || word === 'watch');
  const [what, ...of] = place < 0 ? [] : words.slice(place);
  const view = commandOf(what, of, values);
  if (values.levels !== undefined && view.kind !== 'book')
    throw new UsageError('--levels is for a book; add book <symbol>');
  const kind = channelsOf(values)[0];
  if (kind !== undefined && view.kind !== 'watch')
    throw new UsageError(`--${kind} has no use with ${view.kind}; leave it out`);
  return {
    kind: 'replay',
    files: filesIn(place < 0 ? words : words.slice(0, place), 'replay'),
    view,
    speed: speedOf(values.speed),
    from: values.from === undefined ? undefined : parseMoment(values.from),
    length: values.for === undefined ? undefined : parseDuration(values.for),
    ...displayOptionsOf(values, env),
  };
};

/** The files that are named, each once. Throws `UsageError` when there are none. */
const filesIn = (words: readonly string[], view: string): readonly string[] => {
  if (words.length > 0) return [...new Set(words)];
  throw new UsageError(`name a recording; write rxtape ${view} tape.ndjson.gz`);
};

const commandOf = (what: string | undefined, words: readonly string[], values: Values): View => {
  const [word, ...more] = words;
  if (what === 'klines') {
    if (more.length > 0) throw new UsageError('bars have one interval; write rxtape replay tape.ndjson.gz klines 5m');
    return { kind: 'klines', interval: parseInterval(word ?? '1m') };
  }
  if (what !== 'book') {
    words.forEach((symbol) => parseSymbol(symbol));
    return { kind: 'watch', only: onlyOf(words, values) };
  }
  if (word === undefined || more.length > 0) {
    throw new UsageError('a book is of one symbol; write rxtape replay tape.ndjson.gz book 600000.SH');
  }
  parseSymbol(word);
  return { kind: 'book', symbol: word, levels: levelsOf(values.levels) };
};

const channelNames = { quotes: 'quote', depth: 'depth', bbo: 'bbo', trades: 'trade', klines: 'kline' } as const;

const channelsOf = (values: Values) =>
  (Object.keys(channelNames) as (keyof typeof channelNames)[]).filter((name) => values[name] !== undefined);

/** What is shown of a recording; undefined for all of it. */
const onlyOf = (symbols: readonly string[], values: Values): Only | undefined => {
  const channels = channelsOf(values).map((name) => channelNames[name]);
  if (symbols.length === 0 && channels.length === 0) return undefined;
  return { symbols, channels, interval: values.klines === undefined ? undefined : parseInterval(values.klines) };
};

const speedOf = (text = '1'): number => {
  const speed = text === 'max' ? Infinity : Number(text);
  if (speed > 0 && (speed < Infinity || text === 'max')) return speed;
  throw new UsageError(`"${text}" is not a speed; write how many times faster, such as 10, or max`);
};

/** How things are to look, by the command line and the terminal. Throws `UsageError`. */
const displayOptionsOf = ({ json, colors }: Values, env: Environment): DisplayOptions => ({
  display: json ? 'json' : env['TERM'] === 'dumb' ? 'lines' : 'table',
  colors: colorsOf(colors, env),
  blocks: hasBlocks(env),
});

/** In China red is up; elsewhere green is. */
const colorsOf = (text: string | undefined, env: Environment): Colors => {
  if (text !== undefined && text !== 'cn' && text !== 'us' && text !== 'none') {
    throw new UsageError(`"${text}" is not one of the colors cn (red is up), us (green is up) and none`);
  }
  if (text !== undefined) return text;
  if (env['NO_COLOR']) return 'none';
  return /^zh/i.test(env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '') ? 'cn' : 'us';
};

/** Whether a terminal is likely to know the characters that bars are drawn with. */
const hasBlocks = (env: Environment): boolean =>
  env['TERM'] !== 'dumb' && /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '');

/** What is shown of the sources with these names, as a text. */
export const titleOf = (view: View, names: string): string => {
  if (view.kind === 'watch') return names;
  return view.kind === 'book' ? `${view.symbol} of ${names}` : `${view.interval} bars of ${names}`;
};
