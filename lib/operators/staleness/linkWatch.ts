import type { EventFacts } from '../../model/ownEvents.js';
import { bySymbol, type BySymbol } from '../bySymbol.js';
import type { SymbolState, SymbolWatch } from './symbolWatch.js';

/** One feed. */
export interface Link {
  readonly provider: string;
  readonly feed: string | undefined;
  readonly symbols: BySymbol<Watched>;
  /** How many symbols are in each state. */
  readonly count: Record<SymbolState, number>;
  /** Disconnected, and without a `connected` or data since. */
  isDown: boolean;
  /** Whether `stale` was emitted for it, and no data have come since. */
  isSilent: boolean;
  /** When its last market event came. */
  since: number;
  /** `receivedAt` of its last market event. */
  lastReceivedAt: number;
}

/** One symbol of it. */
export interface Watched {
  readonly provider: string;
  readonly feed: string | undefined;
  readonly symbol: string;
  readonly link: Link;
  readonly watch: SymbolWatch;
  state: SymbolState;
  /** What was last emitted for it, or its link; not the event itself, which would be one more object to fetch for each event. */
  told: SymbolState | undefined;
  /** Whether the `stale` of its link was the last. */
  toldByLink: boolean;
  due: number;
}

export const newLink = ({ provider, feed }: EventFacts): Link => ({
  provider,
  feed,
  symbols: bySymbol(),
  count: { fresh: 0, stale: 0, closed: 0, halted: 0 },
  isDown: false,
  isSilent: false,
  since: NaN,
  lastReceivedAt: -Infinity,
});

/** One silent symbol alone proves nothing of the link. A lost link counts while a symbol trades there. */
export const isLost = ({ isDown, count }: Link): boolean => count.fresh === 0 && count.stale > (isDown ? 0 : 1);
