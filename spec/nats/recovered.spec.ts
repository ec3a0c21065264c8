import { Subject } from 'rxjs';
import type { FeedEvent, Recovered } from '../../lib/model/feedEvent.js';
import type { Trade } from '../../lib/model/marketEvent.js';
import { trades } from '../../lib/model/topic.js';
import { hostFeed, joinFeed } from '../../lib/nats/index.js';
import { aTrade } from '../../lib/testing/builders.js';
import { describeWithNats } from './describeWithNats.js';
import { connected } from './events.js';
import { listen, stage, until } from './stage.js';

const names = { provider: 'itick', feed: 'itick:stock' };
const trade = (id: number): Trade => aTrade({ ...names, symbol: 'AAPL.US', id, time: id, receivedAt: Date.now() });
const recovered: Recovered = {
  kind: 'recovered',
  ...names,
  receivedAt: 1,
  symbol: 'AAPL.US',
  fromId: 2,
  toId: 3,
  outcome: 'whole',
  trades: 2,
  attempts: 1,
};

describeWithNats('recovered trades, over a real NATS server', () => {
  it('reach who joined before them, and are not the last trade of who joins later', async () => {
    const theatre = await stage();
    try {
      const vendor$ = new Subject<FeedEvent>();
      hostFeed({ nats: await theatre.connect(), name: 'us', makeFeed: () => vendor$ }).subscribe({
        error: () => undefined,
      });
      const topics = trades('AAPL.US');
      const early = listen(joinFeed({ nats: await theatre.connect(), name: 'us', topics }));
      await until(() => vendor$.observed);
      for (const event of [connected(Date.now()), trade(1)]) vendor$.next(event);
      await until(() => early.of('trade').length === 1);
      vendor$.next(trade(4));
      await until(() => early.of('trade').length === 2);
      for (const event of [trade(2), trade(3), recovered]) vendor$.next(event);
      await until(() => early.of('recovered').length === 1);
      expect(early.of('trade').map(({ id }) => id)).toEqual([1, 4, 2, 3]);
      expect(early.of('recovered')).toEqual([recovered]);

      const late = listen(joinFeed({ nats: await theatre.connect(), name: 'us', topics }));
      await until(() => late.of('trade').length > 0);
      expect(late.of('trade').map(({ id }) => id)).toEqual([4]);
    } finally {
      await theatre.close();
    }
  });
});
