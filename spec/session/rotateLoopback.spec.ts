import { firstValueFrom, tap, filter } from 'rxjs';
import { rotating } from '../../lib/session/rotate.js';
import { sharding } from '../../lib/session/sharding.js';
import { countedSockets, counting, plainTopics, plainVendor } from './plainVendor.js';
import { streamFeed } from './streamVendor.js';

describe('a rotation over real sockets', () => {
  it('each 200 ms under load: no hole and no repetition by the numbers, on two sockets', async () => {
    const topics = plainTopics(10);
    const vendor = await plainVendor(1_500, topics);
    const { counts, take } = counting();
    const { openSocket, most } = countedSockets();
    const feed$ = streamFeed({
      topics,
      endpoint: vendor.url,
      openSocket,
      rotation: rotating({ after: 200, patience: 5_000 }),
    });
    try {
      await firstValueFrom(
        feed$.pipe(
          tap(take),
          filter(() => vendor.opened() > 10 && counts.events > 2_000),
        ),
      );
      expect({ ...counts, events: 0 }).toEqual({ events: 0, holes: 0, duplicates: 0, disconnected: 0, connected: 1 });
      expect(most()).toBe(2);
    } finally {
      await vendor.close();
    }
  });

  it('of each of two shards likewise', async () => {
    const topics = plainTopics(10);
    const vendor = await plainVendor(1_500, topics);
    const { counts, take } = counting();
    const { openSocket, most } = countedSockets();
    const [rotation, shards] = [rotating({ after: 300, patience: 5_000 }), sharding({ most: 5, sockets: 2 })];
    const feed$ = streamFeed({ topics, endpoint: vendor.url, openSocket, rotation, shards });
    try {
      await firstValueFrom(
        feed$.pipe(
          tap(take),
          filter(() => vendor.opened() > 10 && counts.events > 2_000),
        ),
      );
      expect({ ...counts, events: 0 }).toEqual({ events: 0, holes: 0, duplicates: 0, disconnected: 0, connected: 2 });
      expect(most()).toBeLessThanOrEqual(4);
    } finally {
      await vendor.close();
    }
  });
});
