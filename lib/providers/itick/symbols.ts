import { canonicalSymbol, LONGEST_SYMBOL, parseSymbol, type SymbolParts } from '../../model/symbol.js';
import type { Topic } from '../../model/topic.js';
import type { WantedTopics } from '../../session/wanted.js';

type Maybe = string | null | undefined;

/** The caller's spelling of the instrument a push names by `s` and perhaps `r` and `e`; undefined when it names none. */
export type Spell = (s: string, r?: Maybe, e?: Maybe) => string | undefined;

/** The parts of a symbol as the wire writes them. */
export const partsOf = (symbol: string): SymbolParts => parseSymbol(canonicalSymbol(symbol));

/** How the wire writes a symbol: `AAPL$US`, `RELIANCE$NSE$IN`; Hong Kong codes without leading zeros. */
export const wireSymbol = (symbol: string): string => {
  const { code, exchange, venue } = partsOf(symbol);
  return exchange === undefined ? `${code}$${venue}` : `${code}$${exchange}$${venue}`;
};

/** Two instruments share an alias: it names neither. */
const AMBIGUOUS = Symbol('ambiguous');
const MEMORY = 10_000;

/**
 * Finds the caller's spelling for every form of a symbol the vendor has been seen to push: `AAPL.US`; `EURUSD` with
 * `r: "GB"`; `EURUSD$GB`; `xauusd` alone; `ETH_USDT`; `BA_BTC_USDT`; `RELIANCE$NSE$IN`; `RELIANCE` with `e: "NSE"`.
 *
 * An instrument that was never asked for keeps the spelling `CODE.VENUE` if the push says the venue, and else the vendor's.
 * A name that two wanted instruments share names neither.
 * Answers are remembered, so that a push costs two lookups. Of two spellings of one instrument the first is used.
 */
export const spelling = (symbols: readonly string[]): Spell => {
  const aliases = new Map<string, string | typeof AMBIGUOUS>();
  const venues = new Set<string>();
  const learn = (alias: string, symbol: string): void => {
    const known = aliases.get(alias);
    if (known === undefined) aliases.set(alias, symbol);
    else if (known !== AMBIGUOUS && canonicalSymbol(known) !== canonicalSymbol(symbol)) aliases.set(alias, AMBIGUOUS);
  };
  for (const symbol of symbols) {
    const { code, exchange, venue } = parseSymbol(canonicalSymbol(symbol));
    venues.add(venue);
    learn(keyOf(code, venue), symbol);
    learn(bare(code), symbol);
    if (exchange === undefined) continue;
    learn(keyOf(code, venue, exchange), symbol);
    learn(bare(`${code}.${exchange}`), symbol);
  }

  const aliased = (key: string): string | undefined => {
    const symbol = aliases.get(key);
    return typeof symbol === 'string' ? symbol : undefined;
  };
  /** Only in India does the exchange matter: elsewhere a code and a venue name one instrument. */
  const find = (code: string, venue: string, exchange?: string): string | undefined => {
    if (venue !== 'IN') return aliased(keyOf(code, venue)) ?? aliased(keyOf(withoutPrefix(code, venue), venue));
    if (exchange) return aliased(keyOf(code, venue, exchange));
    const dot = code.lastIndexOf('.');
    return aliased(keyOf(code, venue)) ?? aliased(keyOf(code.slice(0, dot), venue, code.slice(dot + 1)));
  };
  const named = (code: string, venue: string, exchange?: string): string | undefined =>
    find(code, venue, exchange) ?? unasked(venue === 'IN' && exchange ? `${code}.${exchange}` : code, venue);

  const resolve: Spell = (s, r, e) => {
    if (isLong(s) || isLong(r) || isLong(e)) return undefined;
    const name = s.trim();
    const region = r?.trim().toUpperCase();
    const exchange = e?.trim();
    const [code = '', ...rest] = name.split('$');
    const last = rest.at(-1);
    if (last !== undefined) return named(code, last.toUpperCase(), rest.length > 1 ? rest[0] : exchange);
    if (region) return named(withoutSuffix(name, region), region, exchange);
    return fromDots(name, exchange) ?? fromUnderscores(name) ?? aliased(bare(name)) ?? stranger(name);
  };
  /** `BRK.B` has a dot too, so only a venue that was asked for counts as one. */
  const fromDots = (name: string, exchange: string | undefined): string | undefined => {
    const dot = name.lastIndexOf('.');
    const venue = name.slice(dot + 1).toUpperCase();
    if (dot < 1 || !venues.has(venue) || aliases.has(bare(name))) return undefined;
    return named(name.slice(0, dot), venue, exchange);
  };
  const fromUnderscores = (name: string): string | undefined => {
    const [prefix = '', ...rest] = name.split('_');
    return rest.length > 0 && venues.has(prefix.toUpperCase()) ? find(rest.join(''), prefix.toUpperCase()) : undefined;
  };
  const stranger = (name: string): string | undefined =>
    NAME.test(name) && !aliases.has(bare(name)) ? name : undefined;
  return remembered(resolve);
};

/** What may name an instrument without its venue. */
const NAME = /^[\p{L}\p{N}][^\s,$]*$/u;

/** The spelling of what a feed wants now, and of what it has just ceased to want: a vendor may still push that. */
export const spellingOf = (wanted: Pick<WantedTopics, 'state'>): Spell => {
  let known: readonly Topic[] | undefined;
  let spell: Spell = () => undefined;
  return (s, r, e) => {
    const { topics, unsubscribed } = wanted.state;
    if (known !== topics) {
      known = topics;
      spell = spelling([...known, ...unsubscribed.values()].map(({ symbol }) => symbol));
    }
    return spell(s, r, e);
  };
};

/** Aliases are compared in capitals, without the zeros of Hong Kong and the underscores of crypto pairs. */
const bare = (code: string): string =>
  code
    .toUpperCase()
    .replaceAll('_', '')
    .replace(/^0+(?=\d+$)/, '');

const keyOf = (code: string, venue: string, exchange?: string): string => {
  const upper = code.toUpperCase().replaceAll('_', '');
  const plain = venue === 'HK' ? upper.replace(/^0+(?=\d)/, '') : upper;
  return exchange === undefined ? `${plain}$${venue}` : `${plain}$${exchange.toUpperCase()}$${venue}`;
};

const withoutPrefix = (code: string, venue: string): string =>
  code.toUpperCase().startsWith(`${venue}_`) ? code.slice(venue.length + 1) : code;

const withoutSuffix = (name: string, region: string): string =>
  name.toUpperCase().endsWith(`.${region}`) ? name.slice(0, -region.length - 1) : name;

const unasked = (code: string, venue: string): string | undefined => {
  const symbol = `${code}.${venue}`;
  try {
    parseSymbol(symbol);
    return canonicalSymbol(symbol);
  } catch {
    return undefined;
  }
};

const isLong = (name: Maybe): boolean => name != null && name.length > LONGEST_SYMBOL;

const remembered = (resolve: Spell): Spell => {
  const byRegion = new Map<Maybe, Map<string, string>>();
  // A market sends one region after another a thousand times over: the last one is found without looking.
  let region: Maybe;
  let memory = new Map<string, string>();
  let held = 0;
  const forget = (): void => {
    byRegion.clear();
    memory = new Map<string, string>();
    byRegion.set(region, memory);
    held = 0;
  };
  byRegion.set(region, memory);
  return (s, r, e) => {
    if (e) return resolve(s, r, e);
    if (r !== region) {
      if (isLong(r)) return undefined;
      if (byRegion.size >= MEMORY) forget();
      region = r;
      memory = byRegion.get(r) ?? new Map<string, string>();
      byRegion.set(r, memory);
    }
    const known = memory.get(s);
    if (known !== undefined) return known;
    const found = resolve(s, r);
    if (found === undefined) return undefined;
    if (held >= MEMORY) forget();
    held += 1;
    memory.set(s, found);
    return found;
  };
};
