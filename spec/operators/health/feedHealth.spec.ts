import { map, type OperatorFunction } from 'rxjs';
import { calendars } from '../../../lib/model/calendar/calendars.js';
import { InvalidOption } from '../../../lib/model/errors.js';
import type { Health } from '../../../lib/operators/health/Health.js';
import { feedHealth } from '../../../lib/operators/health/feedHealth.js';
import { aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';

const values = { t: aTrade() };
const options = { every: 5, calendar: calendars.always };

/** `3t 1c`: three trades and a connection. */
const briefly: OperatorFunction<Health, string> = map(({ at, events }) => {
  const { trade = 0, connected = 0 } = events;
  return `${at}: ${trade}t ${connected}c`;
});

describe('feedHealth', () => {
  it(
    'says the health each beat, and once more as of the last event',
    marbles(({ feed, expectObservable, expectSubscriptions }) => {
      const feed$ = feed('  c-t-t--t----t|', values);
      const sub = '         ^------------!';
      const expected = '    -----a----b--(c|)';
      expectObservable(feed$.pipe(feedHealth(options), briefly)).toBe(expected, {
        a: '5: 2t 1c',
        b: '10: 3t 1c',
        c: '12: 4t 1c',
      });
      expectSubscriptions(feed$.subscriptions).toBe(sub);
    }),
  );

  it(
    'says it in silence too, and of nothing',
    marbles(({ feed, expectObservable }) => {
      expectObservable(feed('c-----------', values).pipe(feedHealth(options), briefly), '^----------!').toBe(
        '-----a----b-',
        { a: '5: 0t 1c', b: '10: 0t 1c' },
      );
      expectObservable(feed('---|', values).pipe(feedHealth(options), briefly)).toBe('---(a|)', { a: '0: 0t 0c' });
    }),
  );

  it(
    'passes an error on at once, and begins anew with each subscription',
    marbles(({ feed, expectObservable, expectSubscriptions }) => {
      const feed$ = feed('t-----t-#', values);
      const health$ = feed$.pipe(feedHealth(options), briefly);
      expectObservable(health$, '^------------').toBe(' -----a--#', { a: '5: 1t 0c' });
      expectObservable(health$, '------------^--------').toBe('-----------------a--#', { a: '17: 1t 0c' });
      expectSubscriptions(feed$.subscriptions).toBe(['^-------!', '------------^-------!']);
    }),
  );

  it(
    'stops its beat with its subscriber',
    marbles(({ feed, expectObservable, expectSubscriptions }) => {
      const feed$ = feed('t-----------t', values);
      expectObservable(feed$.pipe(feedHealth(options), briefly), '^------!').toBe('-----a--', { a: '5: 1t 0c' });
      expectSubscriptions(feed$.subscriptions).toBe('^------!');
    }),
  );

  it(
    'says rates of each beat',
    marbles(({ feed, expectObservable }) => {
      const rates$ = feed('tt--t------t|', values).pipe(
        feedHealth(options),
        map(({ perSecond }) => perSecond?.['trade'] ?? 0),
      );
      expectObservable(rates$).toBe('-----a----b-(c|)', { a: 600, b: 0, c: 1_000 });
    }),
  );

  it('rejects options that make no sense', () => {
    expect(() => feedHealth({ every: 0 })).toThrow(InvalidOption);
    expect(() => feedHealth({ every: Infinity })).toThrow(InvalidOption);
    expect(() => feedHealth({ staleAfter: -1 })).toThrow(InvalidOption);
  });
});
