import { markets } from '../providers/itick/protocol.js';
import { Misuse } from './Misuse.js';
import type { SourceKind } from './Plan.js';

export interface Asked {
  readonly source: SourceKind;
  readonly symbols: readonly string[];
}

const kinds: readonly SourceKind[] = [
  ...markets.map((market) => ({ name: `itick:${market}`, vendor: 'itick' as const, market })),
  { name: 'tickflow', vendor: 'tickflow', endpoint: 'stream' },
  { name: 'tickflow:quotes', vendor: 'tickflow', endpoint: 'quotes' },
];

/** Every name that a source may have. */
export const sourceNames: readonly string[] = kinds.map(({ name }) => name);

/** Splits `itick:stock AAPL.US 700.HK tickflow 600000.SH` into sources with their symbols. Throws `Misuse`. */
export const parseSources = (words: readonly string[]): readonly Asked[] => {
  const asked = new Map<string, { readonly source: SourceKind; readonly symbols: string[] }>();
  let current: { readonly symbols: string[] } | undefined;
  for (const word of words) {
    if (isSymbol(word)) {
      if (!current) throw new Misuse(`"${word}" comes before any source; write itick:stock ${word}, for instance`);
      current.symbols.push(word);
      continue;
    }
    const source = sourceOf(word);
    current = asked.get(source.name) ?? { source, symbols: [] };
    asked.set(source.name, { source, symbols: current.symbols });
  }
  for (const { source, symbols } of asked.values()) {
    if (symbols.length === 0) throw new Misuse(`"${source.name}" needs symbols after it, such as AAPL.US`);
  }
  return [...asked.values()];
};

/** Only symbols hold a dot; only sources hold a colon or are a bare word. */
export const isSymbol = (word: string): boolean => word.includes('.') && !word.includes(':');

/** The source of that name. Throws `Misuse` when there is none. */
export const sourceOf = (word: string): SourceKind => {
  const kind = kinds.find(({ name }) => name === word);
  if (kind) return kind;
  if (word === 'itick') throw new Misuse(`"itick" needs a market: ${markets.map((m) => `itick:${m}`).join(', ')}`);
  throw new Misuse(`"${word}" is neither a source (${sourceNames.join(', ')}) nor a symbol such as AAPL.US`);
};
