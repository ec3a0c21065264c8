import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { quotes } from '../../../lib/model/topic.js';
import { itick } from '../../../lib/providers/itick/index.js';
import { tickflow } from '../../../lib/providers/tickflow/index.js';
import { platform } from '../../../lib/session/index.js';
import { startSimulator, type Simulator } from '../../../lib/simulator/index.js';
import { delayBy } from '../../../lib/testing/faults/connectionFaults.js';
import { dropAfter } from '../../../lib/testing/faults/connectionFaults.js';
import { faulty } from '../../../lib/testing/faults/intercept.js';
import { garble } from '../../../lib/testing/faults/frameFaults.js';
import { halfOpen } from '../../../lib/testing/faults/connectionFaults.js';
import { eventually } from '../../providers/loopback/resources.js';
import { until } from '../../providers/loopback/until.js';

const withSimulator = async (body: (simulator: Simulator) => Promise<void>): Promise<void> => {
  const simulator = await startSimulator({ speed: 50 });
  try {
    await body(simulator);
  } finally {
    await simulator.close();
  }
};

/** Whether this is the end of an outage, and the so many-th. */
const outages = (count: number): ((event: FeedEvent) => boolean) => {
  let over = 0;
  return (event) => {
    if (event.kind === 'connected' && event.resumed) over += 1;
    return over === count;
  };
};

const causes = (events: readonly FeedEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === 'disconnected' ? [event.cause._tag] : []));

describe('a line with faults, over real sockets', () => {
  it('is late, garbles and drops, and itick comes back', () =>
    withSimulator(async ({ url, itick: vendor }) => {
      const line = [
        dropAfter({ frames: 30 }),
        garble({ share: 0.2, only: (text) => text.includes('"quote"') }),
        delayBy({ latency: 5, jitter: 5 }),
      ];
      const openSocket = faulty(platform.openSocket, ...line);
      const topics = quotes('AAPL.US', '700.HK');
      const feed$ = itick({ token: 'demo', market: 'stock', topics, url, openSocket, backoff: () => 5 });
      const events = await until(feed$, outages(3));
      expect(causes(events)).toEqual(['ConnectionLost', 'ConnectionLost', 'ConnectionLost']);
      expect(events.some(({ kind }) => kind === 'quote')).toBe(true);
      expect(events.some(({ kind }) => kind === 'undecodable')).toBe(true);
      await eventually(() => expect(vendor.live).toBe(0));
    }));

  it('dies in silence, and tickflow notices', () =>
    withSimulator(async ({ url, tickflow: vendor }) => {
      const openSocket = faulty(platform.openSocket, halfOpen({ after: 150, maxConnections: 2 }));
      const feed$ = tickflow({
        apiKey: 'demo',
        topics: quotes('600000.SH', '700.HK', 'AAPL.US'),
        url,
        openSocket,
        backoff: () => 5,
        heartbeat: { within: 1_000 },
      });
      const events = await until(feed$, outages(2));
      expect(causes(events)).toEqual(['HeartbeatMissed', 'HeartbeatMissed']);
      await eventually(() => expect(vendor.live).toBe(0));
    }));
});
