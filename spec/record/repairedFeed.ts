import { asyncScheduler, takeUntil, tap, timer, type Observable } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes, trades } from '../../lib/model/topic.js';
import { backfill } from '../../lib/operators/backfill/backfill.js';
import { itick } from '../../lib/providers/itick/index.js';
import { tickflow } from '../../lib/providers/tickflow/index.js';
import { memorySink, record, type Cassette, type FeedConnection } from '../../lib/record/index.js';
import { itickFrames } from '../../lib/simulator/itick/frames.js';
import { itickDefaults } from '../../lib/simulator/itick/rules.js';
import { STEP } from '../../lib/simulator/market/market.js';
import type { RestControl } from '../../lib/simulator/rest/restControl.js';
import { quoteItem } from '../../lib/simulator/tickflow/items.js';
import { scriptedVendor } from '../../lib/testing/server/scriptedVendor.js';
import { vendors } from '../history/vendors.js';
import { SECRET } from '../secrets/secret.cjs';
import { virtualRest } from '../simulator/rest/virtualRest.js';

export type Vendor = 'itick' | 'tickflow';

export const SYMBOL = '600000.SH';
const MINUTE = 60_000;
export const budget = { calls: 6, per: MINUTE };

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
  const history = vendors[vendor].historyOf({ credential, fetch, budget });
  return feed$.pipe(backfill(history, options), takeUntil(timer(lasts)));
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
  const virtual = { seed, symbols: [SYMBOL], budget, credential: SECRET, latency };
  const { market, rest, fetch } = virtualRest(vendor, virtual);
  const instrument = market.find(SYMBOL);
  if (!instrument) throw new Error('the market has no such symbol');
  const line =
    vendor === 'itick'
      ? scriptedVendor('itick', { token: SECRET, echoToken: true })
      : scriptedVendor('tickflow', { apiKey: SECRET });
  const frames = itickFrames(itickDefaults);
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
