import { bbos, depths, klines, parseSymbol, quotes, trades, type Interval, type Topic } from '../index.js';
import { parseDuration, parseInterval, UsageError, type Values } from './commandLine.js';
import { suggestion } from './nearest.js';
import type { Environment, Live, Past, Source, View } from './Plan.js';
import { providerOf, providers, sourceKinds, type SourceKind } from './providers.js';

interface NamedSource {
  readonly source: SourceKind;
  readonly symbols: readonly string[];
}

/** Every name that a source may have. */
export const sourceNames: readonly string[] = sourceKinds.map(({ name }) => name);

/** Splits `itick:stock AAPL.US 700.HK tickflow 600000.SH` into sources with their symbols. Throws `UsageError`. */
export const parseSources = (words: readonly string[]): readonly NamedSource[] => {
  const asked = new Map<string, { readonly source: SourceKind; readonly symbols: string[] }>();
  let current: { readonly symbols: string[] } | undefined;
  const begin = (source: SourceKind): { readonly symbols: string[] } => {
    const found = asked.get(source.name) ?? { source, symbols: [] };
    asked.set(source.name, found);
    return found;
  };
  for (const word of words) {
    if (isSymbol(word)) {
      current ??= begin(obviousSource(word));
      current.symbols.push(word);
      continue;
    }
    current = begin(sourceOf(word));
  }
  for (const { source, symbols } of asked.values()) {
    if (symbols.length === 0) throw new UsageError(`"${source.name}" needs symbols after it, such as AAPL.US`);
  }
  return [...asked.values()];
};

/** The source of a symbol that follows none, where there is one that needs no account. Throws `UsageError`. */
const obviousSource = (symbol: string): SourceKind => {
  const name = publicSourceOf(symbol);
  if (name !== undefined) return sourceOf(name);
  throw new UsageError(`"${symbol}" comes before any source; write itick:stock ${symbol}, for instance`);
};

const publicSourceOf = (symbol: string): string | undefined =>
  providers.find(({ publicVenue }) => publicVenue !== undefined && symbol.endsWith(publicVenue))?.sources[0]?.name;

/** Only symbols hold a dot; only sources hold a colon or are a bare word. */
const isSymbol = (word: string): boolean => word.includes('.') && !word.includes(':');

/** Whether a word is a source or a symbol. */
export const isTopic = (word: string): boolean =>
  isSymbol(word) ||
  sourceNames.includes(word) ||
  providers.some(({ vendor }) => vendor === word) ||
  word.includes('://');

/** The source of that name. Throws `UsageError` when there is none. */
export const sourceOf = (word: string): SourceKind => {
  const kind = sourceKinds.find(({ name }) => name === word) ?? sourceAt(word);
  if (kind) return kind;
  const provider = providers.find(({ vendor }) => vendor === word);
  if (provider) {
    const { variantIs = 'name', sources, help } = provider;
    const names = sources.map(({ name }) => name).join(', ') || help.trim().split(' ')[0];
    throw new UsageError(`"${word}" needs a ${variantIs}: ${names}`);
  }
  const meant = suggestion(word, sourceNames);
  if (meant !== undefined) throw new UsageError(`"${word}" is not a source; ${meant}`);
  throw new UsageError(`"${word}" is neither a source (${sourceNames.join(', ')}) nor a symbol such as AAPL.US`);
};

/** The source that an address names. */
const sourceAt = (word: string): SourceKind | undefined => {
  for (const { vendor, sourceAt: at } of providers) {
    const found = at?.(word);
    if (found) return { ...found, vendor };
  }
  return undefined;
};

/** The options that say what is wanted. */
interface WantedOptions {
  readonly quotes?: boolean | undefined;
  readonly depth?: boolean | undefined;
  readonly bbo?: boolean | undefined;
  readonly trades?: boolean | undefined;
  readonly klines?: string | undefined;
  readonly levels?: string | undefined;
  readonly interval?: string | undefined;
}

/** What a command wants to see, before the sources are known. */
export interface Selection {
  readonly view: View;
  /** The sources that were named. */
  readonly named: readonly NamedSource[];
  /** What is shown when none was. */
  readonly showcase: readonly NamedSource[];
  readonly topicsOf: (asked: NamedSource) => readonly Topic[];
}

type Make = (words: readonly string[], wanted: WantedOptions) => Selection;

const showcase = providers.flatMap<NamedSource>(({ showcase: shown }) =>
  shown ? [{ source: sourceOf(shown.source), symbols: shown.symbols }] : [],
);
const showcaseNames = showcase.map(({ source }) => source.name);

const watch: Make = (words, wanted) => {
  const named = parseSources(words);
  const plain = !wanted.quotes && !wanted.depth && !wanted.bbo && !wanted.trades && wanted.klines === undefined;
  return {
    view: { kind: 'watch' },
    named,
    showcase,
    topicsOf: ({ symbols }) => [
      ...(wanted.quotes || plain ? symbols.flatMap((symbol) => quotes(symbol)) : []),
      ...(wanted.depth || (plain && named.length === 0) ? symbols.flatMap((symbol) => depths(symbol)) : []),
      ...(wanted.bbo ? symbols.flatMap((symbol) => bbos(symbol)) : []),
      ...(wanted.trades ? symbols.flatMap((symbol) => trades(symbol)) : []),
      ...(wanted.klines === undefined ? [] : symbols.flatMap((symbol) => klines(wanted.klines as Interval, symbol))),
    ],
  };
};

const book: Make = (words, { levels = '10' }) => {
  const [symbol, ...more] = words.filter(isSymbol);
  if (symbol === undefined || more.length > 0)
    throw new UsageError('a book is of one symbol; write rxtape book 600000.SH');
  parseSymbol(symbol);
  const asking = (names: readonly string[]): readonly NamedSource[] =>
    names.map((name) => ({ source: sourceOf(name), symbols: [symbol] }));
  const sources = words.filter((word) => !isSymbol(word));
  const named = asking([...new Set(sources.length > 0 ? sources : [publicSourceOf(symbol) ?? []].flat())]);
  // Its levels say whose they are by vendor.
  if (new Set(named.map(({ source }) => source.vendor)).size < named.length) {
    throw new UsageError(
      `a book takes one source of each vendor; write rxtape book 600000.SH ${showcaseNames.join(' ')}`,
    );
  }
  return {
    view: { kind: 'book', symbol, levels: levelsOf(levels) },
    named,
    showcase: asking(showcaseNames),
    topicsOf: ({ symbols }) => depths(symbols),
  };
};

const bars: Make = (words, { interval = '1m' }) => {
  return {
    view: { kind: 'klines', interval: parseInterval(interval) },
    named: parseSources(words),
    showcase,
    topicsOf: ({ source, symbols }) => symbols.flatMap((symbol) => providerOf(source).pricesOf(symbol, source.variant)),
  };
};

/** What a public vendor shows at first: quotes and depth of a few symbols. */
const live: Make = (words, wanted) => {
  const selection = watch(words, wanted);
  const shown = providers.flatMap<NamedSource>(({ live: first }) =>
    first ? [{ source: sourceOf(first.source), symbols: first.symbols }] : [],
  );
  return words.length > 0 ? selection : { ...selection, named: shown };
};

const makers: Readonly<Record<View['kind'] | 'live', Make>> = { watch, live, book, klines: bars };

/** The selection of a command and the words after it. Throws `UsageError`, and `InvalidTopic` for a malformed symbol. */
export const selectionOf = (name: View['kind'] | 'live', words: readonly string[], wanted: WantedOptions): Selection =>
  makers[name](words, wanted);

/** How many levels a side a text asks for. Throws `UsageError`. */
export const levelsOf = (text = '10'): number => {
  const levels = Number(text);
  if (Number.isInteger(levels) && levels >= 1 && levels <= 100) return levels;
  throw new UsageError(`"${text}" is not a number of levels from 1 to 100`);
};

/** The sources of a selection: those that were named or else the showcase, simulated or with what the environment has. */
export const sourcesOf = (
  { named, showcase, topicsOf }: Selection,
  values: Values,
  env: Environment,
): Live & { readonly sources: readonly Source[] } => {
  const has = (source: SourceKind): boolean => Boolean(env[providerOf(source).variables?.credential ?? '']);
  const available = showcase.filter(({ source }) => has(source));
  const demo = values.demo ?? (named.length === 0 && available.length === 0);
  const simulation = simulationOf(demo, values.speed);

  const asked = named.length > 0 ? named : demo ? showcase : available;
  const liveOf = (each: NamedSource): Source => ({
    ...each.source,
    topics: topicsOf(each),
    ...accessOf(each.source, { ...values, demo }, env),
  });
  const second = values.standby === undefined ? undefined : standbyOf(values.standby, asked);
  return {
    sources: asked.map((each) => ({ ...liveOf(each), ...(second && { standby: liveOf(second) }) })),
    simulation,
    length: values.for === undefined ? undefined : parseDuration(values.for),
  };
};

/** What stands by for the one source that is watched. Throws `UsageError`. */
const standbyOf = (word: string, [first, ...others]: readonly NamedSource[]): NamedSource => {
  const source = sourceOf(word);
  if (first === undefined || others.length > 0)
    throw new UsageError(
      `--standby is for one source; write rxtape watch itick:stock 600000.SH --standby ${source.name}`,
    );
  if (first.source.name === source.name)
    throw new UsageError(`${source.name} cannot stand by for itself; name another source`);
  return { source, symbols: first.symbols };
};

/** The simulated market of a command, if it wants one. Throws `UsageError`. */
export const simulationOf = (demo: boolean, speed: string | undefined): Live['simulation'] => {
  if (!demo && speed !== undefined) throw new UsageError('--speed is for the simulated market; add --demo');
  return demo ? { speed: speedOf(speed) } : undefined;
};

/** The credential and the hosts of a source: of the options, else of the environment. Throws `UsageError`. */
export const accessOf = (
  source: SourceKind,
  { demo, url: feed, 'rest-url': rest }: Pick<Values, 'demo' | 'url' | 'rest-url'>,
  env: Environment,
): Pick<Source, 'credential' | 'url' | 'restUrl'> => {
  const { variables, login, isVendor, restUrlOf = overHttp } = providerOf(source);
  if (!isVendor && (demo || (feed ?? rest) !== undefined)) {
    const option = demo ? 'demo' : feed === undefined ? 'rest-url' : 'url';
    throw new UsageError(`--${option} is for the host of a feed; leave it out with ${source.name}`);
  }
  if (login) return { credential: login(env), url: undefined, restUrl: undefined };
  if (demo) {
    if ((feed ?? rest) !== undefined)
      throw new UsageError(`--demo has a host of its own; leave out --${feed === undefined ? 'rest-url' : 'url'}`);
    return { credential: 'demo', url: undefined, restUrl: undefined };
  }
  const of = (what: 'credential' | 'url' | 'restUrl'): string | undefined => env[variables?.[what] ?? ''] || undefined;
  const credential = variables?.credential === undefined ? '' : of('credential');
  if (credential === undefined)
    throw new UsageError(
      `${source.name} needs ${variables?.credential} in the environment; add --demo for a simulated market`,
    );
  const url = feed ?? of('url');
  return { credential, url, restUrl: rest ?? of('restUrl') ?? (url === undefined ? undefined : restUrlOf(url)) };
};

const overHttp = (url: string): string => url.replace(/^ws/i, 'http');

/** The requests that a plan allows; the simulated market has no plans. Throws `UsageError`. */
export const budgetOf = (text: string | undefined, isSimulated: boolean): Past['budget'] => {
  if (text === undefined) return isSimulated ? { calls: 600, per: 60_000 } : undefined;
  if (/^\d{1,6}$/.test(text) && Number(text) > 0) return { calls: Number(text), per: 60_000 };
  throw new UsageError(`"${text}" is not a number of calls a minute, such as 120`);
};

/** How many times faster a simulated market is to run. Throws `UsageError`. */
export const speedOf = (text = '1'): number => {
  const speed = Number(text);
  if (speed > 0 && speed <= 1_000) return speed;
  throw new UsageError(`"${text}" is not a speed; write how many times faster, from 0.1 to 1000`);
};
