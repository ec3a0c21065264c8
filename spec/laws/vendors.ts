import type { Observable } from 'rxjs';
import type { FeedEvent } from '../../lib/index.js';
import { itick, type ItickOptions } from '../../lib/providers/itick/index.js';
import { tickflow, type TickflowOptions } from '../../lib/providers/tickflow/index.js';
import { scriptedVendor, type ScriptedVendor } from '../../lib/testing/index.js';
import type { At } from './stage.js';

/** What a vendor does and when: sends a text or a row, or whatever else. */
export type Says = readonly (readonly [time: number, what: string | object | ((vendor: ScriptedVendor) => void)])[];

const play = (vendor: ScriptedVendor, says: Says, at: At, frameOf: (row: object) => string): void => {
  for (const [time, what] of says) {
    at(time, () => {
      if (typeof what === 'function') (what as (vendor: ScriptedVendor) => void)(vendor);
      else vendor.say(typeof what === 'string' ? what : frameOf(what));
    });
  }
};

/** iTick, in rows of its own wire. */
export const itickSaying = (
  at: At,
  options: Pick<ItickOptions, 'topics'> & Partial<ItickOptions>,
  says: Says,
  vendor: ScriptedVendor = scriptedVendor('itick'),
): Observable<FeedEvent> => {
  play(vendor, says, at, (row) => JSON.stringify({ code: 1, data: row }));
  return itick({ token: 'demo', market: 'stock', openSocket: vendor.openSocket, backoff: () => 1_000, ...options });
};

/** TickFlow, in items of its own wire; what has `bid_prices` or `ask_prices` is depth. */
export const tickflowSaying = (
  at: At,
  options: Pick<TickflowOptions, 'topics'> & Partial<TickflowOptions>,
  says: Says,
  vendor: ScriptedVendor = scriptedVendor('tickflow'),
): Observable<FeedEvent> => {
  play(vendor, says, at, (item) =>
    JSON.stringify({ op: 'bid_prices' in item || 'ask_prices' in item ? 'depth' : 'quotes', data: [item] }),
  );
  return tickflow({ apiKey: 'demo', openSocket: vendor.openSocket, backoff: () => 1_000, ...options });
};
