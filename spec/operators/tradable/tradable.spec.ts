import { map, merge, Subject, take, type Observable } from 'rxjs';
import { calendars } from '../../../lib/model/calendar/calendars.js';
import { flattenError } from '../../../lib/model/errorData.js';
import { ConnectionLost, InvalidOption } from '../../../lib/model/errors.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { bbos, depths, quotes, trades } from '../../../lib/model/topic.js';
import { tradable } from '../../../lib/operators/tradable/tradable.js';
import { keepTradable } from '../../../lib/operators/tradable/keepTradable.js';
import type { Tradable, TradableOptions } from '../../../lib/operators/tradable/TradableOptions.js';
import { aBbo, aDepth, aQuote, aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';

const cause = flattenError(new ConnectionLost(1006));
const link = { provider: 'test', receivedAt: 0 } as const;
const topics = quotes('A.US');
const events: Record<string, FeedEvent> = {
  s: { ...link, kind: 'subscribed', topics },
  u: { ...link, kind: 'unsubscribed', topics },
  r: { ...link, kind: 'refused', topics: trades('A.US'), reason: 'not in your plan' },
  S: { ...link, kind: 'subscribed', topics: depths('A.US') },
  U: { ...link, kind: 'unsubscribed', topics: depths('A.US') },
  a: aQuote({ symbol: 'A.US' }),
  h: aQuote({ symbol: 'A.US', status: 'halted' }),
  k: aQuote({ symbol: 'A.US', status: 'closed' }),
  1: aDepth({ symbol: 'A.US', sequence: { first: 1, last: 1 } }),
  2: aDepth({ symbol: 'A.US', type: 'update', sequence: { first: 2, last: 2 } }),
  4: aDepth({ symbol: 'A.US', type: 'update', sequence: { first: 4, last: 4 } }),
  b: aBbo({ symbol: 'A.US' }),
  B: aBbo({ symbol: 'A.US', valid: false }),
  t: aTrade({ symbol: 'B.US' }),
  p: aTrade({ symbol: 'A.US', provider: 'other' }),
  c: { ...link, kind: 'connected', attempt: 1, resumed: undefined },
  d: { ...link, kind: 'disconnected', cause, attempt: 1, retryAt: 0 },
  w: {
    ...link,
    kind: 'switched',
    provider: 'other',
    symbols: 'all',
    from: 'primary',
    to: 'secondary',
    left: 'test',
    cause,
  },
  W: { ...link, kind: 'switched', symbols: ['A.US'], from: 'secondary', to: 'primary', left: 'other', cause },
  l: { ...link, kind: 'lagging', lag: 6_000 },
  L: { ...link, kind: 'caughtUp', lag: 9_000, from: 0 },
  e: { ...link, kind: 'disconnected', cause, attempt: 2, retryAt: 9 },
};
const names: Record<string, string> = {
  T: 'A.US',
  x: 'A.US: silent',
  y: 'A.US: silent, book',
  s: 'A.US: stale',
  d: 'A.US: disconnected, stale',
  D: 'A.US: disconnected, stale, book',
  E: 'A.US: disconnected, silent',
  g: 'A.US: gap, stale',
  G: 'A.US: gap',
  H: 'A.US: halted',
  k: 'A.US: closed',
  b: 'A.US: book',
  v: 'A.US: stale, book',
  r: 'A.US: refused',
  R: 'A.US: refused, silent',
  u: 'A.US: unsubscribed',
  B: 'B.US',
  t: 'B.US: disconnected, stale',
  p: 'other A.US',
  w: 'A.US: standby',
  q: 'other A.US: standby',
  l: 'A.US: lagging',
};
const shown = ({ provider, symbol, reasons }: Tradable): string =>
  [provider === 'test' ? '' : `${provider} `, symbol, reasons.length > 0 ? ': ' : '', reasons.join(', ')].join('');
const gate =
  (options: TradableOptions = {}) =>
  (events$: Observable<FeedEvent>) =>
    events$.pipe(tradable({ after: 50, calendar: calendars.always, ...options }), map(shown));

describe('tradable', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['a symbol that is subscribed is silent up to its first event', 'c-s-a-a-|', '--x-T---|'],
    ['a symbol of a feed that says no topics is known by its first event', '-a-a-|', '-T---|'],
    ['the loss of the link stops it, the return of the link alone does not', 'csa-d-e-c-a-|', '-xT-d---g-G-|'],
    ['it goes on when its topics are served again and it was heard', 'csa-d-c-s-a-|', '-xT-d-g-s-T-|'],
    ['data that come before their topic is served do not end the gap', 'csa-d-c-a-s-|', '-xT-d-g-G-T-|'],
    ['a link event that arrives twice says nothing new', 'csa-d-d-c-c-s-a-|', '-xT-d---g---s-T-|'],
    ['a halt and its end', 'c-a-h-a-|', '--T-H---|'],
    ['the vendor says that it is closed', 'c-a-k-a-|', '--T-k---|'],
    ['a topic that is refused, and is served in the end', 'c-r-a-|', '--R-r-|'],
    ['none of its topics is wanted any more, and one is again', 'csa-u-a-s-a-|', '-xT-u---T---|'],
    ['a book counts from when it is subscribed to its first snapshot', 'cSa-1-2-|', '-yb-T---|'],
    ['a book with a hole is none until a snapshot', 'c-1-2-4-2-1-|', '--T---b---T-|'],
    ['a lost link ends a book', 'c-1-d-c-a-1-|', '--T-D-v-b-T-|'],
    ['a book that is not wanted any more is no reason', 'cSa-U-|', '-yb-u-|'],
    ['best prices in doubt', 'c-b-B-b-|', '--T-b-T-|'],
    ['another line serves, and the first one again', 'a-w-p-W---w---|', 'T-w-p-(qT)(wp)|'],
    ['data that are too old', 'a-l-a-L-|', 'T-l---T-|'],
    ['nothing of a stream without data', 'c-d-c-|', '------|'],
    ['a symbol that was subscribed and lost before its first event', 'cs--d-|', '-x--E-|'],
  ];
  it.each(cases)('%s', (_, drawing, expected) => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot(drawing, events);
      expectObservable(source.pipe(gate())).toBe(expected, names);
      expectSubscriptions(source.subscriptions).toBe(`^${'-'.repeat(drawing.length - 2)}!`);
    })();
  });

  it(
    'says that a symbol is stale after its time, and fresh with its next event',
    marbles(({ hot, expectObservable }) => {
      const source = hot('a-a-----------a-|', events);
      expectObservable(source.pipe(gate({ after: 6 }))).toBe('T-------s-----T-|', names);
    }),
  );

  it(
    'keeps feeds apart, and the symbols of one',
    marbles(({ hot, expectObservable }) => {
      const source = hot('a-t-p-d----|', events);
      expectObservable(source.pipe(gate())).toBe('T-B-p-(dt)-|', names);
    }),
  );

  it(
    'goes by trading hours: 09:30 to 16:00 in New York',
    marbles(({ hot, expectObservable }) => {
      // Virtual time begins at midnight in London, of a Thursday: New York opens after 52,200 s.
      const source = hot('52199s a 3s |', events);
      const hours$ = source.pipe(gate({ after: 60_000, calendar: calendars.us }));
      expectObservable(hours$).toBe('52199s k 999ms T 2s |', names);
    }),
  );

  it(
    'ends with its source, and leaves it when it is left inside `next`',
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      expectObservable(cold('a-#', events).pipe(gate())).toBe('T-#', names);
      const source = hot('a-a-d', events);
      expectObservable(source.pipe(gate(), take(1))).toBe('(T|)', names);
      expectSubscriptions(source.subscriptions).toBe('(^!)');
      expectObservable(merge(hot('a---', events), hot('--d-', events)).pipe(gate())).toBe('T-d-', names);
    }),
  );

  it('keeps no state from one subscription to the next', () => {
    const source = new Subject<FeedEvent>();
    const gate$ = source.pipe(gate());
    const heard: string[] = [];
    for (const event of ['c', 'a']) {
      const subscription = gate$.subscribe((change) => heard.push(change));
      source.next(events[event] ?? aTrade());
      source.next(aQuote({ symbol: 'A.US' }));
      subscription.unsubscribe();
    }
    expect(heard).toEqual(['A.US', 'A.US']);
  });

  it('refuses a silence that is none, when it is made', () => {
    expect(() => tradable({ after: 0 })).toThrow(InvalidOption);
    expect(() => tradable({ after: NaN })).toThrow(InvalidOption);
    expect(tradable()).toBeInstanceOf(Function);
  });
});

describe('keepTradable', () => {
  it('answers for a symbol, however it is spelled, and does not make one by being asked', () => {
    const heard: Tradable[] = [];
    const keeper = keepTradable({ calendar: calendars.always }, (change) => heard.push(change));
    expect(keeper.of({ provider: 'test', symbol: '700.HK' })).toBeUndefined();
    keeper.accept({ ...link, kind: 'subscribed', topics: [...quotes('00700.HK'), ...bbos('700.HK')] }, 1);
    keeper.accept(aQuote({ symbol: '700.HK' }), 2);
    expect(keeper.of({ provider: 'test', symbol: '700.HK' })).toMatchObject({ symbol: '00700.HK', tradable: true });
    keeper.accept({ ...link, kind: 'disconnected', cause, attempt: 1, retryAt: 0 }, 3);
    expect(heard.map(shown)).toEqual(['00700.HK: silent', '00700.HK', '00700.HK: disconnected, stale']);
    expect(heard.at(-1)).toMatchObject({ kind: 'tradable', receivedAt: 3 });
  });

  it('bears link events that are made by hand, without topics and times', () => {
    const heard: Tradable[] = [];
    const keeper = keepTradable({ calendar: calendars.always }, (change) => heard.push(change));
    const broken = [
      { kind: 'subscribed', provider: 'test' },
      { kind: 'refused', provider: 'test', topics: [undefined, {}] },
      { kind: 'disconnected', provider: 'test' },
    ];
    for (const event of broken) keeper.accept(event as unknown as FeedEvent, 5);
    expect(heard).toEqual([]);
  });
});
