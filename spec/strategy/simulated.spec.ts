import { asyncScheduler, filter, map, takeUntil, tap, timer, type Observable } from 'rxjs';
import { isMarketEvent, type FeedEvent } from '../../lib/model/feedEvent.js';
import { trades } from '../../lib/model/topic.js';
import { itick } from '../../lib/providers/itick/index.js';
import { startSimulator, type Simulator } from '../../lib/simulator/index.js';
import { isEventful, keepsItsPromises, observed } from './maCross.js';

/** Now, as stamps of another year are not believed. The market runs ahead at once, so that our clock closes no bar of it. */
const START = asyncScheduler.now();
const STEP = 250;
const HOURS = 2;

/** The market, at ten seconds a beat of a millisecond; it drops everybody every 2,000 seconds. */
const run = (simulator: Simulator): { readonly now: () => number; readonly over$: Observable<unknown> } => {
  let steps = 0;
  const over$ = timer(50, 1).pipe(
    tap((beat) => {
      for (let step = 0; step < 40; step++) simulator.step();
      steps += 40;
      if (beat % 200 === 199) simulator.itick.drop();
    }),
    filter(() => steps * STEP >= HOURS * 3_600_000),
  );
  return { now: () => START + steps * STEP, over$ };
};

/** A feed as it would be if the market's clock were ours. */
const retimed =
  (now: () => number) =>
  (feed$: Observable<FeedEvent>): Observable<FeedEvent> => {
    let lostAt = now();
    return feed$.pipe(
      map((event): FeedEvent => {
        if (isMarketEvent(event)) return { ...event, receivedAt: event.time };
        const receivedAt = now();
        if (event.kind === 'disconnected') lostAt = receivedAt;
        if (event.kind !== 'connected') return { ...event, receivedAt };
        return { ...event, receivedAt, resumed: event.resumed && { from: lostAt, to: receivedAt } };
      }),
    );
  };

describe('the moving-average cross, over loopback', () => {
  it('keeps its promises on a market that drops the link', async () => {
    const symbols = ['BTCUSDT.BA', 'ETHUSDT.BA'];
    const simulator = await startSimulator({ seed: 4, speed: 0, start: START, symbols });
    try {
      const { now, over$ } = run(simulator);
      const topics = trades(...symbols);
      const feed$ = itick({ token: 'demo', market: 'crypto', topics, url: simulator.url, backoff: () => 5 });
      const seen = await observed(feed$.pipe(retimed(now), takeUntil(over$)));
      keepsItsPromises(seen);
      isEventful(seen);
    } finally {
      await simulator.close();
    }
  });
});
