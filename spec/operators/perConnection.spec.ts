import { catchError, concat, defer, delay, finalize, identity, map, merge, of, range, reduce } from 'rxjs';
import { scan, startWith, Subject, take, tap, throwError, timer } from 'rxjs';
import type { Observable, OperatorFunction } from 'rxjs';
import { ConnectionLost } from '../../lib/model/errors.js';
import type { Disconnected } from '../../lib/model/feedEvent.js';
import { perConnection } from '../../lib/operators/perConnection.js';
import { aTrade } from '../../lib/testing/builders.js';
import { marbles } from '../../lib/testing/marbles.js';

const gap: Disconnected = {
  kind: 'disconnected',
  provider: 'test',
  receivedAt: 0,
  cause: new ConnectionLost(1006),
  attempt: 1,
  retryAt: 0,
};
const values: Record<string, number | Disconnected> = { 1: 1, 2: 2, 3: 3, 4: 4, d: gap };
const sums: Record<string, number> = { 0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 7: 7 };
const add = (a: number, b: number): number => a + b;

const failure = new Error('a bug');

const trade = (feed: string, receivedAt: number) => aTrade({ provider: 'test', feed, receivedAt });
const counted = (events$: Observable<unknown>) => events$.pipe(scan((n) => n + 1, 0));

describe('perConnection', () => {
  it(
    'starts the operator afresh after each gap',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-1-2-d-3-4-dd-4-|', values);
      const expected = '  -1-3---3-7----4-|';
      const subs = '      ^---------------!';
      expectObservable(source.pipe(perConnection(scan(add)))).toBe(expected, sums);
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'lets the old instance deliver what it holds, at the gap and at the end',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-1-2-d-3-4-|', values);
      const expected = '  -----3-----(7|)';
      expectObservable(source.pipe(perConnection(reduce(add, 0)))).toBe(expected, sums);
    }),
  );

  it(
    'lets nothing of the old instance come after the gap',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-1-2-d-3------|', values);
      const expected = '  ----1-----3---|';
      expectObservable(source.pipe(perConnection(delay(3)))).toBe(expected, sums);
    }),
  );

  it(
    'runs from the start, and after each gap, before there is any value',
    marbles(({ hot, expectObservable }) => {
      const source = hot('--d--1-|', values);
      const expected = '  0-0--1-|';
      expectObservable(source.pipe(perConnection(startWith(0)))).toBe(expected, sums);
    }),
  );

  it(
    'takes an outage for one gap, whatever attempts fail, and what is heard again for none',
    marbles(({ hot, expectObservable }) => {
      const at = (receivedAt: number, attempt = 1): Disconnected => ({ ...gap, feed: 'x', receivedAt, attempt });
      const events = { a: trade('x', 1), b: trade('x', 5), d: at(2), e: at(3, 2), f: at(9) };
      const source = hot('a-d-d-e-b-b-d-f-b-|', events);
      const expected = '  1-------1-2-----1-|';
      expectObservable(source.pipe(perConnection(counted))).toBe(expected, sums);
      expectObservable(source.pipe(perConnection(reduce((n: number) => n + 1, 0)))).toBe(
        '--1-----------2---(1|)',
        sums,
      );
    }),
  );

  it(
    'starts a run again only for the loss of a feed that it has heard',
    marbles(({ hot, expectObservable }) => {
      const forex = { feed: 'itick:forex' };
      const up = { ...gap, kind: 'connected', ...forex, resumed: undefined } as const;
      const source = hot('u-a-d-a-e-a-f-a-|', {
        u: up,
        a: trade('itick:crypto', 5),
        d: { ...gap, ...forex },
        e: { ...gap, feed: 'itick:crypto', receivedAt: 7 },
        f: { ...gap, ...forex, receivedAt: 8, attempt: 2 },
      });
      const expected = '  1-2---3---1---2-|';
      expectObservable(source.pipe(perConnection(counted))).toBe(expected, sums);
    }),
  );

  it(
    'starts again an operator that completed, and waits for the last one',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-1-2-d-3-4-|', values);
      const expected = '  -1-----3---|';
      expectObservable(source.pipe(perConnection(take(1)))).toBe(expected, sums);
      const slow = (numbers$: Observable<number>) => concat(numbers$, timer(4));
      expectObservable(source.pipe(perConnection(slow))).toBe('-1-2---3-4-----(0|)', sums);
    }),
  );

  it(
    'feeds an operator that subscribes twice, or too late',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-1----d-2----|', values);
      const doubled = '   -(12)---(23)-|';
      const expected = '  -1------2----|';
      const twice = (numbers$: Observable<number>) => merge(numbers$, numbers$.pipe(map((n) => n + 1)));
      expectObservable(source.pipe(perConnection(twice))).toBe(doubled, sums);
      const again = (numbers$: Observable<number>) => concat(numbers$, numbers$);
      expectObservable(source.pipe(perConnection(again))).toBe(expected, sums);
    }),
  );

  it(
    'is silent with a silent source, and leaves it when it is left',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('----');
      const unsub = '     ^--!';
      expectObservable(source.pipe(perConnection(identity)), unsub).toBe('----');
      expectSubscriptions(source.subscriptions).toBe(unsub);
    }),
  );

  it(
    'passes an error of the source through the operator',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-1-2-#', values);
      const expected = '  -1-3-#';
      expectObservable(source.pipe(perConnection(scan(add)))).toBe(expected, sums);
      expectObservable(source.pipe(perConnection(take(1)))).toBe('-1---#', sums);
    }),
  );

  it(
    'fails with the operator',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-1-2-', values);
      const fails: OperatorFunction<number, number> = map((n) => {
        if (n === 2) throw failure;
        return n;
      });
      expectObservable(source.pipe(perConnection(fails))).toBe('-1-#', sums, failure);
      expectObservable(hot('').pipe(perConnection(() => throwError(() => failure)))).toBe('#', sums, failure);
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }),
  );

  it('ends at the gap when that is what its consumer waited for', () => {
    const heard: number[] = [];
    of(1, gap, 2)
      .pipe(perConnection(reduce(add, 0)), take(1))
      .subscribe((sum) => heard.push(sum));
    expect(heard).toEqual([1]);
  });

  it(
    'completes with an operator that made its end of an error of the source',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-1-2-#', values);
      const expected = '  -1-3-(0|)';
      const caught = (numbers$: Observable<number>) =>
        numbers$.pipe(
          scan(add),
          catchError(() => of(0)),
        );
      expectObservable(source.pipe(perConnection(caught))).toBe(expected, sums);
    }),
  );

  it('leaves a synchronous source, and an operator that never pauses, as soon as nobody listens', () => {
    let asked = 0;
    const numbers$ = range(1, 1_000).pipe(tap(() => (asked += 1)));
    const heard: number[] = [];
    numbers$.pipe(perConnection(identity), take(2)).subscribe((n) => heard.push(n));
    numbers$
      .pipe(
        perConnection(() => range(1, Infinity)),
        take(2),
      )
      .subscribe((n) => heard.push(n));
    expect({ heard, asked }).toEqual({ heard: [1, 2, 1, 2], asked: 2 });
  });

  it('runs one instance when the words of another bring about a gap', () => {
    const events$ = new Subject<number | Disconnected>();
    const heard: number[] = [];
    let running = 0;
    const counted = (numbers$: Observable<number>) =>
      defer(() => {
        running += 1;
        return numbers$.pipe(
          reduce(add, 0),
          startWith(9),
          finalize(() => (running -= 1)),
        );
      });
    events$.pipe(perConnection(counted)).subscribe((sum) => {
      heard.push(sum);
      if (heard.length === 2 || heard.length === 3) events$.next({ ...gap, provider: `feed ${heard.length}` });
    });
    events$.next(1);
    events$.next(gap);
    expect(running).toBe(1);
    events$.next(2);
    events$.complete();
    expect({ heard, running }).toEqual({ heard: [9, 1, 9, 9, 2], running: 0 });
  });
});
