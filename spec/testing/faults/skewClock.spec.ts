import * as fc from 'fast-check';
import { from } from 'rxjs';
import { InvalidOption } from '../../../lib/model/errors.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Trade } from '../../../lib/model/marketEvent.js';
import { aKline, aTrade } from '../../../lib/testing/builders.js';
import { skewClock } from '../../../lib/testing/faults/feedFaults.js';
import { marbles } from '../../../lib/testing/marbles.js';

const connected: FeedEvent = { kind: 'connected', provider: 'test', receivedAt: 0, attempt: 1, resumed: undefined };

describe('skewClock', () => {
  it(
    'shifts the time of market events by a constant, and nothing else',
    marbles(({ cold, expectObservable }) => {
      const source = cold<FeedEvent>('-a-c-k|', {
        a: aTrade({ time: 1_000, receivedAt: 1_010 }),
        c: connected,
        k: aKline({ time: 2_000 }),
      });
      const expected = '              -a-c-k|';
      expectObservable(source.pipe(skewClock({ ahead: -300 }))).toBe(expected, {
        a: aTrade({ time: 700, receivedAt: 1_010 }),
        c: connected,
        k: aKline({ time: 1_700 }),
      });
    }),
  );

  it(
    'shifts it further with the time since the first event, for each subscriber anew',
    marbles(({ cold, expectObservable }) => {
      const source = cold('      -a-b-|', {
        a: aTrade({ time: 0, receivedAt: 500 }),
        b: aTrade({ time: 60_000, receivedAt: 60_500 }),
      });
      const expected = '         -a-b-|';
      const later = '         ^----!';
      const skewed$ = source.pipe(skewClock({ drift: 0.001 }));
      const values = { a: aTrade({ time: 0, receivedAt: 500 }), b: aTrade({ time: 60_060, receivedAt: 60_500 }) };
      expectObservable(skewed$).toBe(expected, values);
      expectObservable(skewed$, later).toBe('-a-b-', values);
    }),
  );

  it('keeps all events in their order, and whole milliseconds', () => {
    const trade = fc.record({ time: fc.nat(), receivedAt: fc.nat() }).map(aTrade);
    const skew = {
      ahead: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      drift: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    };
    fc.assert(
      fc.property(fc.array(trade), fc.record(skew), (trades, options) => {
        const seen: Trade[] = [];
        from(trades)
          .pipe(skewClock(options))
          .subscribe((event) => seen.push(event));
        expect(seen.map((event) => ({ ...event, time: 0 }))).toEqual(trades.map((event) => ({ ...event, time: 0 })));
        expect(seen.every(({ time }) => Number.isInteger(time))).toBe(true);
      }),
    );
  });

  it(
    'hands on an error',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold<Trade>('-#').pipe(skewClock({}))).toBe('-#');
    }),
  );

  it.each([{ ahead: NaN }, { ahead: Infinity }, { drift: -1 }, { drift: NaN }])('refuses %j', (options) => {
    expect(() => skewClock(options)).toThrow(InvalidOption);
  });
});
