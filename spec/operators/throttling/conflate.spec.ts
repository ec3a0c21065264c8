import { isDeepStrictEqual as isEqual } from 'node:util';
import * as fc from 'fast-check';
import { from, map, range, Subject, take, tap, throwError, timer, type Observable } from 'rxjs';
import { ConnectionLost, InvalidOption } from '../../../lib/model/errors.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Quote } from '../../../lib/model/marketEvent.js';
import { conflate, type ConflateOptions, type Conflated } from '../../../lib/operators/throttling/conflate.js';
import { mergeQuotes } from '../../../lib/operators/throttling/mergeQuotes.js';
import { aKline, aQuote, aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';

const link = { provider: 'test', receivedAt: 4 } as const;
const values: Record<string, FeedEvent> = {
  a: aQuote({ symbol: 'A.US', last: 1, receivedAt: 1 }),
  A: aQuote({ symbol: 'A.US', last: 2, receivedAt: 2 }),
  b: aQuote({ symbol: 'B.US', last: 1, receivedAt: 3 }),
  t: aTrade({ symbol: 'A.US' }),
  p: aQuote({ symbol: 'A.US', provider: 'other' }),
  m: aKline({ symbol: 'A.US', interval: '1m' }),
  h: aKline({ symbol: 'A.US', interval: '1h' }),
  c: { ...link, kind: 'connected', attempt: 1, resumed: undefined },
  d: { ...link, kind: 'disconnected', cause: new ConnectionLost(1006), attempt: 1, retryAt: 0 },
  r: { ...link, kind: 'refused', topics: [], reason: 'no' },
  u: { ...link, kind: 'undecodable', frame: '', problems: [] },
  l: { ...link, kind: 'latency', roundTrip: 1 },
};
const nameOf = (event: object): string => Object.keys(values).find((key) => isEqual(values[key], event)) ?? '?';

/** The name of the event, and how many it stands for when it is not one. */
const told = (event: FeedEvent & Conflated): string => {
  const ownFields = Object.entries(event).filter(([key]) => !/^(merged|firstAt|lastAt)$/.test(key));
  const name = nameOf(Object.fromEntries(ownFields));
  return event.merged > 1 ? `${name}${event.merged}` : name;
};
const names = {
  ...Object.fromEntries(Object.keys(values).map((key) => [key, key])),
  x: 'A2',
  y: 'a2',
  z: 'a3',
  k: 'h5',
};

const conflated = (options: ConflateOptions<FeedEvent>) => (events$: Observable<FeedEvent>) =>
  events$.pipe(conflate(options), map(told));

const failure = new Error('a bug');

describe('conflate', () => {
  it(
    'delivers the latest value of each key at the beat, in the order of last arrival',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-b-A---------b--------|', values);
      const expected = '  --------(bx)----------b-|';
      //                   -------       -------     from when something began to wait
      const subs = '      ^-----------------------!';
      expectObservable(source.pipe(conflated({ every: 7 }))).toBe(expected, names);
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'keeps kinds, intervals and providers apart, unless it is told what belongs together',
    marbles(({ hot, expectObservable }) => {
      const source = hot('(atpmh)---------|', values);
      const apart = '     -------(atpmh)--|';
      const together = '  -------k--------|';
      expectObservable(source.pipe(conflated({ every: 7 }))).toBe(apart, names);
      expectObservable(source.pipe(conflated({ every: 7, key: () => 0 }))).toBe(together, names);
    }),
  );

  it(
    'lets what the link says pass at once, after all that came before it',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-c-a-b-d----r-A---u----l-|', values);
      const expected = '  -c-----(abd)r-----(Au)-l-|';
      expectObservable(source.pipe(conflated({ every: 9 }))).toBe(expected, names);
    }),
  );

  it(
    'delivers what waits when the source completes, and when it fails',
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-a-b-|', values).pipe(conflated({ every: 9 }))).toBe('-----(ab|)', names);
      expectObservable(hot('-a-b-#', values).pipe(conflated({ every: 9 }))).toBe('-----(ab#)', names);
    }),
  );

  it(
    'lets the first value of a key pass at once on request, and goes on with the beat',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a-a-A-----A----------a-b-d--|', values);
      const expected = '  -a-----x-----A--------a-b-d--|';
      //                   ------------              a beat each, until nothing has come
      expectObservable(source.pipe(conflated({ every: 6, leading: true }))).toBe(expected, names);
    }),
  );

  it(
    'beats by a notifier, which it watches only while something waits',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const notifier = hot('---n---n---n-----n');
      const source = hot('  -a-----b--A------|', values);
      const expected = '    ---a-------(bA)--|';
      const watched = ['    -^-!', '-------^---!'];
      expectObservable(source.pipe(conflated({ notifier }))).toBe(expected, names);
      expectSubscriptions(notifier.subscriptions).toBe(watched);
    }),
  );

  it(
    'takes a notifier that beats at once, ends early or fails',
    marbles(({ hot, cold, expectObservable }) => {
      const source = hot('-a-A-b-|', values);
      expectObservable(source.pipe(conflated({ notifier: from([1, 2]) }))).toBe('-a-A-b-|', names);
      expectObservable(source.pipe(conflated({ notifier: cold('|') }))).toBe('-------(xb|)', names);
      expectObservable(source.pipe(conflated({ notifier: throwError(() => failure) }))).toBe('-(a#)', names, failure);
      expectObservable(source.pipe(conflated({ notifier: timer(2), leading: true }))).toBe('-a-A-b-|', names);
    }),
  );

  it('leaves a synchronous source as soon as nobody listens', () => {
    let asked = 0;
    const trades$ = range(1, 1_000).pipe(map((n) => aTrade({ symbol: `${n}.US` })));
    const heard: string[] = [];
    trades$
      .pipe(
        tap(() => (asked += 1)),
        conflate({ every: 5, leading: true }),
        take(2),
      )
      .subscribe(({ symbol }) => heard.push(symbol));
    expect({ heard, asked }).toEqual({ heard: ['1.US', '2.US'], asked: 2 });
  });

  it(
    'merges as it is told, and fails with a function that throws, after what waits',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-b-A---|', values);
      const expected = '  ---------(bx|)';
      const keepFirst = ' ---------(by|)';
      expectObservable(source.pipe(conflated({ every: 20 }))).toBe(expected, names);
      expectObservable(source.pipe(conflated({ every: 20, merge: (held) => held }))).toBe(keepFirst, names);
      const failing = hot('-a-b-A---|', values);
      const throws = (): never => {
        throw failure;
      };
      expectObservable(failing.pipe(conflated({ every: 20, merge: throws }))).toBe('-----(ab#)', names, failure);
      expectSubscriptions(failing.subscriptions).toBe('^----!');
    }),
  );

  it(
    'completes with an empty source, and is silent with a silent one until it is left, as is its timer',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      expectObservable(hot('--|', values).pipe(conflated({ every: 2 }))).toBe('--|');
      const source = hot('-a----', values);
      const notifier = hot('------');
      const unsub = '     ^---! ';
      expectObservable(source.pipe(conflated({ notifier })), unsub).toBe('------');
      expectSubscriptions(source.subscriptions).toBe(unsub);
      expectSubscriptions(notifier.subscriptions).toBe('-^--!');
    }),
  );

  it(
    'says how many it merged, and when the first and the last came',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a-A-|', values);
      const quote = { ...values['A'], merged: 2, firstAt: 1, lastAt: 2 };
      expectObservable(source.pipe(conflate({ every: 9 }))).toBe('-----(q|)', { q: quote });
      const trades = hot('-e-l-|', { e: aTrade({ receivedAt: 5 }), l: aTrade({ receivedAt: 6 }) });
      const trade = { ...aTrade({ receivedAt: 6 }), merged: 2, firstAt: 5, lastAt: 6 };
      expectObservable(trades.pipe(conflate({ every: 9 }))).toBe('-----(t|)', { t: trade });
      const plain = hot('-i-i-|', { i: { n: 7 } });
      expectObservable(plain.pipe(conflate({ every: 9 }))).toBe('-----(i|)', {
        i: { n: 7, merged: 2, firstAt: 1, lastAt: 3 },
      });
    }),
  );

  it('keeps the order when its consumer makes the source speak', () => {
    const events$ = new Subject<FeedEvent>();
    const beats$ = new Subject<void>();
    const heard: string[] = [];
    events$.pipe(conflated({ notifier: beats$ })).subscribe((name) => {
      heard.push(name);
      if (heard.length > 1) return;
      events$.next(values['A']!);
      events$.next(values['d']!);
    });
    events$.next(values['a']!);
    events$.next(values['b']!);
    beats$.next();
    expect(heard).toEqual(['a', 'b', 'A', 'd']);
  });

  it('lets what its consumer causes wait for the next beat', () => {
    const events$ = new Subject<FeedEvent>();
    const beats$ = new Subject<void>();
    const heard: string[] = [];
    events$.pipe(conflated({ notifier: beats$ })).subscribe((name) => {
      heard.push(name);
      events$.next(values['A']!);
    });
    events$.next(values['a']!);
    beats$.next();
    expect(heard).toEqual(['a']);
    beats$.next();
    expect(heard).toEqual(['a', 'A']);
  });

  it.each([{ every: -1 }, { every: NaN }, { every: 2 ** 31 }, {}, { every: 1, notifier: new Subject() }])(
    'refuses to beat by %j',
    (options) => {
      expect(() => conflate(options as ConflateOptions<Quote>)).toThrow(InvalidOption);
    },
  );
});

const quote = fc
  .record({ symbol: fc.constantFrom('A.US', 'B.US', 'C.US'), last: fc.nat(50), day: fc.nat(9) })
  .map(({ symbol, last, day }) => aQuote({ symbol, last, ...(day > 5 && { high: last + day, low: last - day }) }));
const beat = fc.constant('beat' as const);

describe('a lawful merge', () => {
  const foldBySymbol = (quotes: readonly Quote[]): Record<string, Quote> => {
    const folded: Record<string, Quote> = {};
    for (const { last, high, low, symbol } of quotes) {
      const next = aQuote({ symbol, last, high: high ?? last, low: low ?? last });
      const held = folded[symbol];
      folded[symbol] = held ? mergeQuotes(held, next) : next;
    }
    return folded;
  };

  const run = (steps: readonly (Quote | 'beat')[], leading: boolean) => {
    const quotes$ = new Subject<Quote>();
    const beats$ = new Subject<void>();
    const out: (Quote & Conflated)[] = [];
    quotes$.pipe(conflate({ notifier: beats$, merge: mergeQuotes, leading })).subscribe((q) => out.push(q));
    for (const step of steps) {
      if (step === 'beat') beats$.next();
      else quotes$.next(step);
    }
    quotes$.complete();
    return out;
  };

  it('makes no difference to who folds the result, and every value is counted once', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 4, arbitrary: quote }, beat)), fc.boolean(), (steps, leading) => {
        const quotes = steps.filter((step) => step !== 'beat');
        const out = run(steps, leading);
        expect(foldBySymbol(out)).toEqual(foldBySymbol(quotes));
        expect(out.reduce((sum, { merged }) => sum + merged, 0)).toBe(quotes.length);
      }),
      { numRuns: 1_000 },
    );
  });

  it('delivers the last value of each key, whatever the beats', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 4, arbitrary: quote }, beat)), fc.boolean(), (steps, leading) => {
        const lasts = (quotes: readonly Quote[]) => new Map(quotes.map(({ symbol, last }) => [symbol, last]));
        expect(lasts(run(steps, leading))).toEqual(lasts(steps.filter((step) => step !== 'beat')));
      }),
      { numRuns: 1_000 },
    );
  });
});
