import { canonicalSymbol, LONGEST_SYMBOL, parseSymbol } from '../../model/symbol.js';
import type { Topic } from '../../model/topic.js';
import type { WantedState } from '../../session/wanted.js';

/** How the wire writes a symbol: as we do, but Hong Kong codes have five digits. */
export const wireSymbol = (symbol: string): string => {
  if (symbol.length > LONGEST_SYMBOL) return symbol;
  const plain = canonicalSymbol(symbol);
  return /^\d{1,4}\.HK$/.test(plain) ? plain.padStart('00000.HK'.length, '0') : plain;
};

/** The caller's spelling of a symbol of the wire; undefined for what is not a symbol. */
export type Spell = (symbol: string) => string | undefined;

/**
 * The spelling of what a feed wants now, and of what it has just ceased to want. A symbol that was never asked for is
 * written our way.
 */
export const spellingOf = (wanted: { readonly state: Pick<WantedState, 'topics' | 'unsubscribed'> }): Spell => {
  let known: readonly Topic[] | undefined;
  let spellings: ReadonlyMap<string, string> = new Map();
  /** By capital letters, for a push in other ones. */
  let folded: ReadonlyMap<string, string> = new Map();
  const askedInOtherLetters = (symbol: string): string | undefined =>
    symbol.length > LONGEST_SYMBOL ? undefined : folded.get(wireSymbol(symbol.toUpperCase()));
  return (symbol) => {
    const { topics, unsubscribed } = wanted.state;
    if (known !== topics) {
      known = topics;
      // The last of two entries wins: what is wanted before what was, and of two spellings the first.
      const both = [...known, ...unsubscribed.values()].reverse();
      spellings = new Map(both.map((topic) => [wireSymbol(topic.symbol), topic.symbol]));
      folded = new Map([...spellings].map(([wire, own]) => [wire.toUpperCase(), own]));
    }
    return spellings.get(symbol) ?? spellings.get(wireSymbol(symbol)) ?? askedInOtherLetters(symbol) ?? unasked(symbol);
  };
};

const unasked = (symbol: string): string | undefined => {
  try {
    parseSymbol(symbol);
    return canonicalSymbol(symbol);
  } catch {
    return undefined;
  }
};
