import type { HistoryFetch } from '../../../lib/index.js';
import { createItickRest } from '../../../lib/simulator/itick/itickRest.js';
import { itickDefaults } from '../../../lib/simulator/itick/rules.js';
import { createMarket } from '../../../lib/simulator/market/market.js';
import { createTickflowRest } from '../../../lib/simulator/tickflow/tickflowRest.js';
import { tickflowDefaults } from '../../../lib/simulator/tickflow/rules.js';
import { START } from './asking.js';
import { restFetch } from './restFetch.js';

interface VirtualRestOptions {
  readonly seed: number;
  readonly symbols: readonly string[];
  readonly budget: { readonly calls: number; readonly per: number };
  readonly credential?: string;
  /** Milliseconds until an answer comes. */
  readonly latency?: number | undefined;
}

/** A simulated market that begins at `START`, the REST interface of a vendor on it, and a `fetch` that asks it in virtual time. */
export const virtualRest = (
  vendor: 'itick' | 'tickflow',
  { seed, symbols, budget, credential = 'demo', latency }: VirtualRestOptions,
) => {
  const listed = symbols.map((symbol) => ({ symbol }));
  const market = createMarket({ seed, symbols: listed, unknown: [], start: START, sessions: false });
  const rest =
    vendor === 'itick'
      ? createItickRest(market, { ...itickDefaults, budget, token: credential })
      : createTickflowRest(market, { ...tickflowDefaults, budget, apiKey: credential });
  const fetch: HistoryFetch = restFetch(rest, latency);
  return { market, rest, fetch };
};
