import { lastValueFrom, Subject, takeUntil, tap } from 'rxjs';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { quotes } from '../../../lib/model/topic.js';
import { itick } from '../../../lib/providers/itick/index.js';
import { tickflow } from '../../../lib/providers/tickflow/index.js';
import { startSimulator } from '../../../lib/simulator/index.js';
import { liveHeap, stackDepth } from './resources.js';

const RECONNECTS = 2_000;
const STEP = 400;
/** What a reconnect may leave in the heap; a leak leaves more in each step, whatever else this process does in one. */
const BYTES_LEFT = 1_024;
const symbols = ['AAPL.US', '700.HK', '600000.SH'];

describe.each(['itick', 'tickflow'] as const)('%s, over loopback', (vendor) => {
  it(`loses no topic, no heap and no stack over ${RECONNECTS} forced reconnects`, async () => {
    // No other symbols: their market would take more time than the reconnects.
    const simulator = await startSimulator({ speed: 200, symbols });
    const options = { url: simulator.url, topics: quotes(...symbols), backoff: () => 0 };
    const feed$ =
      vendor === 'itick'
        ? itick({ token: 'demo', market: 'stock', ...options })
        : tickflow({ apiKey: 'demo', ...options });
    const control = simulator[vendor];

    let reconnects = -1;
    let missing = new Set<string>();
    const enough$ = new Subject<void>();
    const problems: FeedEvent[] = [];
    const depths: number[] = [];
    const heaps: number[] = [];
    await lastValueFrom(
      feed$.pipe(
        tap((event) => {
          if (event.kind === 'connected') {
            reconnects += 1;
            missing = new Set(symbols);
          }
          if (event.kind === 'refused' || event.kind === 'undecodable') problems.push(event);
          if (event.kind !== 'quote' || !missing.delete(event.symbol) || missing.size > 0) return;
          // Each topic has come again in this session.
          if (reconnects > 0 && reconnects % STEP === 0) {
            depths.push(stackDepth());
            heaps.push(liveHeap());
          }
          if (reconnects === RECONNECTS) enough$.next();
          else if (reconnects % 2) control.drop();
          else control.close(1001);
        }),
        takeUntil(enough$),
      ),
    );
    await simulator.close();

    expect(problems).toEqual([]);
    expect(control.accepted).toBe(RECONNECTS + 1);
    expect(new Set(depths).size).toBe(1);
    const grown = heaps.slice(1).map((heap, i) => heap - (heaps[i] ?? 0));
    expect(grown).toHaveLength(RECONNECTS / STEP - 1);
    expect(Math.min(...grown)).toBeLessThan(STEP * BYTES_LEFT);
  }, 240_000);
});
