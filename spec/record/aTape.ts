import { asyncScheduler, takeWhile, type Observable } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes } from '../../lib/model/topic.js';
import { itick } from '../../lib/providers/itick/index.js';
import { memorySink, record, type Cassette, type Entry, type FeedConnection } from '../../lib/record/index.js';
import { fakeNetwork, type FakeConnection } from '../../lib/testing/fakeNetwork.js';
import { SECRET } from '../secrets/secret.cjs';

export { SECRET as TOKEN };

/** The frame of an iTick quote. */
export const quoteFrame = (price: number): string =>
  JSON.stringify({ code: 1, data: { s: 'AAPL.US', r: 'US', ld: price, v: 10, t: price, type: 'quote' } });

/** Accepts a connection as iTick does; its answer repeats the token. */
export const welcome = (connection: FakeConnection): void => {
  connection.open();
  connection.say('{"code":1,"msg":"Connected Successfully"}');
  connection.say(JSON.stringify({ code: 1, resAc: 'auth', msg: 'authenticated', data: { token: SECRET } }));
};

const after = (wait: number, work: () => void): void => void asyncScheduler.schedule(work, wait);

/** Three sessions: the first is closed by the vendor, the second falls silent, an upgrade is refused, the third lasts. */
export const troubled = (): ((connection: FakeConnection) => void) => {
  let asked = 0;
  return (connection) => {
    asked += 1;
    const price = asked * 100;
    if (asked === 3) return after(20, () => connection.refuse(503, '2', 'overloaded'));
    after(30, () => {
      welcome(connection);
      after(1_000, () => connection.say(quoteFrame(price)));
      after(1_500, () => connection.say(quoteFrame(price + 1)));
      if (asked === 1) after(2_000, () => connection.close(1001, 'restart'));
    });
  };
};

/** The same feed, live or from the tape. */
export const feed = (connection: FeedConnection, token = 'another-token'): Observable<FeedEvent> =>
  itick({
    token,
    market: 'stock',
    topics: quotes('AAPL.US'),
    backoff: (attempt) => attempt * 700,
    heartbeat: { within: 5_000 },
    ...connection,
  });

export interface Recorded {
  readonly live: readonly FeedEvent[];
  readonly cassette: Cassette;
}

/** What is heard of a vendor in virtual time up to the last quote, and the cassette of it. */
export const recordedLive = (flush: () => void, accept = troubled(), last = 401): Recorded => {
  const live: FeedEvent[] = [];
  const sink = memorySink();
  const { openSocket } = fakeNetwork(accept);
  record((connection) => feed(connection, SECRET), sink, { openSocket, monotonic: () => asyncScheduler.now() })
    .pipe(takeWhile((event) => event.kind !== 'quote' || event.last !== last, true))
    .subscribe((event) => live.push(event));
  flush();
  return { live, cassette: sink.cassette() };
};

/** All entries of a cassette that is at hand. */
export const entriesOf = (cassette: Cassette): readonly Entry[] =>
  [...(cassette.blocks() as Iterable<readonly Entry[]>)].flat();
