import { canonicalSymbol, parseSymbol } from '../../model/symbol.js';
import type { Topic } from '../../model/topic.js';
import type { Wish } from '../../session/wish.js';

/** The caller's spelling of the instrument a push names by `s` and perhaps `r`; undefined when it names none. */
export type Spell = (s: string, r: string | null | undefined) => string | undefined;

/** How the wire writes a symbol: `AAPL$US`, `RELIANCE$NSE$IN`; Hong Kong codes without leading zeros. */
export const wireSymbol = (symbol: string): string => {
  const { code, exchange, venue } = parseSymbol(canonicalSymbol(symbol));
  return exchange === undefined ? `${code}$${venue}` : `${code}$${exchange}$${venue}`;
};

/** Two instruments share an alias: it names neither. */
const AMBIGUOUS = Symbol('ambiguous');
const MEMORY = 10_000;

/**
 * Finds the caller's spelling for every form of a symbol the vendor has been seen to push: `AAPL.US`; `EURUSD` with
 * `r: "GB"`; `EURUSD$GB`; `xauusd` alone; `ETH_USDT`; `BA_BTC_USDT`; `RELIANCE$NSE$IN`.
 *
 * An instrument nobody asked for keeps the spelling `CODE.VENUE` if the push says the venue. Answers are remembered, so
 * that a push costs two lookups.
 */
export const spelling = (symbols: readonly string[]): Spell => {
  const aliases = new Map<string, string | typeof AMBIGUOUS>();
  const venues = new Set<string>();
  const learn = (alias: string, symbol: string): void => {
    const known = aliases.get(alias);
    aliases.set(alias, known === undefined || known === symbol ? symbol : AMBIGUOUS);
  };
  for (const symbol of symbols) {
    const { code, exchange, venue } = parseSymbol(canonicalSymbol(symbol));
    venues.add(venue);
    learn(keyOf(code, venue), symbol);
    learn(bare(code), symbol);
    if (exchange !== undefined) learn(keyOf(code, venue, exchange), symbol);
  }

  const find = (code: string, venue: string, exchange?: string): string | undefined => {
    const alias = aliases.get(keyOf(code, venue, exchange)) ?? aliases.get(keyOf(code, venue));
    return typeof alias === 'string' ? alias : undefined;
  };
  const resolve: Spell = (s, r) => {
    const name = s.trim();
    const region = r?.trim().toUpperCase();
    const parts = name.split('$');
    const [first = '', middle] = parts;
    if (parts.length > 1) {
      const venue = (parts.at(-1) ?? '').toUpperCase();
      return find(first, venue, parts.length > 2 ? middle : undefined) ?? unasked(parts.slice(0, -1).join('.'), venue);
    }
    if (region) {
      const code = name.toUpperCase().endsWith(`.${region}`) ? name.slice(0, -region.length - 1) : name;
      return find(code, region) ?? findIndian(code, region) ?? unasked(code, region);
    }
    return fromDots(name) ?? fromUnderscores(name) ?? fromCode(name);
  };
  const findIndian = (code: string, region: string): string | undefined => {
    const dot = code.lastIndexOf('.');
    return region === 'IN' && dot > 0 ? find(code.slice(0, dot), region, code.slice(dot + 1)) : undefined;
  };
  /** `BRK.B` has a dot too, so only a venue that was asked for counts as one. */
  const fromDots = (name: string): string | undefined => {
    const dot = name.lastIndexOf('.');
    const venue = name.slice(dot + 1).toUpperCase();
    const code = name.slice(0, dot);
    if (dot < 1 || !venues.has(venue) || aliases.has(bare(name))) return undefined;
    return find(code, venue) ?? findIndian(code, venue) ?? unasked(code, venue);
  };
  const fromUnderscores = (name: string): string | undefined => {
    const [prefix = '', ...rest] = name.split('_');
    return rest.length > 0 && venues.has(prefix.toUpperCase()) ? find(rest.join(''), prefix.toUpperCase()) : undefined;
  };
  const fromCode = (name: string): string | undefined => {
    const alias = aliases.get(bare(name));
    return typeof alias === 'string' ? alias : undefined;
  };
  return remembered(resolve);
};

/** The spelling of what a feed wants now, and of what it has just ceased to want: a vendor may still push that. */
export const spellingOf = (wish: Wish): Spell => {
  let known: readonly Topic[] | undefined;
  let spell: Spell = () => undefined;
  return (s, r) => {
    if (known !== wish.current) {
      known = wish.current;
      spell = spelling([...known, ...wish.withdrawn.values()].map(({ symbol }) => symbol));
    }
    return spell(s, r);
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

const unasked = (code: string, venue: string): string | undefined => {
  const symbol = `${code}.${venue}`;
  try {
    parseSymbol(symbol);
    return canonicalSymbol(symbol);
  } catch {
    return undefined;
  }
};

const remembered = (resolve: Spell): Spell => {
  const byRegion = new Map<string | null | undefined, Map<string, string | undefined>>();
  return (s, r) => {
    const memory = byRegion.get(r) ?? new Map<string, string | undefined>();
    const known = memory.get(s);
    if (known !== undefined) return known;
    const found = resolve(s, r);
    if (memory.size >= MEMORY) memory.clear();
    memory.set(s, found);
    byRegion.set(r, memory);
    return found;
  };
};
