import { canonicalSymbol } from '../../model/symbol.js';
import type { Topic } from '../../model/topic.js';
import type { Wish } from '../../session/wish.js';

/** How the wire writes a symbol: as we do, but Hong Kong codes have five digits. */
export const wireSymbol = (symbol: string): string => {
  const plain = canonicalSymbol(symbol);
  return /^\d{1,4}\.HK$/.test(plain) ? plain.padStart('00000.HK'.length, '0') : plain;
};

/** The caller's spelling of a symbol of the wire. One that nobody asked for is written our way. */
export type Spell = (symbol: string) => string;

/** The spelling of what a feed wants now, and of what it has just ceased to want. */
export const spellingOf = (wish: Wish): Spell => {
  let known: readonly Topic[] | undefined;
  let spellings: ReadonlyMap<string, string> = new Map();
  return (symbol) => {
    if (known !== wish.current) {
      known = wish.current;
      const topics = [...wish.withdrawn.values(), ...known];
      spellings = new Map(topics.map((topic) => [wireSymbol(topic.symbol), topic.symbol]));
    }
    return spellings.get(symbol) ?? spellings.get(wireSymbol(symbol)) ?? canonicalSymbol(symbol);
  };
};
