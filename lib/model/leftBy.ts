import { feedNameOf, type Switched } from './feedEvent.js';
import { canonicalSymbol } from './symbol.js';

/** What a switch takes from the feed that served until then. */
export interface Left {
  /** The feed that served, and the one that serves from now on. */
  readonly feed: string;
  readonly to: string;
  readonly isOf: (symbol: string) => boolean;
  /** Whether that is every symbol. */
  readonly isAll: boolean;
  /** What neither had. */
  readonly hole: { readonly from: number; readonly to: number } | undefined;
}

/** Undefined for a switch made by hand that does not say what it leaves. */
export const leftBy = (event: Switched): Left | undefined => {
  const { left, symbols, hole } = event as Partial<Switched>;
  if (typeof left !== 'string') return undefined;
  const said = Array.isArray(symbols) ? symbols.filter((symbol) => typeof symbol === 'string') : [];
  const keys = new Set(said.map(canonicalSymbol));
  const isAll = symbols === 'all';
  const isOf = (symbol: string): boolean => isAll || keys.has(canonicalSymbol(symbol));
  const isHole = typeof hole?.from === 'number' && typeof hole.to === 'number' && hole.to > hole.from;
  return { feed: left, to: feedNameOf(event), isOf, isAll, hole: isHole ? hole : undefined };
};
