import type { NatsConnection } from '@nats-io/nats-core';
import { Subject } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import type { Depth } from '../../lib/model/marketEvent.js';
import { depths, quotes } from '../../lib/model/topic.js';
import { hostFeed, joinFeed } from '../../lib/nats/index.js';
import { mutableBook } from '../../lib/operators/depth/mutableBook.js';
import { describeWithNats } from './describeWithNats.js';
import { connected, quote } from './events.js';
import { lossy } from './lossy.js';
import { listen, stage, until, type Stage } from './stage.js';

const book = (sequence: number, type: Depth['type'], bids: Depth['bids'], asks: Depth['asks'] = []): Depth => ({
  kind: 'depth',
  provider: 'itick',
  feed: 'itick:stock',
  symbol: 'AAPL.US',
  time: sequence,
  receivedAt: Date.now(),
  type,
  sequence: { first: sequence, last: sequence },
  bids,
  asks,
});

describeWithNats('a feed made by hand, over a real NATS server', () => {
  let theatre: Stage;
  let vendor$: Subject<FeedEvent>;
  let host: NatsConnection;
  let isDeaf: boolean;
  /** Once deaf, it loses one message with such a subject, and hears again. */
  const losesOne =
    (part: string) =>
    ({ subject }: { readonly subject: string }): boolean => {
      if (!isDeaf || !subject.includes(part)) return false;
      isDeaf = false;
      return true;
    };
  /** The joiner has a whole book and a quote. */
  const begun = async (joiner: ReturnType<typeof listen>): Promise<void> => {
    await until(() => vendor$.observed);
    vendor$.next(connected(Date.now()));
    vendor$.next(book(1, 'snapshot', [{ price: 10, size: 1 }]));
    vendor$.next(quote(1, 'TSLA.US'));
    await until(() => joiner.of('quote').length === 1 && joiner.of('depth').length === 1);
  };
  beforeEach(async () => {
    isDeaf = false;
    theatre = await stage();
    vendor$ = new Subject();
    host = await theatre.connect();
    hostFeed({ nats: host, name: 'us', makeFeed: () => vendor$ }).subscribe({
      error: () => undefined,
    });
  });
  afterEach(() => theatre.close());

  it('gives a late joiner the whole book, and then its updates', async () => {
    const topics = depths('AAPL.US');
    const early = listen(joinFeed({ nats: await theatre.connect(), name: 'us', topics }));
    await until(() => vendor$.observed);
    vendor$.next(connected(Date.now()));
    vendor$.next(book(1, 'snapshot', [{ price: 10, size: 1 }], [{ price: 11, size: 5 }]));
    vendor$.next(book(2, 'update', [{ price: 9, size: 4 }]));
    vendor$.next(book(3, 'update', [{ price: 10, size: 0 }]));
    await until(() => early.of('depth').at(-1)?.sequence?.last === 3);

    const late = listen(joinFeed({ nats: await theatre.connect(), name: 'us', topics }));
    await until(() => late.of('depth').length === 1);
    const { type, sequence, bids, asks } = late.of('depth')[0] ?? book(0, 'update', []);
    expect({ type, sequence, bids, asks }).toEqual({
      type: 'snapshot',
      sequence: { first: 3, last: 3 },
      bids: [{ price: 9, size: 4 }],
      asks: [{ price: 11, size: 5 }],
    });
    for (let n = 4; n < 40; n += 1) vendor$.next(book(n, 'update', [{ price: n, size: 1 }]));
    await until(() => late.of('depth').length === 37);
    expect(late.of('depth').map((depth) => depth.sequence?.last)).toEqual(Array.from({ length: 37 }, (_, n) => n + 3));
    expect(late.of('disconnected')).toEqual([]);
  });

  it.each([
    ['with the next update', true],
    ['with a beat', false],
  ])('gives who joins between two updates the whole book again, %s, and says no loss', async (_when, isApart) => {
    const topics = depths('AAPL.US');
    const early = listen(joinFeed({ nats: await theatre.connect(), name: 'us', topics }));
    await until(() => vendor$.observed);
    vendor$.next(connected(Date.now()));
    vendor$.next(book(1, 'snapshot', [{ price: 10, size: 1 }]));
    await until(() => early.of('depth').length === 1);
    // As if it were said before the subscription and after the value.
    let missed = 0;
    const nats = lossy(await theatre.connect(), ({ subject }) => subject.includes('.live.') && (missed += 1) === 1);
    const late = listen(joinFeed({ nats, name: 'us', topics }));
    await until(() => late.of('depth').length === 1);
    vendor$.next(book(2, 'update', [{ price: 10, size: 2 }]));
    if (isApart) await until(() => early.of('depth').at(-1)?.sequence?.last === 2);
    vendor$.next(book(3, 'update', [{ price: 10, size: 3 }]));
    await until(() => late.of('depth').at(-1)?.sequence?.last === 3);
    vendor$.next(book(4, 'update', [{ price: 10, size: 4 }]));
    await until(() => late.of('depth').at(-1)?.sequence?.last === 4);
    const { apply, isValid, bids } = mutableBook();
    for (const depth of late.of('depth')) expect([apply(depth), isValid()]).toEqual([true, true]);
    expect(bids.sizeAt(0)).toBe(4);
    expect(late.of('depth').filter(({ type }) => type === 'snapshot')).toHaveLength(2);
    expect(missed).toBe(isApart ? 3 : 2);
    expect([...new Set(late.events.map(({ kind }) => kind))]).toEqual(['connected', 'depth']);
    expect(late.of('connected')).toHaveLength(1);
  });

  it('gives the whole book again after a loss of something else, also one of which no update was heard yet', async () => {
    const nats = lossy(await theatre.connect(), losesOne('.live.'));
    const joiner = listen(joinFeed({ nats, name: 'us', topics: [...depths('AAPL.US'), ...quotes('TSLA.US')] }));
    await begun(joiner);
    isDeaf = true;
    vendor$.next(quote(2, 'TSLA.US'));
    await until(() => !isDeaf);
    vendor$.next(quote(3, 'TSLA.US'));
    await until(() => joiner.of('quote').length === 2 && joiner.of('depth').length === 2);
    vendor$.next(book(2, 'update', [{ price: 10, size: 2 }]));
    await until(() => joiner.of('depth').length === 3);
    expect(joiner.of('disconnected')).toHaveLength(1);
    expect(joiner.of('depth').map(({ type, sequence }) => [type, sequence?.last])).toEqual([
      ['snapshot', 1],
      ['snapshot', 1],
      ['update', 2],
    ]);
  });

  it('never goes back in a book that it reads again', async () => {
    const nats = lossy(await theatre.connect(), losesOne('.live.quote.'));
    const joiner = listen(joinFeed({ nats, name: 'us', topics: [...depths('AAPL.US'), ...quotes('TSLA.US')] }));
    await begun(joiner);
    for (let round = 0, number = 1; round < 5; round += 1) {
      isDeaf = true;
      vendor$.next(quote(10 * round + 2, 'TSLA.US'));
      await until(() => !isDeaf);
      // Heard, and not yet in the whole book that is said for late joiners.
      for (let n = 0; n < 3; n += 1) vendor$.next(book((number += 1), 'update', [{ price: 10, size: number }]));
      vendor$.next(quote(10 * round + 3, 'TSLA.US'));
      await until(() => joiner.of('disconnected').length === round + 1 && joiner.of('connected').length === round + 2);
      await until(() => joiner.of('depth').filter(({ type }) => type === 'snapshot').length === round + 2);
    }
    const numbers = joiner.of('depth').map(({ sequence }) => sequence?.last ?? NaN);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(numbers.at(-1)).toBe(16);
  });

  it('ignores what an older owner had said and comes late, and says what is garbage', async () => {
    const nats = await theatre.connect();
    const joiner = listen(joinFeed({ nats, name: 'us', topics: quotes('AAPL.US') }));
    await until(() => vendor$.observed);
    vendor$.next(connected(Date.now()));
    vendor$.next(quote(1));
    await until(() => joiner.of('quote').length === 1);
    const { headers } = await import('@nats-io/nats-core');
    const stale = headers();
    stale.set('epoch', '0');
    stale.set('seq', '77');
    nats.publish('rxtape.v1.us.live.quote.US.AAPL', JSON.stringify([quote(666)]), { headers: stale });
    nats.publish('rxtape.v1.us.live.quote.US.AAPL', JSON.stringify([quote(667)]));
    nats.publish('rxtape.v1.us.live.quote.US.AAPL', '{', { headers: stale });
    nats.publish('rxtape.v1.us.beat', 'x');
    await nats.flush();
    vendor$.next(quote(2));
    await until(() => joiner.of('quote').length === 2 && joiner.of('undecodable').length === 3);
    expect(joiner.of('quote').map(({ last }) => last)).toEqual([1, 2]);
    expect(joiner.of('disconnected')).toEqual([]);
  });

  it('is heard again after the connection of a joiner was lost, with one gap and what was lost', async () => {
    const nats = await theatre.connect();
    const joiner = listen(joinFeed({ nats, name: 'us', topics: quotes('AAPL.US', 'TSLA.US') }));
    await until(() => vendor$.observed);
    vendor$.next(connected(Date.now()));
    vendor$.next(quote(1));
    vendor$.next(quote(1, 'TSLA.US'));
    await until(() => joiner.of('quote').length === 2);
    await nats.reconnect();
    await until(() => joiner.of('disconnected').length === 1);
    vendor$.next(quote(2));
    vendor$.next(quote(3));
    await until(() => joiner.of('connected').length === 2 && joiner.of('quote').at(-1)?.last === 3);
    expect(joiner.of('disconnected')).toHaveLength(1);
    const [, back] = joiner.of('connected');
    const heard = joiner.of('quote').filter(({ last }) => last > 1).length;
    expect((back?.resumed?.lost ?? NaN) + heard).toBeGreaterThanOrEqual(2);
  });

  it('has what was lost in its gap where the clock of the owner is a little ahead, too', async () => {
    const AHEAD = 400;
    let isDeaf = false;
    const nats = lossy(await theatre.connect(), ({ subject }) => {
      if (!isDeaf || !subject.includes('.live.')) return false;
      isDeaf = false;
      return true;
    });
    const joiner = listen(joinFeed({ nats, name: 'us', topics: quotes('AAPL.US') }));
    await until(() => vendor$.observed);
    vendor$.next(connected(Date.now() + AHEAD));
    vendor$.next(quote(1));
    await until(() => joiner.of('quote').length === 1);
    isDeaf = true;
    const lost = quote(Date.now() + AHEAD);
    vendor$.next(lost);
    await until(() => !isDeaf);
    vendor$.next(quote(Date.now() + AHEAD));
    await until(() => joiner.of('connected').length === 2);
    const { from, to } = joiner.of('connected')[1]?.resumed ?? { from: NaN, to: NaN };
    expect(from).toBeLessThanOrEqual(lost.receivedAt);
    expect(to).toBeGreaterThanOrEqual(lost.receivedAt);
  });

  it('is said to be connected before its first value, also where that comes while a joiner reads', async () => {
    const nats = await theatre.connect();
    const late = await theatre.connect();
    listen(joinFeed({ nats, name: 'us', topics: quotes('AAPL.US') }));
    await until(() => vendor$.observed);
    let isFirst = true;
    const { request } = late;
    // Between the answer with the link and the request for the value.
    late.request = async (subject, ...more) => {
      const answer = await request.call(late, subject, ...more);
      if (subject.endsWith('.us.last.link') && isFirst) {
        isFirst = false;
        vendor$.next(connected(Date.now()));
        vendor$.next(quote(1));
        await new Promise((resolve) => setImmediate(resolve));
        await nats.flush();
        await host.flush();
      }
      return answer;
    };
    const joiner = listen(joinFeed({ nats: late, name: 'us', topics: quotes('AAPL.US') }));
    await until(() => joiner.of('quote').length > 0 && joiner.of('connected').length > 0);
    expect(isFirst).toBe(false);
    expect(joiner.events.map(({ kind }) => kind)).toEqual(['connected', 'quote']);
  });
});
