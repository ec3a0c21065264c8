import * as fc from 'fast-check';
import { concat, from, groupBy, identity, map, mergeMap, range, reduce, scan, startWith, Subject, take } from 'rxjs';
import { tap, timer, toArray, type Observable } from 'rxjs';
import { ConnectionLost, InvalidOption } from '../../lib/model/errors.js';
import type {
  Connected,
  Disconnected,
  FeedEvent,
  Latency,
  Subscribed,
  Unsubscribed,
} from '../../lib/model/feedEvent.js';
import type { Topic } from '../../lib/model/topic.js';
import type { Trade } from '../../lib/model/marketEvent.js';
import { perSymbol } from '../../lib/operators/perSymbol.js';
import { aTrade } from '../../lib/testing/builders.js';
import { marbles } from '../../lib/testing/marbles.js';

const up = (provider: string): Connected => {
  return { kind: 'connected', provider, receivedAt: 0, attempt: 1, resumed: undefined };
};
const down = (provider: string): Disconnected => {
  return { kind: 'disconnected', provider, receivedAt: 0, cause: new ConnectionLost(1006), attempt: 1, retryAt: 0 };
};
const latency: Latency = { kind: 'latency', provider: 'test', receivedAt: 0, roundTrip: 1 };
const values: Record<string, FeedEvent> = {
  a: aTrade({ symbol: 'A.US' }),
  b: aTrade({ symbol: 'B.US' }),
  p: aTrade({ symbol: '00700.HK' }),
  q: aTrade({ symbol: '700.HK' }),
  l: latency,
  c: up('x'),
  C: up('y'),
  d: down('x'),
};
const numbers = { 0: 0, 1: 1, 2: 2, 3: 3, 4: 4 };
const count = scan((n: number) => n + 1, 0);
const total = reduce((n: number) => n + 1, 0);

const failure = new Error('a bug');

describe('perSymbol', () => {
  it(
    'runs the operator for each symbol, and merges what comes out in order',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-b-a-a-b-|', values);
      const expected = '  -1-1-2-3-2-|';
      const subs = '      ^----------!';
      expectObservable(source.pipe(perSymbol(count))).toBe(expected, numbers);
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'takes spellings of one instrument together',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-p-q-p-|', values);
      const expected = '  -1-2-3-|';
      expectObservable(source.pipe(perSymbol(count))).toBe(expected, numbers);
    }),
  );

  it(
    'shows what has no symbol to every instance that runs, and to nobody when none does',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-l-a-b-l---|', values);
      const expected = '  ---1-1-(22)|';
      expectObservable(source.pipe(perSymbol(count))).toBe(expected, numbers);
    }),
  );

  it(
    'tells an instance that begins how each link is by then, the latest news last',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-c-C-d-a-----c-b----l---b-|', values);
      const expected = '  -------(Cda)-c-(Ccb)(ll)b-|';
      expectObservable(source.pipe(perSymbol(identity))).toBe(expected, values);
    }),
  );

  it(
    'tells an instance that begins which of its topics each feed serves, as they were said',
    marbles(({ hot, expectObservable }) => {
      const feed = (name: string) => ({ provider: 'x', feed: name });
      const topic = (symbol: string): Topic => ({ channel: 'trade', symbol });
      const up1: Connected = { ...up('x'), ...feed('1'), receivedAt: 1 };
      const up2: Connected = { ...up('x'), ...feed('2'), receivedAt: 2 };
      const served = (receivedAt: number, ...symbols: string[]): Subscribed => {
        return { kind: 'subscribed', ...feed('1'), receivedAt, topics: symbols.map(topic) };
      };
      const gone: Unsubscribed = { kind: 'unsubscribed', ...feed('1'), receivedAt: 9, topics: [topic('A.US')] };
      const source = hot('-1-2-s-r-1-p-u-a-b-|', {
        1: up1,
        2: up2,
        s: served(5, 'A.US', '00700.HK'),
        r: served(7, 'B.US'),
        u: gone,
        p: aTrade({ symbol: '700.HK' }),
        a: values.a!,
        b: aTrade({ symbol: 'B.US' }),
      });
      const own = (events$: Observable<FeedEvent>) => {
        let symbol = '';
        return events$.pipe(
          tap((event) => {
            if ('symbol' in event) symbol = event.symbol;
          }),
          toArray(),
          map((all) => [symbol, all.map(said)] as const),
        );
      };
      const said = (event: FeedEvent): string =>
        'topics' in event
          ? `${event.kind} ${event.receivedAt} ${event.topics.map((one) => one.symbol).join()}`
          : event.kind;
      expectObservable(source.pipe(perSymbol(own), toArray())).toBe('-------------------(x|)', {
        x: [
          ['700.HK', ['connected', 'subscribed 5 00700.HK', 'connected', 'trade', 'unsubscribed 9 A.US']],
          ['A.US', ['connected', 'connected', 'trade']],
          ['B.US', ['connected', 'subscribed 7 B.US', 'connected', 'trade']],
        ],
      });
    }),
  );

  it(
    'gives the events of a symbol in the spelling that came first',
    marbles(({ hot, expectObservable }) => {
      const symbol$ = hot('-p-q-p-|', values).pipe(perSymbol(map((event) => 'symbol' in event && event.symbol)));
      expectObservable(symbol$).toBe('-p-p-p-|', { p: '00700.HK' });
    }),
  );

  it(
    'forgets a symbol that was idle, after it has delivered what it holds',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a-b-b-l-b---------b-|   ', values);
      const expected = '  ------1-------4------(1|)';
      //                   -----         a had no event of its own
      //                           -----  nor had b
      expectObservable(source.pipe(perSymbol(total, { idle: 5 }))).toBe(expected, numbers);
    }),
  );

  it(
    'forgets several symbols by one timer, each in its time',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a-b---------|', values);
      const expected = '  ------1-1----|';
      expectObservable(source.pipe(perSymbol(total, { idle: 5 }))).toBe(expected, numbers);
    }),
  );

  it(
    'drops what a forgotten symbol still has under way',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a--------|', values);
      const expected = '  -1--------|';
      const slow = (events$: Observable<FeedEvent>) => concat(events$.pipe(map(() => 1)), timer(2));
      expectObservable(source.pipe(perSymbol(slow, { idle: 5 }))).toBe(expected, numbers);
    }),
  );

  it(
    'waits for the instances when the source completes',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a-b-a-|      ', values);
      const summed = '    -------(21|)  ';
      const expected = '  -1-1-1----(00|)';
      const slow = (events$: Observable<FeedEvent>) => concat(events$.pipe(map(() => 1)), timer(3));
      expectObservable(source.pipe(perSymbol(total))).toBe(summed, numbers);
      expectObservable(source.pipe(perSymbol(slow))).toBe(expected, numbers);
    }),
  );

  it(
    'does not start again an instance that completed, until it is forgotten',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a-a-a-------a-|', values);
      const expected = '  -1-----------1-|';
      expectObservable(source.pipe(perSymbol(map(() => 1)), take(9))).toBe('-1-1-1-------1-|', numbers);
      const once = (events$: Observable<FeedEvent>) =>
        events$.pipe(
          map(() => 1),
          take(1),
        );
      expectObservable(source.pipe(perSymbol(once, { idle: 5 }))).toBe(expected, numbers);
    }),
  );

  it(
    'completes with an empty source, and is silent with a silent one until it is left',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const silent = cold('---', values);
      const unsub = '      ^-!';
      expectObservable(cold('--|', values).pipe(perSymbol(count))).toBe('--|');
      expectObservable(silent.pipe(perSymbol(count)), unsub).toBe('---');
      expectSubscriptions(silent.subscriptions).toBe(unsub);
    }),
  );

  it(
    'leaves the instances when it is left',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a---a-', values);
      const inner = hot(' -------');
      const unsub = '     ^---!  ';
      const subs = '      -^--!  ';
      expectObservable(source.pipe(perSymbol(() => inner)), unsub).toBe('-------');
      expectSubscriptions(inner.subscriptions).toBe(subs);
    }),
  );

  it(
    'fails with the source, and with any instance',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      expectObservable(hot('-a-b-#', values).pipe(perSymbol(count))).toBe('-1-1-#', numbers);
      const source = hot('-a-b-', values);
      const fails = map<FeedEvent, number>((event) => {
        if (event === values['b']) throw failure;
        return 1;
      });
      expectObservable(source.pipe(perSymbol(fails))).toBe('-1-#', numbers, failure);
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }),
  );

  it('tells of the link once a symbol that comes up while others are told', () => {
    const events$ = new Subject<FeedEvent>();
    const heard: number[] = [];
    events$.pipe(perSymbol(count)).subscribe((n) => {
      heard.push(n);
      if (n === 2 && heard.length === 2) events$.next(values['b']!);
    });
    events$.next(values['a']!);
    events$.next(values['c']!);
    events$.complete();
    expect(heard).toEqual([1, 2, 1, 2]);
  });

  it('leaves a synchronous source, and an operator that never pauses, as soon as nobody listens', () => {
    let asked = 0;
    const trades$ = range(1, 1_000).pipe(
      tap(() => (asked += 1)),
      map((n) => aTrade({ symbol: `${n}.US` })),
    );
    const heard: unknown[] = [];
    trades$.pipe(perSymbol(count), take(2)).subscribe((n) => heard.push(n));
    trades$
      .pipe(
        perSymbol(() => range(1, Infinity)),
        take(2),
      )
      .subscribe((n) => heard.push(n));
    expect({ heard, asked }).toEqual({ heard: [1, 1, 1, 2], asked: 3 });
  });

  it('runs one instance of a symbol that comes again while its first words are heard', () => {
    const events$ = new Subject<FeedEvent>();
    const heard: unknown[] = [];
    let subscribed = 0;
    const greeting = (trades$: Observable<FeedEvent>) => {
      subscribed += 1;
      return trades$.pipe(count, startWith('hello'));
    };
    events$.pipe(perSymbol(greeting)).subscribe({
      next: (word) => {
        heard.push(word);
        if (word === 'hello' && heard.length === 1) events$.next(values['a']!);
      },
      complete: () => heard.push('end'),
    });
    events$.next(values['a']!);
    events$.complete();
    expect({ heard, subscribed }).toEqual({ heard: ['hello', 1, 'end'], subscribed: 1 });
  });

  it.each([-1, NaN, 2 ** 31])('refuses to forget after %d ms', (idle) => {
    expect(() => perSymbol(count, { idle })).toThrow(InvalidOption);
  });

  it('does what groupBy and mergeMap do', () => {
    const trade = fc.record({ symbol: fc.constantFrom('A.US', 'B.US', 'C.US'), price: fc.nat() }).map(aTrade);
    const prices = scan((sum: number, { price }: Trade) => sum + price, 0);
    const outcome = <A>(result$: Observable<A>): readonly A[] => {
      let all: readonly A[] = [];
      result$.pipe(toArray()).subscribe((items) => (all = items));
      return all;
    };
    fc.assert(
      fc.property(fc.array(trade), (trades) => {
        const grouped$ = from(trades).pipe(
          groupBy(({ symbol }) => symbol),
          mergeMap((group$) => group$.pipe(prices)),
        );
        expect(outcome(from(trades).pipe(perSymbol(prices)))).toEqual(outcome(grouped$));
      }),
      { numRuns: 1_000 },
    );
  });
});
