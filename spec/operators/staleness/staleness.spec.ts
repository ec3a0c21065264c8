import { map, Subject, take, type Observable } from 'rxjs';
import type { Calendar } from '../../../lib/model/calendar/Calendar.js';
import { calendars } from '../../../lib/model/calendar/calendars.js';
import { flattenError } from '../../../lib/model/errorData.js';
import { ConnectionLost, InvalidOption } from '../../../lib/model/errors.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { staleness } from '../../../lib/operators/staleness/staleness.js';
import type { Staleness } from '../../../lib/operators/staleness/keepStaleness.js';
import type { StalenessOptions } from '../../../lib/operators/staleness/StalenessOptions.js';
import { aDepth, aQuote, aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';

const cause = flattenError(new ConnectionLost(1006));
const link = { provider: 'test', receivedAt: 0 } as const;
const events: Record<string, FeedEvent> = {
  a: aTrade({ symbol: 'A.US' }),
  b: aDepth({ symbol: 'B.US' }),
  p: aTrade({ symbol: 'A.US', provider: 'other' }),
  h: aQuote({ symbol: 'A.US', status: 'halted' }),
  n: aQuote({ symbol: 'A.US', status: 'normal' }),
  l: aQuote({ symbol: 'A.US', status: 'lunch_break' }),
  x: aQuote({ symbol: 'A.US', status: 'delisted' }),
  1: aQuote({ symbol: '00700.HK' }),
  2: aQuote({ symbol: '700.HK' }),
  c: { ...link, kind: 'connected', attempt: 1, resumed: undefined },
  d: { ...link, kind: 'disconnected', cause, attempt: 1, retryAt: 0 },
  u: { ...link, kind: 'undecodable', frame: '', problems: [] },
};
const told = ({ provider, symbol = 'link', state }: Staleness): string =>
  [provider === 'test' ? '' : `${provider} `, symbol, ' ', state].join('');
const names = {
  L: 'link stale',
  f: 'link fresh',
  a: 'A.US fresh',
  s: 'A.US stale',
  c: 'A.US closed',
  h: 'A.US halted',
  b: 'B.US fresh',
  t: 'B.US stale',
  p: 'other A.US fresh',
  q: 'other A.US stale',
  k: '00700.HK fresh',
};
const watched =
  (options: Partial<StalenessOptions> = {}) =>
  (events$: Observable<FeedEvent>) =>
    events$.pipe(staleness({ after: 6, calendar: calendars.always, ...options }), map(told));

describe('staleness', () => {
  it(
    'says once that a symbol is fresh, that it is stale, and that it is fresh again',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-a--a---------u-a-|', events);
      const expected = '  -a----------s-----a-|';
      const subs = '      ^-------------------!';
      expectObservable(source.pipe(watched())).toBe(expected, names);
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'knows whose gap it is by the feed, says so, and takes one that is heard again for one',
    marbles(({ hot, expectObservable }) => {
      const crypto = { provider: 'itick', feed: 'itick:crypto' };
      const forex = { provider: 'itick', feed: 'itick:forex' };
      const lost: FeedEvent = { ...link, ...forex, kind: 'disconnected', cause, attempt: 1, retryAt: 0, receivedAt: 5 };
      const source = hot('a-e-d-d-f-d-|', {
        a: aTrade({ ...crypto, symbol: 'BTCUSDT.BA', receivedAt: 0 }),
        e: aQuote({ ...forex, symbol: 'EURUSD.GB', receivedAt: 2 }),
        d: lost,
        f: aQuote({ ...forex, symbol: 'EURUSD.GB', receivedAt: 8 }),
      });
      const expected = '  a-b-c---(de)|';
      const shown$ = source.pipe(
        staleness({ after: 100, calendar: calendars.always }),
        map(({ feed, symbol, state, scope }) => [feed, symbol, state, scope].join(' ')),
      );
      expectObservable(shown$).toBe(expected, {
        a: 'itick:crypto BTCUSDT.BA fresh symbol',
        b: 'itick:forex EURUSD.GB fresh symbol',
        c: 'itick:forex  stale link',
        d: 'itick:forex  fresh link',
        e: 'itick:forex EURUSD.GB fresh symbol',
      });
    }),
  );

  it(
    'says when the last event came and when the state began',
    marbles(({ hot, expectObservable }) => {
      const base = { kind: 'staleness', provider: 'test', symbol: 'A.US', scope: 'symbol', since: 1 } as const;
      const fresh = { ...base, state: 'fresh', receivedAt: 1 };
      const stale = { ...base, state: 'stale', receivedAt: 7 };
      const result = hot('-a-------|', events).pipe(staleness({ after: 6, calendar: calendars.always }));
      expectObservable(result).toBe('-f-----s-|', { f: fresh, s: stale });
    }),
  );

  it(
    'tells the silence of one symbol from that of all',
    marbles(({ hot, expectObservable }) => {
      const source = hot('(ab)a---------b---------|', events);
      const expected = '  (ab)--t---L---(fb)--L---|';
      expectObservable(source.pipe(watched())).toBe(expected, names);
    }),
  );

  it(
    'keeps providers apart, and the spellings of a symbol together',
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('(ap)-a----|', events).pipe(watched())).toBe('(ap)--q---|', names);
      expectObservable(hot('1---2---1-|', events).pipe(watched())).toBe('k---------|', names);
    }),
  );

  it(
    'says once that the link is lost, and again of each symbol that has an event, or the time for one since the first of them',
    marbles(({ hot, expectObservable }) => {
      const several = hot(' (ab)-d-----c--a---a---|', events);
      const expected = '   (ab)-L--------(fa)--t-|';
      const oneHalted = hot('(abh)-d-d-c-b---|', events);
      const oneTold = '      (abh)-L-----(fb)|';
      expectObservable(several.pipe(watched())).toBe(expected, names);
      expectObservable(oneHalted.pipe(watched())).toBe(oneTold, names);
    }),
  );

  it(
    'believes the vendor that a symbol is halted, closed or delisted, until it says otherwise',
    marbles(({ hot, expectObservable }) => {
      const halted = hot('   -a-h-----n------|', events);
      const haltedTold = '   -a-h-----a-----s|';
      const closed = hot('   -l-------a--n-x-----|', events);
      const closedTold = '   -c----------a-c-----|';
      expectObservable(halted.pipe(watched())).toBe(haltedTold, names);
      expectObservable(closed.pipe(watched())).toBe(closedTold, names);
      const overMidnight = hot('l 86400s a-------|', events);
      expectObservable(overMidnight.pipe(watched({ forgetAfter: 90_000_000 }))).toBe('c 86400s --------|', names);
    }),
  );

  it(
    'goes by the hours of the venue of each symbol unless it is told others',
    marbles(({ hot, expectObservable }) => {
      // 1970-01-01 00:00 UTC is an evening in New York.
      expectObservable(hot('-a-------|', events).pipe(watched({ calendar: undefined }))).toBe('-c-------|', names);
    }),
  );

  it(
    'goes by the hours that a function knows for each symbol',
    marbles(({ hot, expectObservable }) => {
      const calendar = (symbol: string) => (symbol === 'A.US' ? calendars.us : calendars.always);
      expectObservable(hot('-ab--------|', events).pipe(watched({ calendar }))).toBe('-cb-----t--|', names);
    }),
  );

  it(
    'knows a symbol from its first event on, and takes an event for the end of a loss',
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-d-c-a-----------|', events).pipe(watched())).toBe('-----a-----s-----|', names);
      expectObservable(hot('-d---a-----------|', events).pipe(watched())).toBe('-----a-----s-----|', names);
    }),
  );

  it(
    'passes errors on, and forgets a symbol that is idle',
    marbles(({ hot, expectObservable }) => {
      const source = hot('h------------------------a#', events);
      expectObservable(source.pipe(watched({ forgetAfter: 20 }))).toBe('h------------------------a#', names);
      expectObservable(source.pipe(watched({ forgetAfter: 90 }))).toBe('h-------------------------#', names);
    }),
  );
});

describe('staleness outside trading hours', () => {
  /** Open in the first and the third minute of the day. */
  const calendar: Calendar = {
    ...calendars.always,
    spans: [
      { from: '00:00', to: '00:01' },
      { from: '00:02', to: '00:03' },
    ],
  };
  const inHours = watched({ calendar, after: 30_000 });

  it.each([
    ['is closed, and stale again after it', 'a 129999ms a 9s |', 'a 29999ms s 29999ms c 59999ms s 9999ms a 9s |'],
    ['counts no silence', '50s a 100s |', '50s a 9999ms c 59999ms a 19999ms s 10s |'],
    ['takes no event for an opening', '70s a 20s |', '70s c 20s |'],
    ['ends what the vendor closed in the hours', '50s l 100s |', '50s c 69999ms a 19999ms s 10s |'],
    ['ends what the vendor closed in a break', '70s l 90s |', '70s c 49999ms a 29999ms s 10s |'],
    ['tells at the opening that the link is lost', '70s a 9999ms d 69999ms c |', '70s c 49999ms (Ls) 29997ms |'],
    ['forgives a loss that is over', '70s a 9999ms d 9999ms c 59999ms |', '70s c 49999ms a 29999ms |'],
  ])('%s', (_name, source, expected) =>
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot(source, events).pipe(inHours)).toBe(expected, names);
    })(),
  );
});

describe('adaptive staleness', () => {
  const adaptive = { factor: 3, minAfter: 4, maxAfter: 10 };

  it.each([
    ['learns from the times between events', '-a-a-------|', '-a-------s-|'],
    ['is never shorter than the floor', 'aaa------|', 'a-----s--|'],
    ['begins with `after` and is never longer than the cap', 'a----------a-----------|', 'a---------sa---------s-|'],
    ['learns nothing from a lost link', 'a-a-d-------a-------|', 'a---L-------(fa)--s-|'],
    ['learns nothing from a halt', 'a-ah---------na------|', 'a--h---------a------s|'],
    ['weighs the newest gap by an eighth', 'a-a------a----------|', 'a-------sa-------s--|'],
  ])('%s', (_name, source, expected) =>
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot(source, events).pipe(watched({ after: 20, adaptive }))).toBe(expected, names);
    })(),
  );
});

describe('the timer of staleness', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const many = (events$: Subject<FeedEvent>): void => {
    for (let i = 0; i < 50; i++) events$.next(aTrade({ symbol: `S${i}.US` }));
  };

  it('is one for all symbols, and none is left by completion, an error or a consumer that leaves', () => {
    for (const end of ['complete', 'error', 'leave'] as const) {
      const events$ = new Subject<FeedEvent>();
      const subscription = events$.pipe(watched()).subscribe({ error: () => undefined });
      many(events$);
      expect(jest.getTimerCount()).toBe(1);
      if (end === 'leave') subscription.unsubscribe();
      else if (end === 'error') events$.error(new Error('a bug'));
      else events$.complete();
      expect(jest.getTimerCount()).toBe(0);
      expect(events$.observed).toBe(false);
    }
  });

  it('is not set again when its consumer leaves on hearing what is stale', () => {
    const events$ = new Subject<FeedEvent>();
    events$.pipe(watched(), take(51)).subscribe();
    many(events$);
    jest.advanceTimersByTime(6);
    expect(jest.getTimerCount()).toBe(0);
    expect(events$.observed).toBe(false);
  });

  it('tells things in order when its consumer makes the source speak', () => {
    const events$ = new Subject<FeedEvent>();
    const heard: string[] = [];
    const subscription = events$.pipe(watched()).subscribe((name) => {
      heard.push(name);
      if (name === 'link stale') events$.next(aTrade({ symbol: 'A.US' }));
    });
    events$.next(aTrade({ symbol: 'A.US' }));
    events$.next(aTrade({ symbol: 'B.US' }));
    jest.advanceTimersByTime(6);
    subscription.unsubscribe();
    expect(heard).toEqual(['A.US fresh', 'B.US fresh', 'link stale', 'link fresh', 'A.US fresh']);
  });
});

describe('the options of staleness', () => {
  it.each<StalenessOptions>([
    { after: 0 },
    { after: -1 },
    { after: NaN },
    { after: 2 ** 31 },
    { after: 5, forgetAfter: 5 },
    { after: 5, forgetAfter: -1 },
    { after: 5, adaptive: { factor: 0, minAfter: 1, maxAfter: 2 } },
    { after: 5, adaptive: { factor: Infinity, minAfter: 1, maxAfter: 2 } },
    { after: 5, adaptive: { factor: 1, minAfter: 0, maxAfter: 2 } },
    { after: 5, adaptive: { factor: 1, minAfter: 3, maxAfter: 2 } },
    { after: 5, forgetAfter: 9, adaptive: { factor: 1, minAfter: 3, maxAfter: 9 } },
    { after: 5, calendar: { ...calendars.always, zone: 'Nowhere' } },
  ])('are refused at once: %j', (options) => {
    expect(() => staleness(options)).toThrow(InvalidOption);
  });
});
