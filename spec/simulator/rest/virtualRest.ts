import type { HistoryFetch } from '../../../lib/index.js';
import { createBinanceServer } from '../../../lib/simulator/binance/binanceServer.js';
import { createItickRest } from '../../../lib/simulator/itick/itickRest.js';
import { itickDefaults } from '../../../lib/simulator/itick/rules.js';
import type { Change } from '../../../lib/simulator/market/instrument.js';
import { createMarket, type SimulatedMarket } from '../../../lib/simulator/market/market.js';
import type { Rest } from '../../../lib/simulator/rest/rest.js';
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
  vendor: 'itick' | 'tickflow' | 'binance',
  { seed, symbols, budget, credential = 'demo', latency }: VirtualRestOptions,
) => {
  const listed = symbols.map((symbol) => ({ symbol }));
  const market = createMarket({ seed, symbols: listed, unknown: [], start: START, sessions: false });
  const { rest, publish } = serverOf(vendor, market, { seed, budget, credential });
  const fetch: HistoryFetch = restFetch(rest, latency);
  const step = (): readonly Change[] => {
    const changes = market.step();
    publish(changes);
    return changes;
  };
  return { market, step, rest, fetch };
};

type Rules = Required<Pick<VirtualRestOptions, 'seed' | 'budget' | 'credential'>>;

/** Only Binance has to be told what happens: its trades and books have numbers of their own. */
const serverOf = (
  vendor: 'itick' | 'tickflow' | 'binance',
  market: SimulatedMarket,
  { seed, budget, credential }: Rules,
): { readonly rest: Rest; readonly publish: (changes: readonly Change[]) => void } => {
  const publish = (): void => undefined;
  switch (vendor) {
    case 'itick':
      return { rest: createItickRest(market, { ...itickDefaults, budget, token: credential }), publish };
    case 'tickflow':
      return { rest: createTickflowRest(market, { ...tickflowDefaults, budget, apiKey: credential }), publish };
    case 'binance':
      return createBinanceServer(market, { weight: { limit: budget.calls, per: budget.per } }, seed);
  }
};
