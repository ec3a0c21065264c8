import * as fc from 'fast-check';
import type { Subscription } from 'rxjs';
import { asyncScheduler, BehaviorSubject } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { depths, quotes, topicKey, trades, type Topic } from '../../lib/model/topic.js';
import { rotating } from '../../lib/session/rotate.js';
import { isEnding, keyOf, numberOf, streamFeed, streamVendor } from './streamVendor.js';

const universe: readonly Topic[] = [...quotes('A.US', 'B.US'), ...trades('A.US', 'B.US'), ...depths('A.US')];

type Step =
  | { readonly kind: 'publish'; readonly topic: Topic; readonly times: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'want'; readonly topics: readonly Topic[] }
  | { readonly kind: 'ending' }
  | { readonly kind: 'close' | 'drop'; readonly at: number };

const stepOf = (hasCuts: boolean): fc.Arbitrary<Step> =>
  fc.oneof(
    {
      weight: 20,
      arbitrary: fc.record({
        kind: fc.constant('publish' as const),
        topic: fc.constantFrom(...universe),
        times: fc.integer({ min: 1, max: 3 }),
      }),
    },
    {
      weight: 12,
      arbitrary: fc.record({
        kind: fc.constant('wait' as const),
        ms: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constantFrom(300, 1_000, 20_000)),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('want' as const), topics: fc.shuffledSubarray([...universe]) }),
    },
    { weight: 2, arbitrary: fc.constant<Step>({ kind: 'ending' }) },
    ...(hasCuts
      ? [
          {
            weight: 2,
            arbitrary: fc.record({ kind: fc.constantFrom('close' as const, 'drop' as const), at: fc.nat(5) }),
          },
        ]
      : []),
  );

interface Course {
  readonly steps: readonly Step[];
  readonly lags: readonly number[];
  readonly after: number;
  readonly batch: number;
  readonly saysLast: boolean;
  /** The topics that are wanted at first: of few none is quiet. */
  readonly first: readonly Topic[];
  readonly patience: number;
}

const courseOf = (hasCuts: boolean): fc.Arbitrary<Course> =>
  fc.record({
    steps: fc.array(stepOf(hasCuts), { maxLength: 60 }),
    lags: fc.array(fc.constantFrom(0, 1, 3, 20, 90, 250), { minLength: 4, maxLength: 4 }),
    after: fc.constantFrom(50, 200, 700, 30_000),
    batch: fc.constantFrom(1, 50),
    saysLast: fc.boolean(),
    first: fc.oneof(
      fc.constantFrom(...universe).map((topic) => [topic]),
      fc.constant(universe),
    ),
    // Longer than five topics need, one after the other, with the longest lag.
    patience: fc.constantFrom(1_500, 15_000),
  });

/** Runs a course in virtual time; what the subscriber got, and what is left of the vendor. */
const run = ({ steps, lags, after, batch, saysLast, first, patience }: Course) => {
  const scheduler = new TestScheduler(() => undefined);
  return scheduler.run(() => {
    scheduler.maxFrames = 10_000_000;
    const vendor = streamVendor({ lag: (index) => lags[index % lags.length] ?? 0, saysLast });
    // Within the lag of a session, what comes late of a topic that is wanted again counts as its first data, and a vendor
    // that says the last event, or the book, to who asks does so twice.
    const topics = universe.filter(({ channel }) => saysLast || channel !== 'depth');
    const topics$ = new BehaviorSubject<readonly Topic[]>(first.filter((topic) => topics.includes(topic)));
    const heard: FeedEvent[] = [];
    const rotation = rotating({ after, patience, notice: isEnding });
    const feed$ = streamFeed({ topics: topics$, openSocket: vendor.openSocket, backoff: () => 20, rotation }, batch);
    const errors: unknown[] = [];
    const feed: Subscription = feed$.subscribe({
      next: (event) => heard.push(event),
      error: (error: unknown) => errors.push(error),
    });
    /** By topic the number of the last event that has to arrive. */
    const owed = new Map<string, number>();
    const publish = (topic: Topic): void => {
      vendor.publish(topic);
      const isServed = topics$.value.includes(topic) && vendor.links.some(({ serves }) => serves(topic));
      if (isServed) owed.set(topicKey(topic), vendor.count(topic));
    };
    const want = (topics: readonly Topic[]): void => {
      const keys = topics.map(topicKey);
      for (const key of [...owed.keys()]) if (!keys.includes(key)) owed.delete(key);
      topics$.next(topics);
    };
    const take = (left: readonly Step[]): void => {
      const [step, ...rest] = left;
      if (!step) {
        // All that was said arrives, and the rotation that is under way ends.
        asyncScheduler.schedule(() => feed.unsubscribe(), 40_000);
        return;
      }
      // Mostly of what is wanted.
      const topic = step.kind === 'publish' ? (topics$.value[step.times % 2] ?? step.topic) : undefined;
      if (step.kind === 'publish' && topic) for (let i = 0; i < step.times; i += 1) publish(topic);
      if (step.kind === 'want') want(step.topics.filter((topic) => topics.includes(topic)));
      const live = vendor.links.filter((link) => link.isOpen());
      if (step.kind === 'ending') live[0]?.say({ op: 'ending' });
      if (step.kind === 'close') live[step.at % live.length]?.close();
      if (step.kind === 'drop') live[step.at % live.length]?.connection.drop();
      asyncScheduler.schedule(() => take(rest), step.kind === 'wait' ? step.ms : step.kind === 'want' ? 700 : 0);
    };
    asyncScheduler.schedule(() => take(steps), 2_000);
    scheduler.flush();
    const timers = scheduler.actions.filter(({ closed }) => !closed).length;
    const wanted = new Set(topics$.value.map(topicKey));
    return { heard, vendor, errors, timers, owed: [...owed].filter(([key]) => wanted.has(key)) };
  });
};

/** The holes, the repetitions and the disorder in what was heard, by topic. A hole that is said is none. */
const faultsIn = (heard: readonly FeedEvent[]): readonly string[] => {
  const faults: string[] = [];
  const last = new Map<string, number>();
  /** Topics that are served without a break since their last event. */
  let whole = new Set<string>();
  const served = new Set<string>();
  for (const event of heard) {
    if (event.kind === 'disconnected') {
      whole = new Set();
      served.clear();
    } else if (event.kind === 'subscribed' || event.kind === 'unsubscribed') {
      for (const key of event.topics.map(topicKey)) {
        if (event.kind === 'subscribed' && served.has(key)) faults.push(`${key} subscribed twice`);
        if (event.kind === 'subscribed') served.add(key);
        else served.delete(key);
        whole.delete(key);
      }
    } else if ('symbol' in event && event.kind !== 'backfilled') {
      const key = keyOf(event);
      const n = numberOf(event);
      const before = last.get(key) ?? 0;
      if (!served.has(key)) faults.push(`${key} ${n} before subscribed`);
      // The vendor says the last one again to who asks.
      if (n < before || (n === before && whole.has(key))) faults.push(`${key} ${n} after ${before}`);
      if (whole.has(key) && n > before + 1) faults.push(`${key} ${n} after ${before}: a hole`);
      last.set(key, n);
      whole.add(key);
    }
  }
  return faults;
};

/** The topics whose last event did not arrive. */
const unfinished = (heard: readonly FeedEvent[], owed: readonly (readonly [string, number])[]): readonly string[] =>
  owed.flatMap(([key, n]) => {
    const last = heard.filter((event) => keyOf(event) === key).at(-1);
    return last !== undefined && numberOf(last) === n ? [] : [`${key} ${n}`];
  });

describe('a feed whose sessions succeed each other', () => {
  it('says what the vendor says: no hole, no repetition, no loss of the link, on at most two sockets', () => {
    fc.assert(
      fc.property(courseOf(false), (course) => {
        const { heard, vendor, errors, timers, owed } = run(course);
        expect(errors).toEqual([]);
        expect(faultsIn(heard)).toEqual([]);
        expect(heard.filter(({ kind }) => kind === 'connected').length).toBeLessThanOrEqual(1);
        expect(heard.filter(({ kind }) => kind === 'disconnected')).toEqual([]);
        expect(unfinished(heard, owed)).toEqual([]);
        expect(vendor.most()).toBeLessThanOrEqual(2);
        expect([vendor.open(), timers]).toEqual([0, 0]);
      }),
      { numRuns: 200 },
    );
  });

  it('says each hole, whenever its links are cut', () => {
    fc.assert(
      fc.property(courseOf(true), (course) => {
        const { heard, vendor, errors, timers } = run(course);
        expect(errors).toEqual([]);
        expect(faultsIn(heard)).toEqual([]);
        expect(vendor.most()).toBeLessThanOrEqual(2);
        expect([vendor.open(), timers]).toEqual([0, 0]);
      }),
      { numRuns: 200 },
    );
  });
});
