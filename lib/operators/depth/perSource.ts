import { canonicalSymbol } from '../../model/symbol.js';

/** Something for each symbol of each provider. */
export interface PerSource<T> {
  /** That of a symbol, however it is spelled; made when it is first asked for. */
  readonly of: (provider: string, symbol: string) => T;
  /** All that a provider has, oldest first. */
  readonly allOf: (provider: string) => Iterable<T>;
}

export const perSource = <T>(make: () => T): PerSource<T> => {
  const providers = new Map<string, Map<string, T>>();
  // Mostly one provider speaks many times in a row.
  let lastProvider: string | undefined;
  let symbols = new Map<string, T>();

  const turnTo = (provider: string): void => {
    symbols = providers.get(provider) ?? new Map<string, T>();
    providers.set(provider, symbols);
    lastProvider = provider;
  };

  return {
    of: (provider, symbol) => {
      if (provider !== lastProvider) turnTo(provider);
      const key = canonicalSymbol(symbol);
      let found = symbols.get(key);
      if (found === undefined) symbols.set(key, (found = make()));
      return found;
    },
    allOf: (provider) => providers.get(provider)?.values() ?? [],
  };
};
