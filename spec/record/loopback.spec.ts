import { lastValueFrom, takeWhile, toArray } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { depths, quotes, trades } from '../../lib/model/topic.js';
import { itick } from '../../lib/providers/itick/index.js';
import { tickflow } from '../../lib/providers/tickflow/index.js';
import { fileSink, readCassette, record, replay, type FeedConnection } from '../../lib/record/index.js';
import { startSimulator } from '../../lib/simulator/index.js';
import { SECRET } from '../secrets/secret.cjs';
import { aFolder } from './files/aFolder.js';

const path = aFolder();
const DAY = 86_400_000;

/** An event without its times here, which a replay knows by the millisecond in which the recorder noted them. */
const timeless = (event: FeedEvent): unknown => {
  // Of what a vendor sends without a time it is the time of arrival.
  const ours = 'time' in event && event.time === event.receivedAt ? ['time'] : [];
  const times = ['receivedAt', 'resumed', 'retryAt', 'roundTrip', ...ours];
  return JSON.parse(JSON.stringify(event, (key, value: unknown) => (times.includes(key) ? undefined : value)));
};

describe.each(['itick', 'tickflow'] as const)('a recording of %s, over loopback', (vendor) => {
  it('is replayed as it was heard, with its gaps, at any speed', async () => {
    // A market that runs ahead of the clock would have stamps that are believed or not by a millisecond of the recorder.
    const simulator = await startSimulator({
      start: Date.now() - DAY,
      speed: 100,
      [vendor]: { token: SECRET, apiKey: SECRET, echoToken: true },
    });
    const channels = [quotes, depths, ...(vendor === 'itick' ? [trades] : [])];
    const topics = channels.flatMap((channel) => [...channel('600000.SH', '600519.SH')]);
    const heardOf = (connection: FeedConnection, credential: string, url?: string) =>
      vendor === 'itick'
        ? itick({ url, token: credential, market: 'stock', topics, backoff: () => 20, ...connection })
        : tickflow({ url, apiKey: credential, topics, backoff: () => 20, ...connection });
    const sink = fileSink(path('tape.ndjson.gz'), { flushEvery: 20 });

    let losses = 0;
    let inSession = 0;
    const isEnough = ({ kind }: FeedEvent): boolean => {
      if (kind === 'disconnected') losses += 1;
      inSession = kind === 'connected' ? 0 : inSession + 1;
      if (inSession === 50 && losses < 3) {
        if (losses === 1) simulator[vendor].refuseUpgrades(503, { times: 1 });
        simulator[vendor].drop();
      }
      return inSession === 50 && losses >= 3;
    };
    const live = await lastValueFrom(
      record((connection) => heardOf(connection, SECRET, simulator.url), sink).pipe(
        takeWhile((event) => !isEnough(event)),
        toArray(),
      ),
    );
    await simulator.close();
    await sink.written();

    const again = await lastValueFrom(
      replay(readCassette(path('tape.ndjson.gz')), (connection) => heardOf(connection, 'any'), {
        speed: Infinity,
      }).pipe(toArray()),
    );
    const faster = await lastValueFrom(
      replay(readCassette(path('tape.ndjson.gz')), (connection) => heardOf(connection, 'any'), { speed: 4 }).pipe(
        toArray(),
      ),
    );
    expect(losses).toBeGreaterThanOrEqual(3);
    expect(JSON.stringify(faster)).toBe(JSON.stringify(again));
    expect(again.slice(0, live.length).map(timeless)).toEqual(live.map(timeless));
    // A replay knows when the recorder noted a frame: after what came before it, and before the feed read it.
    const SAME = 2;
    const times = live.map(({ receivedAt }) => receivedAt);
    const before = (time: number): number => Math.max(0, ...times.filter((other) => other < time));
    const isBetween = (time: number, heard = 0): boolean => time >= before(heard) - SAME && time <= heard + SAME;
    expect(again.slice(0, live.length).filter(({ receivedAt }, i) => !isBetween(receivedAt, times[i]))).toEqual([]);
  }, 90_000);
});
