import { asyncScheduler, BehaviorSubject, Subscription } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { FeedInUse, InvalidOption } from '../../lib/model/errors.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { depths, quotes, trades, type Topic } from '../../lib/model/topic.js';
import type { FeedSettings } from '../../lib/session/feedOf.js';
import { rotating } from '../../lib/session/rotate.js';
import { isEnding, keyOf, numberOf, streamFeed, streamVendor, type StreamOptions } from './streamVendor.js';

const [quote, other] = quotes('A.US', 'B.US') as [Topic, Topic];
const [trade] = trades('A.US') as [Topic];
const [book] = depths('A.US') as [Topic];

interface Stage {
  readonly vendor: ReturnType<typeof streamVendor>;
  readonly topics$: BehaviorSubject<readonly Topic[]>;
  readonly heard: FeedEvent[];
  readonly feed: Subscription;
  readonly errors: readonly unknown[];
}

interface Play extends StreamOptions {
  readonly topics: readonly Topic[];
  readonly settings?: Partial<FeedSettings>;
  readonly onEvent?: (event: FeedEvent, stage: Stage) => void;
  /** What happens when, in milliseconds. */
  readonly at: Readonly<Record<number, (stage: Stage) => void>>;
  readonly until: number;
}

/** Plays a feed that rotates each second, in virtual time. */
const play = ({ topics, settings, onEvent, at, until, ...options }: Play) => {
  const scheduler = new TestScheduler(() => undefined);
  return scheduler.run(() => {
    scheduler.maxFrames = 10_000_000;
    const vendor = streamVendor(options);
    const topics$ = new BehaviorSubject(topics);
    const feed = new Subscription();
    const heard: FeedEvent[] = [];
    const errors: unknown[] = [];
    const stage: Stage = { vendor, topics$, heard, feed, errors };
    const rotation = rotating({ after: 1_000, notice: isEnding });
    feed.add(
      streamFeed({
        topics: topics$,
        openSocket: vendor.openSocket,
        backoff: () => 100,
        rotation,
        ...settings,
      }).subscribe({
        next: (event) => {
          heard.push(event);
          onEvent?.(event, stage);
        },
        error: (error: unknown) => errors.push(error),
      }),
    );
    for (const [time, act] of Object.entries(at)) asyncScheduler.schedule(() => act(stage), Number(time));
    asyncScheduler.schedule(() => feed.unsubscribe(), until);
    scheduler.flush();
    const timers = scheduler.actions.filter(({ closed }) => !closed).length;
    expect([vendor.open(), timers]).toEqual([0, 0]);
    expect(vendor.most()).toBeLessThanOrEqual(2);
    return { vendor, heard, errors };
  });
};

/** Happens each so many milliseconds. */
const each = (every: number, from: number, to: number, act: (stage: Stage) => void) =>
  Object.fromEntries(Array.from({ length: Math.floor((to - from) / every) }, (_, i) => [from + i * every + 0.5, act]));

const publish =
  (...topics: readonly Topic[]) =>
  ({ vendor }: Stage): void =>
    topics.forEach((topic) => vendor.publish(topic));

const kindsIn = (heard: readonly FeedEvent[]) => heard.map(({ kind }) => kind);
const numbersOf = (heard: readonly FeedEvent[], topic: Topic) =>
  heard
    .filter((event) => keyOf(event) === keyOf({ kind: topic.channel, symbol: topic.symbol } as FeedEvent))
    .map(numberOf);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe('a rotation', () => {
  it('has a session succeeded by another one, of which the subscriber sees nothing', () => {
    const all = [quote, trade, book];
    const { heard, vendor } = play({
      topics: all,
      lag: (index) => [30, 5, 60, 0][index % 4] ?? 0,
      at: each(10, 200, 4_200, publish(...all)),
      until: 5_000,
    });
    for (const topic of all) expect(numbersOf(heard, topic)).toEqual(upTo(400));
    expect(kindsIn(heard).filter((kind) => kind === 'connected' || kind === 'subscribed')).toEqual([
      'connected',
      'subscribed',
    ]);
    expect(kindsIn(heard)).not.toContain('disconnected');
    expect(vendor.connections.length).toBeGreaterThanOrEqual(4);
    expect(vendor.connections.slice(0, -1).every(({ closedByClient }) => closedByClient?.code === 1000)).toBe(true);
  });

  it('drops the snapshot of a book that the old session is ahead of, and goes on with its next number', () => {
    const { heard } = play({ topics: [book], at: each(10, 200, 1_500, publish(book)), until: 1_600 });
    const types = heard.flatMap((event) => (event.kind === 'depth' ? [event.type] : []));
    expect(new Set(types)).toEqual(new Set(['update']));
    expect(numbersOf(heard, book)).toEqual(upTo(130));
  });

  it.each([15_000, 300])('waits for a quiet topic, up to its patience of %d ms', (patience) => {
    const closedAt: number[] = [];
    play({
      topics: [quote, other],
      settings: { rotation: rotating({ after: 1_000, patience }) },
      at: {
        ...each(50, 200, 1_000 + patience + 500, ({ vendor }) => {
          vendor.publish(quote);
          if (vendor.connections[0]?.state === 'closed') closedAt.push(asyncScheduler.now());
        }),
      },
      until: 1_000 + patience + 900,
    });
    expect(closedAt[0]).toBeGreaterThanOrEqual(1_000 + patience);
    expect(closedAt[0]).toBeLessThan(1_000 + patience + 200);
  });

  it('begins at once when the vendor says that the session ends', () => {
    const { vendor, heard } = play({
      topics: [quote],
      settings: { rotation: rotating({ notice: isEnding }) },
      at: {
        ...each(10, 100, 900, publish(quote)),
        300: ({ vendor: { links } }) => links[0]?.say({ op: 'ending' }),
        500: ({ vendor: { connections } }) => expect(connections.map(({ state }) => state)).toEqual(['closed', 'open']),
      },
      until: 1_000,
    });
    expect(vendor.connections).toHaveLength(2);
    expect(numbersOf(heard, quote)).toEqual(upTo(80));
  });

  it('goes over without a loss when the vendor closes a session after its last word, and nothing came', () => {
    const { heard } = play({
      topics: [quote, other],
      at: { 200: publish(quote), 1_100: ({ vendor }) => vendor.links[0]?.close(), 1_200: publish(quote, other) },
      until: 2_000,
    });
    expect(kindsIn(heard)).toEqual(['connected', 'subscribed', 'quote', 'quote', 'quote']);
  });

  it('says the loss of a session that is cut before its successor is level, with the hole', () => {
    const { heard } = play({
      topics: [quote],
      at: { 200: publish(quote), 1_100: ({ vendor }) => vendor.links[0]?.connection.drop() },
      until: 1_500,
    });
    expect(kindsIn(heard)).toEqual(['connected', 'subscribed', 'quote', 'disconnected', 'connected', 'subscribed']);
    const back = heard[4];
    expect(back?.kind === 'connected' && back.resumed?.from).toBe(200);
  });

  it('says as the beginning of a hole when the successor was last heard', () => {
    const { heard } = play({
      topics: [quote],
      at: {
        ...each(10, 100, 1_400, publish(quote)),
        1_700: ({ vendor }) => vendor.links[1]?.connection.drop(),
      },
      until: 1_900,
    });
    const back = heard.filter((event) => event.kind === 'connected')[1];
    expect(back?.resumed?.from).toBe(1_390.5);
  });

  it('tries again by the backoff when a successor fails, while the old session lives', () => {
    const { vendor, heard } = play({
      topics: [quote],
      at: {
        ...each(10, 100, 1_900, publish(quote)),
        1_000.2: ({ vendor: { connections } }) => connections[1]?.drop(),
        1_100.4: ({ vendor: { connections } }) => connections[2]?.drop(),
      },
      until: 1_950,
    });
    expect(vendor.connections).toHaveLength(4);
    expect(kindsIn(heard)).not.toContain('disconnected');
    expect(numbersOf(heard, quote)).toEqual(upTo(180));
  });

  it('keeps a session whose successor is refused to its end, and then starts over as usual', () => {
    const { vendor, heard, errors } = play({
      topics: [quote],
      admits: (index) => index !== 1,
      at: {
        ...each(10, 100, 2_900, publish(quote)),
        2_900: ({ vendor: { links } }) => links[0]?.connection.drop(),
      },
      until: 3_500,
    });
    expect(errors).toEqual([]);
    expect(vendor.connections).toHaveLength(3);
    expect(kindsIn(heard).filter((kind) => kind === 'disconnected')).toHaveLength(1);
    expect(numbersOf(heard, quote)).toEqual(upTo(280));
  });

  it('closes both sockets when it is unsubscribed between', () => {
    const { vendor } = play({ topics: [quote], at: { 200: publish(quote) }, until: 1_200 });
    expect(vendor.connections.map(({ closedByClient }) => closedByClient?.code)).toEqual([1000, 1000]);
  });

  it('closes both sockets when it is unsubscribed by the event with which the successor takes over', () => {
    const { vendor, heard } = play({
      topics: [quote],
      lag: (index) => [200, 0][index] ?? 0,
      onEvent: (event, { feed, vendor: { connections } }) => {
        if (event.kind === 'quote' && connections[0]?.state === 'closed') feed.unsubscribe();
      },
      at: each(10, 100, 2_000, publish(quote)),
      until: 2_500,
    });
    expect(vendor.connections).toHaveLength(2);
    const numbers = numbersOf(heard, quote);
    expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] ?? NaN) + i));
  });

  it('follows what is wanted in both sessions, and says it once', () => {
    const { heard, vendor } = play({
      topics: [quote],
      at: {
        200: publish(quote),
        1_100: ({ topics$ }) => topics$.next([quote, other]),
        1_300: ({ topics$ }) => topics$.next([other]),
        ...each(50, 1_400, 1_600, publish(other)),
      },
      until: 1_900,
    });
    expect(kindsIn(heard).filter((kind) => kind !== 'quote')).toEqual([
      'connected',
      'subscribed',
      'subscribed',
      'unsubscribed',
    ]);
    expect(numbersOf(heard, other)).toEqual(upTo(4));
    expect(vendor.commands).toEqual([
      '0 sub quote A.US',
      '1 sub quote A.US',
      '0 sub quote B.US',
      '1 sub quote B.US',
      '0 unsub quote A.US',
      '1 unsub quote A.US',
    ]);
    expect(vendor.connections[0]?.state).toBe('closed');
  });

  it('says once what is withdrawn and wanted again at once, in both sessions', () => {
    const { heard } = play({
      topics: [quote, other],
      lag: (index) => [5, 0, 250][index % 3] ?? 0,
      at: {
        ...Object.fromEntries(
          Array.from({ length: 60 }, (_, i) => [
            900 + i * 37,
            ({ topics$ }: Stage) => {
              topics$.next([]);
              topics$.next([other]);
              topics$.next([quote, other]);
            },
          ]),
        ),
        ...each(10, 950, 3_500, publish(other)),
      },
      until: 3_900,
    });
    const served = new Set<string>();
    for (const event of heard) {
      if (event.kind !== 'subscribed' && event.kind !== 'unsubscribed') continue;
      for (const { symbol } of event.topics) {
        expect([event.kind, symbol, served.has(symbol)]).toEqual([event.kind, symbol, event.kind === 'unsubscribed']);
        if (event.kind === 'subscribed') served.add(symbol);
        else served.delete(symbol);
      }
    }
    expect(served.size).toBe(2);
  });

  it('says at the switch what the successor is refused, and asks for it no more', () => {
    const { heard, vendor } = play({
      topics: [quote, other],
      refuses: ({ symbol }, index) => index > 0 && symbol === other.symbol,
      at: {
        ...each(10, 100, 2_900, publish(quote, other)),
        1_700: ({ vendor: { links } }) => links.at(-1)?.connection.drop(),
      },
      until: 3_000,
    });
    const refused = heard.flatMap((event) => (event.kind === 'refused' ? event.topics : []));
    expect(refused).toEqual([other]);
    expect(vendor.connections.length).toBeGreaterThan(2);
    expect(vendor.commands.filter((command) => command.includes('B.US')).map(([index]) => index)).toEqual([
      '0',
      '1',
      '1',
    ]);
  });

  it('gives a successor up that would have to be waited for too long, and says nothing of it', () => {
    const { heard, vendor } = play({
      topics: [trade, quote],
      lag: (index) => (index === 1 ? 2_000 : 0),
      at: {
        ...each(100, 100, 9_900, publish(trade)),
        5_100: ({ vendor: { publish: say } }) => say(quote, 100_100),
      },
      until: 9_950,
    });
    expect(vendor.connections.length).toBeGreaterThan(2);
    expect(vendor.connections[1]?.closedByClient?.code).toBe(1000);
    expect(kindsIn(heard)).not.toContain('disconnected');
    expect(numbersOf(heard, quote)).toHaveLength(100_100);
    expect(numbersOf(heard, trade)).toEqual(upTo(98));
  });

  it('takes a second connection of the plan for a while, and goes on without where there is none', () => {
    const settings = { connections: 2, endpoint: 'wss://two' };
    let blocked: unknown;
    const { vendor, heard } = play({
      topics: [quote],
      settings,
      at: {
        ...each(10, 100, 3_900, publish(quote)),
        1_000.2: ({ vendor: { openSocket }, feed }) =>
          feed.add(
            streamFeed({ topics: [quote], openSocket, ...settings }).subscribe({
              error: (error: unknown) => (blocked = error),
            }),
          ),
        1_800: ({ vendor: { openSocket }, feed }) =>
          feed.add(streamFeed({ topics: [quote], openSocket, ...settings }).subscribe()),
      },
      until: 4_000,
    });
    expect(blocked).toBeInstanceOf(FeedInUse);
    // The other feed has the second place from then on.
    expect(vendor.connections).toHaveLength(3);
    expect(numbersOf(heard, quote)).toEqual(upTo(380));
  });

  it('is an InvalidOption with one connection, and with times that are none', () => {
    const errors: unknown[] = [];
    streamFeed({ topics: [quote], connections: 1, rotation: rotating({ after: 1 }) }).subscribe({
      error: (error: unknown) => errors.push(error),
    });
    expect(errors).toEqual([expect.any(InvalidOption)]);
    expect(() => rotating({ after: 0 })).toThrow(InvalidOption);
    expect(() => rotating({ patience: NaN })).toThrow(InvalidOption);
    expect(() => rotating({ notice: true as never })).toThrow(InvalidOption);
  });
});
