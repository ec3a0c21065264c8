import { asyncScheduler, takeUntil, tap, timer, type Observable } from 'rxjs';
import type { History } from '../../lib/history/History.js';
import type { HistoryFetch } from '../../lib/history/HistoryFetch.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes, trades } from '../../lib/model/topic.js';
import { backfill } from '../../lib/operators/backfill/backfill.js';
import { itick, itickHistory } from '../../lib/providers/itick/index.js';
import { tickflow, tickflowHistory } from '../../lib/providers/tickflow/index.js';
import { memorySink, record, type Cassette, type FeedConnection } from '../../lib/record/index.js';
import { createItickRest } from '../../lib/simulator/itick/itickRest.js';
import { itickFrames } from '../../lib/simulator/itick/frames.js';
import { itickDefaults } from '../../lib/simulator/itick/rules.js';
import { createMarket, STEP } from '../../lib/simulator/market/market.js';
import type { RestControl } from '../../lib/simulator/rest/restControl.js';
import { quoteItem } from '../../lib/simulator/tickflow/items.js';
import { tickflowDefaults } from '../../lib/simulator/tickflow/rules.js';
import { createTickflowRest } from '../../lib/simulator/tickflow/tickflowRest.js';
import { scriptedVendor } from '../../lib/testing/server/scriptedVendor.js';
import { SECRET } from '../secrets/secret.cjs';
import { restFetch } from '../simulator/rest/restFetch.js';

export type Vendor = 'itick' | 'tickflow';

/** A Tuesday, 10:00 in Shanghai. */
export const START = Date.UTC(2026, 3, 21, 2);
export const SYMBOL = '600000.SH';
const MINUTE = 60_000;
const budget = { calls: 6, per: MINUTE };

export const historyOf = (vendor: Vendor, credential: string, fetch: HistoryFetch): History =>
  vendor === 'itick'
    ? itickHistory({ token: credential, market: 'stock', fetch, budget })
    : tickflowHistory({ apiKey: credential, fetch, budget });

/** A feed of a vendor whose holes are repaired over its own history, for so many milliseconds, live or from a tape. */
export const repairedFeed = (
  vendor: Vendor,
  credential: string,
  { fetch, ...connection }: FeedConnection,
  { lasts, attempts = 3 }: { readonly lasts: number; readonly attempts?: number },
): Observable<FeedEvent> => {
  const options = { interval: '1m', warm: 3, attempts, settle: 2_000 } as const;
  const more = { backoff: () => 730, ...connection };
  const feed$ =
    vendor === 'itick'
      ? itick({ token: credential, market: 'stock', topics: trades(SYMBOL), ...more })
      : tickflow({ apiKey: credential, topics: quotes(SYMBOL), ...more });
  return feed$.pipe(backfill(historyOf(vendor, credential, fetch), options), takeUntil(timer(lasts)));
};

/** What is done to the vendor at a moment, in milliseconds from the beginning. */
export interface Happening {
  readonly at: number;
  readonly what: (
    line: { readonly drop: () => void; readonly refuse: (on: boolean) => void },
    rest: RestControl,
  ) => void;
}

export interface RecordedRepairs {
  readonly live: readonly FeedEvent[];
  readonly cassette: Cassette;
  readonly calls: number;
}

/** A session of the simulated market over a fake network, in virtual time that begins at `START`, recorded. */
export const recordedRepairs = (
  flush: () => void,
  vendor: Vendor,
  happenings: readonly Happening[],
  { lasts, seed = 1, latency = 23 }: { readonly lasts: number; readonly seed?: number; readonly latency?: number },
): RecordedRepairs => {
  const market = createMarket({ seed, symbols: [{ symbol: SYMBOL }], unknown: [], start: START, sessions: false });
  const instrument = market.find(SYMBOL);
  if (!instrument) throw new Error('the market has no such symbol');
  const line =
    vendor === 'itick'
      ? scriptedVendor('itick', { token: SECRET, echoToken: true })
      : scriptedVendor('tickflow', { apiKey: SECRET });
  const rest =
    vendor === 'itick'
      ? createItickRest(market, { ...itickDefaults, budget, token: SECRET })
      : createTickflowRest(market, { ...tickflowDefaults, budget, apiKey: SECRET });
  const frames = itickFrames(itickDefaults);
  const fetch: HistoryFetch = restFetch(rest, latency);
  const memory = memorySink();
  const live: FeedEvent[] = [];
  record((connection) => repairedFeed(vendor, SECRET, connection, { lasts }), memory, {
    openSocket: line.openSocket,
    fetch,
  }).subscribe((event) => live.push(event));
  const control = {
    drop: line.drop,
    refuse: (on: boolean): void => (on ? line.refuse(503) : line.accept()),
  };
  for (const { at, what } of happenings) asyncScheduler.schedule(() => what(control, rest.control), at);
  // Not when timers are due, nor when answers come.
  timer(7, STEP)
    .pipe(
      tap(() => {
        const executions = market.step().flatMap((change) => change.executions);
        if (line.live === 0) return;
        if (vendor === 'itick') for (const one of executions) line.say(frames.tick(instrument, one));
        else if (executions.length > 0) line.say(`{"op":"quotes","data":[${quoteItem(instrument, false)}]}`);
      }),
      takeUntil(timer(lasts)),
    )
    .subscribe();
  flush();
  return { live, cassette: memory.cassette(), calls: rest.control.calls };
};
