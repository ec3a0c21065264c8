import { tap, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes } from '../../lib/model/topic.js';
import { itick } from '../../lib/providers/itick/index.js';
import { tickflow } from '../../lib/providers/tickflow/index.js';
import { fakeNetwork } from '../../lib/testing/fakeNetwork.js';
import type { OpenSocket } from '../../lib/transport/SocketLike.js';
import { liveHeap } from './loopback/resources.js';

const RECONNECTS = 10_000;
const WARM = 2_500;

/** A server that says these frames and hangs up; its network is forgotten with it. */
const fleeting =
  (...frames: readonly string[]): OpenSocket =>
  (url, options) =>
    fakeNetwork((connection) => {
      connection.open();
      frames.forEach(connection.say);
      connection.drop();
    }).openSocket(url, options);

const topics = quotes('AAPL.US');
const backoff = (): number => 10;

const feeds: readonly (readonly [string, Observable<FeedEvent>])[] = [
  [
    'itick',
    itick({
      token: 't-2abf6c0',
      market: 'stock',
      topics,
      backoff,
      openSocket: fleeting(
        '{"code":1,"resAc":"auth","msg":"authenticated"}',
        '{"code":1,"resAc":"subscribe","msg":"subscribe Successfully"}',
        '{"code":1,"data":{"s":"AAPL","r":"US","ld":225.2,"type":"quote"}}',
      ),
    }),
  ],
  [
    'tickflow',
    tickflow({
      apiKey: 'k-2abf6c0',
      topics,
      backoff,
      openSocket: fleeting(
        '{"op":"subscribed","channel":"quotes","symbols":["AAPL.US"],"total":1}',
        '{"op":"quotes","data":[{"symbol":"AAPL.US","last_price":225.2}]}',
      ),
    }),
  ],
];

describe.each(feeds)('%s, in virtual time', (_, feed$) => {
  it(`holds no more after ${RECONNECTS} reconnects than after ${WARM}`, () => {
    let rounds = 0;
    const heaps: number[] = [];
    new TestScheduler(() => undefined).run(() => {
      const subscription = feed$
        .pipe(
          tap(({ kind }) => {
            if (kind !== 'quote') return;
            rounds += 1;
            if (rounds === WARM || rounds === RECONNECTS) heaps.push(liveHeap());
            if (rounds === RECONNECTS) subscription.unsubscribe();
          }),
        )
        .subscribe();
    });
    const [before = 0, after = Infinity] = heaps;
    expect(after - before).toBeLessThan(2 ** 19);
  });
});
