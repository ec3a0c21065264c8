import { from, ignoreElements, map, Subject, take, type Observable } from 'rxjs';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { batchTrades } from '../../../lib/operators/throttling/batchTrades.js';
import { bounded } from '../../../lib/operators/throttling/bounded.js';
import { conflate } from '../../../lib/operators/throttling/conflate.js';
import { eventKeys } from '../../../lib/operators/throttling/keys.js';
import { aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';

const trade = (feed: string, symbol: string, size: number): FeedEvent =>
  aTrade({ provider: 'itick', feed, symbol, size });

const values: Record<string, FeedEvent> = {
  p: trade('itick:stock', '00700.HK', 1),
  q: trade('itick:stock', '700.HK', 2),
  s: trade('itick:stock', 'BTCUSDT.BA', 3),
  c: trade('itick:crypto', 'BTCUSDT.BA', 4),
};

const told = (event: object): string => {
  const { feed, symbol, size, trades } = event as Record<string, unknown>;
  return [feed, symbol, size ?? (trades as readonly { size: number }[]).map((one) => one.size).join('+')].join(' ');
};

describe.each<[string, (events$: Observable<FeedEvent>) => Observable<object>, string, string]>([
  ['conflate', conflate<FeedEvent>({ every: 9 }), '2', '1'],
  ['batchTrades', batchTrades({ every: 9 }), '1+2', '2+1'],
])('the keys of %s', (_, operator, forwards, backwards) => {
  it(
    'are one for the spellings of an instrument, which comes out in the first of them, beat after beat',
    marbles(({ hot, expectObservable }) => {
      const source = hot('pq---------qp--|', values);
      const expected = '  ---------a-----(b|)';
      expectObservable(source.pipe(operator, map(told))).toBe(expected, {
        a: `itick:stock 00700.HK ${forwards}`,
        b: `itick:stock 00700.HK ${backwards}`,
      });
    }),
  );

  it(
    'are apart for two feeds of one provider',
    marbles(({ hot, expectObservable }) => {
      const source = hot('sc-------------|', values);
      const expected = '  ---------(ab)--|';
      expectObservable(source.pipe(operator, map(told))).toBe(expected, {
        a: 'itick:stock BTCUSDT.BA 3',
        b: 'itick:crypto BTCUSDT.BA 4',
      });
    }),
  );
});

describe('the keys of bounded', () => {
  it('let one value of an instrument of a feed wait, however it is spelled, in the spelling that came first', () => {
    const done$ = new Subject<void>();
    const worked: string[] = [];
    const work = (event: FeedEvent) => {
      worked.push(told(event));
      return done$.pipe(take(1), ignoreElements());
    };
    from([values.s!, values.p!, values.q!, values.s!, values.c!])
      .pipe(bounded(work, { policy: 'latestPerKey' }))
      .subscribe();
    for (let i = 0; i < 9; i++) done$.next();
    expect(worked).toEqual([
      'itick:stock BTCUSDT.BA 3',
      'itick:stock 00700.HK 2',
      'itick:stock BTCUSDT.BA 3',
      'itick:crypto BTCUSDT.BA 4',
    ]);
  });
});

describe('eventKeys', () => {
  it('holds no place of what has left once there are too many', () => {
    const keys = eventKeys<FeedEvent, number>();
    for (let i = 0; i < 60_000; i++) {
      const value = trade('x', `A${i}.US`, 1);
      keys.placeOf(value).held = i;
      expect(keys.placeOf(value).held).toBe(i);
      keys.forget(value);
      expect(keys.placeOf(value).held).toBeUndefined();
    }
  });

  it('forgets a place of which there was no value for long, and keeps one of which there is', () => {
    const keys = eventKeys<FeedEvent, number>();
    const [passing, staying] = [trade('x', '00700.HK', 1), trade('x', '00005.HK', 1)];
    const [seldom, often] = [keys.placeOf(passing), keys.placeOf(staying)];
    for (let beat = 0; beat < 600; beat++) {
      expect(keys.placeOf(staying)).toBe(often);
      keys.tidy(beat);
    }
    expect(keys.placeOf(passing)).not.toBe(seldom);
    // Whoever spells it first now gives the spelling.
    expect(keys.spelled(passing)).toBe(passing);
  });
});
