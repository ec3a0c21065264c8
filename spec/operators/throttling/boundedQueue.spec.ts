import * as fc from 'fast-check';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { boundedQueue, type BoundedQueue, type DropPolicy } from '../../../lib/operators/throttling/boundedQueue.js';
import { isLinkEvent } from '../../../lib/model/feedEvent.js';
import { aQuote } from '../../../lib/testing/builders.js';

const policies: readonly DropPolicy[] = ['dropOldest', 'dropNewest', 'latestPerKey'];

const quote = fc.constantFrom('A.US', 'B.US', 'C.US').map((symbol) => aQuote({ symbol }));
const said = fc
  .constantFrom('x', 'y')
  .chain((provider) =>
    fc.constantFrom<FeedEvent>(
      { kind: 'connected', provider, receivedAt: 0, attempt: 1, resumed: undefined },
      { kind: 'latency', provider, receivedAt: 0, roundTrip: 1 },
      { kind: 'refused', provider, receivedAt: 0, topics: [], reason: '' },
    ),
  );
const event: fc.Arbitrary<FeedEvent> = fc.oneof({ weight: 3, arbitrary: quote }, said);
/** Each event is an object of its own, so that it can be told from its likes. */
const steps = fc
  .array(fc.oneof({ weight: 3, arbitrary: event }, fc.constant('take' as const)), { maxLength: 60 })
  .map((all) => all.map((step) => (step === 'take' ? step : { ...step })));
const setting = fc.record({ capacity: fc.integer({ min: 1, max: 6 }), policy: fc.constantFrom(...policies) });

interface Told {
  readonly taken: readonly FeedEvent[];
  readonly lost: number;
  readonly most: number;
}

const run = (queue: BoundedQueue<FeedEvent>, all: readonly (FeedEvent | 'take')[]): Told => {
  const taken: FeedEvent[] = [];
  let lost = 0;
  let most = 0;
  for (const step of all) {
    if (step !== 'take') lost += queue.put(step);
    else {
      const next = queue.take();
      if (next) taken.push(next);
    }
    most = Math.max(most, queue.size());
  }
  for (let next = queue.take(); next; next = queue.take()) taken.push(next);
  return { taken, lost, most };
};

const keyOf = (value: FeedEvent): unknown => ('symbol' in value ? value.symbol : `${value.provider} ${value.kind}`);

/** The same in an array, by searching it. */
const naive = (capacity: number, policy: DropPolicy): BoundedQueue<FeedEvent> => {
  const all: FeedEvent[] = [];
  const isData = (value: FeedEvent): boolean => !isLinkEvent(value);
  const victim = (): number => {
    const data = policy === 'dropNewest' ? all.map(isData).lastIndexOf(true) : all.findIndex(isData);
    if (data >= 0) return data;
    const old = all.findIndex((value, at) => all.slice(at + 1).some((later) => keyOf(later) === keyOf(value)));
    return Math.max(old, 0);
  };
  return {
    size: () => all.length,
    put: (value) => {
      const same = all.findIndex((held) => isData(held) && keyOf(held) === keyOf(value));
      const replaces = policy === 'latestPerKey' && same >= 0;
      all.push(value);
      if (!replaces && all.length <= capacity) return 0;
      all.splice(replaces ? same : victim(), 1);
      return 1;
    },
    take: () => all.shift(),
  };
};

describe('a bounded queue', () => {
  it('is the same as an array that is searched', () => {
    fc.assert(
      fc.property(setting, steps, ({ capacity, policy }, all) => {
        const told = run(boundedQueue({ capacity, policy }), all);
        const expected = run(naive(capacity, policy), all);
        expect(told).toEqual(expected);
        expect(told.taken.every((value, at) => value === expected.taken[at])).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('delivers or loses each value once, in the order of arrival, and never holds more than its capacity', () => {
    fc.assert(
      fc.property(setting, steps, (options, all) => {
        const offered = all.filter((step) => step !== 'take');
        const { taken, lost, most } = run(boundedQueue(options), all);
        expect(taken.length + lost).toBe(offered.length);
        expect(most).toBeLessThanOrEqual(options.capacity);
        const places = taken.map((value) => offered.indexOf(value));
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
      }),
      { numRuns: 1_000 },
    );
  });

  it('delivers the last value of every key, if there is room for all keys', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 9 }), fc.array(quote), (capacity, quotes) => {
        const offered = quotes.map((one, receivedAt) => ({ ...one, receivedAt }));
        const { taken } = run(boundedQueue({ capacity, policy: 'latestPerKey' }), offered);
        const lasts = new Map(offered.map((one) => [one.symbol, one]));
        expect(new Set(taken)).toEqual(new Set(lasts.values()));
      }),
      { numRuns: 1_000 },
    );
  });

  it('loses nothing that the link says while data wait, and never the last of its kind if all kinds have room', () => {
    fc.assert(
      fc.property(fc.constantFrom(...policies), fc.array(event), (policy, events) => {
        const offered = events.map((one) => ({ ...one }));
        const { taken } = run(boundedQueue({ capacity: 6, policy }), offered);
        const link = offered.filter(isLinkEvent);
        if (link.length <= 6) expect(taken.filter(isLinkEvent)).toEqual(link);
        const lasts = [...new Map(link.map((one) => [keyOf(one), one])).values()];
        expect(lasts.every((last) => taken.includes(last))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes a key of the caller for `latestPerKey`, and forgets it with the value', () => {
    const queue = boundedQueue<{ readonly id: number }>({
      capacity: 2,
      policy: 'latestPerKey',
      key: ({ id }) => id % 2,
    });
    expect([{ id: 1 }, { id: 2 }, { id: 3 }].map(queue.put)).toEqual([0, 0, 1]);
    expect([queue.take(), queue.take(), queue.take()]).toEqual([{ id: 2 }, { id: 3 }, undefined]);
    expect(queue.put({ id: 5 })).toBe(0);
  });
});
