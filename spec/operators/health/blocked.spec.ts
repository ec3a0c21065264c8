import { filter, firstValueFrom, Subject, take, tap, timeout, toArray } from 'rxjs';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { depths, quotes, trades } from '../../../lib/model/topic.js';
import { watchLag } from '../../../lib/operators/watchLag.js';
import { itick } from '../../../lib/providers/itick/index.js';
import { ownProcess } from '../../nats/ownProcess.js';

const symbols = Array.from({ length: 100 }, (_, i) => `SYM${i}.US`);

const block = (milliseconds: number): void => {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
};

describe('a consumer that blocks the thread', () => {
  it('is said to make the data old while it does, and not after', async () => {
    const url$ = new Subject<string>();
    const simulator = ownProcess(
      'operators/health/simulatorProcess',
      {},
      { line: (line) => url$.next(line), error: () => undefined },
    );
    const url = await firstValueFrom(url$.pipe(timeout(20_000)));
    const topics = [...quotes(...symbols), ...trades(...symbols), ...depths(...symbols)];
    let isBlocking = true;
    let from = Infinity;
    const said$ = itick({ token: 'demo', market: 'stock', url, topics }).pipe(
      watchLag({ maxLag: 500 }),
      tap((event) => {
        // The first data of all topics have one stamp.
        if (event.kind === 'connected') from = event.receivedAt + 2_000;
        else if (event.kind === 'lagging') isBlocking = false;
        else if (event.receivedAt > from && isBlocking) block(5);
      }),
      filter((event: FeedEvent) => event.kind === 'lagging' || event.kind === 'caughtUp'),
      take(2),
      toArray(),
    );
    const [lagging, caughtUp] = await firstValueFrom(said$);
    simulator.kill('SIGKILL');
    expect(lagging).toMatchObject({ kind: 'lagging', provider: 'itick', feed: 'itick:stock' });
    expect(lagging).toHaveProperty('lag', expect.any(Number));
    expect(caughtUp).toMatchObject({ kind: 'caughtUp', from: lagging?.receivedAt });
  }, 60_000);
});
