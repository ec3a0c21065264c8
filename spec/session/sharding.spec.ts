import { asyncScheduler, BehaviorSubject, from, Subscription } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { FeedInUse, InvalidOption, Unauthorized } from '../../lib/model/errors.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes, trades, type Topic } from '../../lib/model/topic.js';
import { gaps } from '../../lib/operators/gaps.js';
import type { FeedSettings } from '../../lib/session/feedOf.js';
import { rotating } from '../../lib/session/rotate.js';
import { sharding } from '../../lib/session/sharding.js';
import { shareFeed } from '../../lib/share/shareFeed.js';
import { describeFeed } from '../../lib/testing/contract/describeFeed.js';
import { contractStage } from './contractStage.js';
import { streamFeed, streamVendor, type StreamOptions } from './streamVendor.js';

const symbols = (text: string): readonly Topic[] => quotes(...text.split('').map((letter) => `${letter}.US`));

interface Stage {
  readonly vendor: ReturnType<typeof streamVendor>;
  readonly topics$: BehaviorSubject<readonly Topic[]>;
  readonly heard: FeedEvent[];
  readonly feed: Subscription;
}

interface Play extends StreamOptions {
  readonly topics: readonly Topic[];
  readonly settings?: Partial<FeedSettings>;
  readonly onEvent?: (event: FeedEvent, stage: Stage) => void;
  readonly at: Readonly<Record<number, (stage: Stage) => void>>;
}

/** Plays a feed of three sockets that take two products each, for two seconds of virtual time. */
const play = ({ topics, settings, at, onEvent, ...options }: Play) => {
  const scheduler = new TestScheduler(() => undefined);
  return scheduler.run(() => {
    const vendor = streamVendor(options);
    const topics$ = new BehaviorSubject(topics);
    const heard: FeedEvent[] = [];
    const errors: unknown[] = [];
    const feed = new Subscription();
    const stage: Stage = { vendor, topics$, heard, feed };
    const shards = sharding({ most: 2, sockets: 3 });
    const { openSocket } = vendor;
    const feed$ = streamFeed({ topics: topics$, openSocket, backoff: () => 100, name: 's', shards, ...settings });
    feed.add(
      feed$.subscribe({
        next: (event) => {
          heard.push(event);
          onEvent?.(event, stage);
        },
        error: (error: unknown) => errors.push(error),
      }),
    );
    for (const [time, act] of Object.entries(at)) asyncScheduler.schedule(() => act(stage), Number(time));
    asyncScheduler.schedule(() => feed.unsubscribe(), 2_000);
    scheduler.flush();
    const timers = scheduler.actions.filter(({ closed }) => !closed).length;
    expect([vendor.open(), timers]).toEqual([0, 0]);
    return { vendor, heard, errors };
  });
};

const of = (heard: readonly FeedEvent[], kind: FeedEvent['kind']) =>
  heard.flatMap((event) => (event.kind === kind ? [event.feed] : []));

describe('a feed over several sockets', () => {
  it('fills one after the other, and names each in its events', () => {
    const { vendor, heard } = play({
      topics: symbols('ABCD'),
      at: { 500: (stage) => symbols('ABCD').forEach((topic) => stage.vendor.publish(topic)) },
    });
    expect(vendor.commands).toEqual(['0 sub quote A.US, quote B.US', '1 sub quote C.US, quote D.US']);
    const feeds = heard.flatMap((event) => (event.kind === 'quote' ? [`${event.feed} ${event.symbol}`] : []));
    expect(feeds).toEqual(['s A.US', 's B.US', 's#2 C.US', 's#2 D.US']);
    expect(of(heard, 'connected')).toEqual(['s', 's#2']);
  });

  it('counts products, not topics', () => {
    const topics = [...symbols('AB'), ...trades('A.US', 'B.US')];
    expect(play({ topics, at: {} }).vendor.connections).toHaveLength(1);
  });

  it('keeps a product where it is, gives a new one room where some is, and closes what has none', () => {
    const { vendor, heard } = play({
      topics: symbols('ABCD'),
      at: {
        300: ({ topics$ }) => topics$.next(symbols('BCD')),
        600: ({ topics$ }) => topics$.next(symbols('BCDE')),
        900: ({ topics$ }) => topics$.next(symbols('E')),
        1_000: ({ vendor: { connections } }) =>
          expect(connections.map(({ state }) => state)).toEqual(['open', 'closed']),
        1_200: ({ topics$ }) => topics$.next([]),
        1_300: ({ vendor: { connections } }) =>
          expect(connections.map(({ state }) => state)).toEqual(['open', 'closed']),
        1_400: ({ topics$ }) => topics$.next(symbols('XYZ')),
      },
    });
    expect(vendor.commands).toEqual([
      '0 sub quote A.US, quote B.US',
      '1 sub quote C.US, quote D.US',
      '0 unsub quote A.US',
      '0 sub quote E.US',
      '0 unsub quote B.US',
      '1 unsub quote C.US, quote D.US',
      '0 unsub quote E.US',
      '0 sub quote X.US, quote Y.US',
      '2 sub quote Z.US',
    ]);
    expect(of(heard, 'unsubscribed')).toEqual(['s', 's', 's#2', 's']);
  });

  it('asks the last one for what finds no room, so that the vendor refuses it', () => {
    const { vendor } = play({ topics: symbols('ABCDEFGH'), at: {} });
    expect(vendor.commands.at(-1)).toBe('2 sub quote E.US, quote F.US, quote G.US, quote H.US');
  });

  it('has a hole only in the symbols of the socket that is lost', () => {
    const { heard } = play({
      topics: symbols('ABC'),
      at: { 500: ({ vendor: { links } }) => links[1]?.connection.drop() },
    });
    expect(of(heard, 'disconnected')).toEqual(['s#2']);
    const holes: string[] = [];
    from(heard)
      .pipe(gaps())
      .subscribe(({ feed }) => holes.push(feed));
    expect(holes).toEqual(['s#2']);
  });

  it('closes a socket without products when its link is back, so that its hole has an end', () => {
    const { vendor, heard } = play({
      topics: symbols('ABC'),
      at: {
        500: ({ vendor: { links } }) => links[1]?.connection.drop(),
        550: ({ topics$ }) => topics$.next(symbols('AB')),
      },
    });
    expect(vendor.connections).toHaveLength(3);
    const last = heard.at(-1);
    expect([last?.kind, last?.feed]).toEqual(['connected', 's#2']);
    expect(vendor.connections[2]?.closedByClient?.code).toBe(1000);
  });

  it('ends with what ends one of them for good, and has given all slots back by then', () => {
    const settings = { connections: 2, endpoint: 'wss://three' };
    const { errors } = play({ topics: symbols('ABC'), settings, admits: (index) => index !== 1, at: {} });
    expect(errors).toEqual([expect.any(Unauthorized)]);
    const { errors: none } = play({ topics: symbols('ABC'), settings, at: {} });
    expect(none).toEqual([]);
  });

  it('takes a slot of the plan for each', () => {
    const settings = { connections: 1, endpoint: 'wss://four' };
    const { errors } = play({ topics: symbols('ABC'), settings, at: {} });
    expect(errors).toEqual([expect.any(FeedInUse)]);
  });

  it('takes changes that a subscriber makes while it is told of one', () => {
    const { vendor } = play({
      topics: symbols('ABCD'),
      onEvent: (event, { topics$ }) => {
        if (event.kind === 'unsubscribed' && topics$.value.length === 2) topics$.next(symbols('ACE'));
      },
      at: { 500: ({ topics$ }) => topics$.next(symbols('AC')) },
    });
    expect(vendor.commands.slice(2).sort()).toEqual(['0 sub quote E.US', '0 unsub quote B.US', '1 unsub quote D.US']);
  });

  it('rotates each of them by itself', () => {
    const publish = ({ vendor }: Stage): void => symbols('ABC').forEach((topic) => vendor.publish(topic));
    const times = Object.fromEntries(Array.from({ length: 180 }, (_, i) => [100 + 10 * i + 0.5, publish]));
    const { vendor, heard } = play({
      topics: symbols('ABC'),
      settings: { rotation: rotating({ after: 400 }), connections: 4, endpoint: 'wss://five' },
      at: times,
    });
    expect(vendor.connections.length).toBeGreaterThan(6);
    expect(of(heard, 'connected')).toEqual(['s', 's#2']);
    for (const symbol of ['A.US', 'B.US', 'C.US']) {
      const last = heard.flatMap((event) => (event.kind === 'quote' && event.symbol === symbol ? [event.last] : []));
      expect(last).toEqual(Array.from({ length: 180 }, (_, i) => i + 1));
    }
  });

  it('lets a late joiner of a shared feed hear the links, and what is served', () => {
    const scheduler = new TestScheduler(() => undefined);
    scheduler.run(() => {
      const { openSocket } = streamVendor();
      const shards = sharding({ most: 1, sockets: 2 });
      const shared = shareFeed((topics$) => streamFeed({ topics: topics$, openSocket, name: 's', shards }));
      const heard: FeedEvent[] = [];
      const work = shared.watch(symbols('AB')).subscribe();
      asyncScheduler.schedule(() => work.add(shared.watch(symbols('B')).subscribe((event) => heard.push(event))), 500);
      asyncScheduler.schedule(() => work.unsubscribe(), 1_000);
      scheduler.flush();
      expect(heard.map(({ kind, feed }) => `${kind} ${feed}`)).toEqual([
        'connected s',
        'connected s#2',
        'subscribed s#2',
      ]);
    });
  });

  it('is an InvalidOption for numbers that are none', () => {
    expect(() => sharding({ most: 0, sockets: 1 })).toThrow(InvalidOption);
    expect(() => sharding({ most: 1, sockets: 1.5 })).toThrow(InvalidOption);
    expect(() => sharding({ most: 1, sockets: 1, product: 'x' as never })).toThrow(InvalidOption);
  });
});

describeFeed(
  'a provider with room for two products on a socket',
  contractStage({ shards: sharding({ most: 2, sockets: 2 }) }),
);
