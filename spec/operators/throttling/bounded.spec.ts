import * as fc from 'fast-check';
import { EMPTY, map, NEVER, of, range, Subject, take, timer, type Observable } from 'rxjs';
import { ConnectionLost, InvalidOption } from '../../../lib/model/errors.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { bounded } from '../../../lib/operators/throttling/bounded.js';
import type { BoundedOptions } from '../../../lib/operators/throttling/BoundedOptions.js';
import type { BufferEvent } from '../../../lib/operators/throttling/BufferEvent.js';
import { aQuote } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';

const values: Record<string, FeedEvent> = {
  a: aQuote({ symbol: 'A.US', last: 1 }),
  A: aQuote({ symbol: 'A.US', last: 2 }),
  b: aQuote({ symbol: 'B.US' }),
  c: aQuote({ symbol: 'C.US' }),
  d: aQuote({ symbol: 'D.US' }),
  o: { kind: 'connected', provider: 'test', receivedAt: 0, attempt: 1, resumed: undefined },
  g: { kind: 'disconnected', provider: 'test', receivedAt: 0, cause: new ConnectionLost(1006), attempt: 1, retryAt: 0 },
};
const failure = new Error('a bug');

/** What a slow consumer did with an event: five frames later it has it done. */
const slowly = (event: FeedEvent): Observable<FeedEvent> => timer(5).pipe(map(() => event));

const slow = (waiting: number, receivedAt: number): BufferEvent => ({ kind: 'slowConsumer', waiting, receivedAt });
const clear = (waiting: number, at: number): BufferEvent => ({
  kind: 'slowConsumerCleared',
  waiting,
  receivedAt: at,
});
const dropped = (count: number, receivedAt: number): BufferEvent => ({ kind: 'dropped', count, receivedAt });

describe('bounded', () => {
  it(
    'works on one value at a time, says that the consumer is slow, and what was lost before the next value',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-abcd------------|', values);
      const expected = '  ---s--(afx)c----d|';
      const subs = '      ^----------------!';
      const told = { ...values, s: slow(2, 3), f: clear(1, 6), x: dropped(1, 6) };
      expectObservable(source.pipe(bounded(slowly, { capacity: 2 }))).toBe(expected, told);
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'drops the newest on request, and says a run of losses once',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-abcdA-----------|', values);
      const expected = '  ---s--(afx)b----c|';
      const told = { ...values, s: slow(2, 3), f: clear(1, 6), x: dropped(2, 6) };
      expectObservable(source.pipe(bounded(slowly, { capacity: 2, policy: 'dropNewest' }))).toBe(expected, told);
    }),
  );

  it(
    'lets only the latest value of each key wait on request',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-cabA------------|', values);
      const expected = '  ------(cx)-b----A|';
      const options = { capacity: 8, policy: 'latestPerKey' } as const;
      expectObservable(source.pipe(bounded(slowly, options))).toBe(expected, { ...values, x: dropped(1, 6) });
    }),
  );

  it(
    'keeps what the link says in its place, and drops data for it',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-abgo------------|', values);
      const expected = '  ---s--(afx)g----o|';
      const told = { ...values, s: slow(2, 3), f: clear(1, 6), x: dropped(1, 6) };
      expectObservable(source.pipe(bounded(slowly, { capacity: 2 }))).toBe(expected, told);
    }),
  );

  it(
    'says that the consumer is slow once, and again only after it has caught up',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-abcd------------ab---------------|', values);
      const expected = '  ---s--a----(bf)-c-S--(dF)-a----b--|';
      const told = { ...values, s: slow(2, 3), f: clear(1, 11), S: slow(2, 18), F: clear(1, 21) };
      const options = { capacity: 4, highWater: 0.5, lowWater: 0.25 };
      expectObservable(source.pipe(bounded(slowly, options))).toBe(expected, told);
    }),
  );

  it(
    'completes after what waits, and at once if nothing does',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-ab|', values);
      const expected = '  ------a----(b|)';
      expectObservable(source.pipe(bounded(slowly))).toBe(expected, values);
      expectSubscriptions(source.subscriptions).toBe('^--!');
      expectObservable(hot('--|', values).pipe(bounded(slowly))).toBe('--|');
    }),
  );

  it(
    'delivers what waits before an error of the source',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-ab#', values, failure);
      const expected = '  ------a----(b#)';
      expectObservable(source.pipe(bounded(slowly))).toBe(expected, values, failure);
      expectSubscriptions(source.subscriptions).toBe('^--!');
      expectObservable(hot('--#', values, failure).pipe(bounded(slowly))).toBe('--#', values, failure);
    }),
  );

  it(
    'fails at once with work that fails or throws, and leaves the source',
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source = hot('-ab----|', values);
      const work = cold('  --#', values, failure);
      expectObservable(source.pipe(bounded(() => work))).toBe('---#', values, failure);
      expectSubscriptions(source.subscriptions).toBe('^--!');
      expectSubscriptions(work.subscriptions).toBe('-^-!');
      const throws = (): never => {
        throw failure;
      };
      expectObservable(hot('-a-|', values).pipe(bounded(throws))).toBe('-#', values, failure);
    }),
  );

  it(
    'fails with a key that throws, whenever it does',
    marbles(({ hot, expectObservable }) => {
      const failing = (calls: number) => {
        let left = calls;
        const key = (): number => {
          if (left-- > 0) return 0;
          throw failure;
        };
        return bounded(slowly, { policy: 'latestPerKey', key });
      };
      expectObservable(hot('-a-|', values).pipe(failing(0))).toBe('-#', values, failure);
      expectObservable(hot('-a-|', values).pipe(failing(2))).toBe('-#', values, failure);
    }),
  );

  it(
    'leaves the source and the work when it is left, and forgets what waits',
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source = hot('-ab------', values);
      const work = cold('  ---------');
      const unsub = '     ^----!   ';
      expectObservable(source.pipe(bounded(() => work)), unsub).toBe('------');
      expectSubscriptions(source.subscriptions).toBe(unsub);
      expectSubscriptions(work.subscriptions).toBe('-^---!');
    }),
  );

  it(
    'takes all that a piece of work says, and work that says nothing',
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-b-------|', values);
      const work = cold('  -x-y|');
      const expected = '  --x-y-x-y--|';
      expectObservable(source.pipe(bounded(() => work))).toBe(expected);
      expectSubscriptions(work.subscriptions).toBe(['-^---!', '-----^---!']);
      expectObservable(hot('-a-b-|', values).pipe(bounded(() => EMPTY))).toBe('-----|');
    }),
  );

  it('starts afresh for each subscriber, and takes promises', async () => {
    const told: unknown[] = [];
    const events$ = of({ id: 1 }, { id: 2 }).pipe(bounded(({ id }) => Promise.resolve(id)));
    await events$.forEach((id) => told.push(id));
    await events$.forEach((id) => told.push(id));
    expect(told).toEqual([1, 2, 1, 2]);
  });

  it('can be left from within, also when source and work never pause', () => {
    const told: unknown[] = [];
    const endless$ = range(0, Infinity).pipe(map((id) => ({ id })));
    endless$
      .pipe(
        bounded((value) => of(value)),
        take(2),
      )
      .subscribe((value) => told.push(value));
    of({ id: 0 })
      .pipe(
        bounded(() => range(0, Infinity)),
        take(2),
      )
      .subscribe((value) => told.push(value));
    expect(told).toEqual([{ id: 0 }, { id: 1 }, 0, 1]);
  });

  it('begins no more work when it is left at one of its own events', () => {
    const source = new Subject<object>();
    const jobs: Subject<never>[] = [];
    const work = () => {
      const job = new Subject<never>();
      jobs.push(job);
      return job;
    };
    source.pipe(bounded(work, { capacity: 1, highWater: 1 }), take(2)).subscribe();
    [1, 2, 3].forEach((id) => source.next({ id }));
    jobs[0]?.complete();
    expect(jobs).toHaveLength(1);
    expect(source.observed).toBe(false);
  });

  it('lets what a consumer causes wait in line, however long that goes on', () => {
    const source = new Subject<{ readonly id: number }>();
    const told: unknown[] = [];
    source.pipe(bounded((value) => of(value))).subscribe((value) => {
      told.push(value);
      if (!('id' in value)) return;
      if (value.id < 20_000) source.next({ id: value.id + 1 });
      else source.complete();
      told.push('done');
    });
    source.next({ id: 0 });
    expect(told.slice(0, 4)).toEqual([{ id: 0 }, 'done', { id: 1 }, 'done']);
    expect(told).toHaveLength(40_002);
  });

  it('works through a long queue of work that ends at once', () => {
    const first = new Subject<number>();
    let count = 0;
    range(0, 10_001)
      .pipe(
        map((id) => ({ id })),
        bounded(({ id }) => (id === 0 ? first : of(id))),
      )
      .subscribe((told) => (count += typeof told === 'number' ? 1 : 0));
    first.complete();
    expect(count).toBe(10_000);
  });

  it('takes only bounds that make sense', () => {
    const bad: readonly (readonly [string, object])[] = [
      ['capacity', { capacity: 0 }],
      ['capacity', { capacity: 1.5 }],
      ['capacity', { capacity: Infinity }],
      ['policy', { policy: 'block' }],
      ['key', { key: () => 0 }],
      ['highWater', { highWater: 0 }],
      ['highWater', { highWater: 1.1 }],
      ['lowWater', { lowWater: -0.1 }],
      ['lowWater', { highWater: 0.5, lowWater: 0.5 }],
      ['lowWater', { lowWater: NaN }],
    ];
    for (const [option, options] of bad) {
      const call = (): unknown => bounded(() => NEVER, options as BoundedOptions<object>);
      expect(call).toThrow(InvalidOption);
      expect(call).toThrow(`\`${option}\``);
    }
  });

  it('delivers or reports as lost all that is offered, and warns in turns', () => {
    const policy = fc.constantFrom('dropOldest' as const, 'dropNewest' as const, 'latestPerKey' as const);
    const steps = fc.array(fc.constantFrom('a', 'A', 'b', 'c', 'g', 'o', 'finish'), { maxLength: 60 });
    fc.assert(
      fc.property(policy, fc.integer({ min: 1, max: 6 }), steps, (policy, capacity, all) => {
        const source = new Subject<FeedEvent>();
        const told: BufferEvent[] = [];
        const begun: FeedEvent[] = [];
        let job = new Subject<never>();
        const work = (event: FeedEvent) => {
          begun.push(event);
          return (job = new Subject<never>());
        };
        source.pipe(bounded(work, { capacity, policy })).subscribe((event) => told.push(event));
        const lost = () => told.reduce((sum, event) => sum + (event.kind === 'dropped' ? event.count : 0), 0);
        for (const step of all) {
          if (step === 'finish') job.complete();
          else source.next({ ...values[step] } as FeedEvent);
        }
        for (let left = all.length; left > 0; left--) job.complete();
        expect(begun.length + lost()).toBe(all.filter((step) => step !== 'finish').length);
        const marks = told.map(({ kind }) => kind).filter((kind) => kind !== 'dropped');
        expect(marks).toEqual(marks.map((_, at) => (at % 2 ? 'slowConsumerCleared' : 'slowConsumer')));
        expect(marks.length % 2).toBe(0);
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes what 50,000 links say, one after the other, in no time that grows with their square', () => {
    const source = new Subject<FeedEvent>();
    const told: BufferEvent[] = [];
    let job = new Subject<never>();
    const work = () => (job = new Subject<never>());
    source.pipe(bounded(work, { capacity: 20_000 })).subscribe((event) => told.push(event));
    const began = performance.now();
    // Each waits to be the last of its kind and feed, so that none gives way to another.
    for (let i = 0; i < 50_000; i++) source.next({ ...values['g'], feed: `feed ${i}` } as FeedEvent);
    expect(performance.now() - began).toBeLessThan(5_000);
    job.complete();
    expect(told).toMatchObject([{ kind: 'slowConsumer' }, { kind: 'dropped', count: 50_000 - 20_001 }]);
  });
});
