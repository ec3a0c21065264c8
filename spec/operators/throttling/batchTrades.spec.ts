import * as fc from 'fast-check';
import { map, Subject, type Observable } from 'rxjs';
import { InvalidOption } from '../../../lib/model/errors.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Trade } from '../../../lib/model/marketEvent.js';
import {
  batchTrades,
  type BatchTradesOptions,
  type TradeBatch,
} from '../../../lib/operators/throttling/batchTrades.js';
import { aQuote, aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';

const values: Record<string, FeedEvent> = {
  a: aTrade({ symbol: 'A.US', price: 1 }),
  A: aTrade({ symbol: 'A.US', price: 2 }),
  b: aTrade({ symbol: 'B.US' }),
  q: aQuote({ symbol: 'A.US' }),
  c: { kind: 'connected', provider: 'test', receivedAt: 4, attempt: 1, resumed: undefined },
};
const names = { b: 'b', x: 'aA', y: 'aAa', c: 'c', a: 'a' };
const nameOf = (event: FeedEvent): string => Object.keys(values).find((key) => values[key] === event) ?? '?';

const batched = (options: BatchTradesOptions) => (events$: Observable<FeedEvent>) =>
  events$.pipe(
    batchTrades(options),
    map((event) => (event.kind === 'trades' ? event.trades.map(nameOf).join('') : nameOf(event))),
  );

describe('batchTrades', () => {
  it(
    'delivers the trades of each symbol at the beat, in the order of last arrival',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-b-A---------b-|', values);
      const expected = '  --------(bx)-----(b|)';
      const subs = '      ^----------------!';
      expectObservable(source.pipe(batched({ every: 7 }))).toBe(expected, names);
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'leaves out other market events, and lets what the link says pass at once',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-q-a-q-A-c----|', values);
      const expected = '  ---------(xc)-|';
      expectObservable(source.pipe(batched({ every: 9 }))).toBe(expected, names);
    }),
  );

  it(
    'beats early when as many trades wait as may',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a-A-a---b-|', values);
      const expected = '  -----y-----(b|)';
      expectObservable(source.pipe(batched({ every: 9, maxTrades: 3 }))).toBe(expected, names);
    }),
  );

  it(
    'delivers what waits before an error',
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-a-A-#', values).pipe(batched({ every: 9 }))).toBe('-----(x#)', names);
    }),
  );

  it(
    'carries the times of the last trade',
    marbles(({ hot, expectObservable }) => {
      const early = aTrade({ time: 1, receivedAt: 2 });
      const late = aTrade({ time: 3, receivedAt: 4 });
      const batch: TradeBatch = {
        kind: 'trades',
        provider: 'test',
        symbol: 'AAPL.US',
        time: 3,
        receivedAt: 4,
        trades: [early, late],
      };
      const source = hot('-e-l-|', { e: early, l: late });
      expectObservable(source.pipe(batchTrades({ every: 9 }))).toBe('-----(t|)', { t: batch });
    }),
  );

  it.each([{ every: 1, maxTrades: 0 }, { every: 1, maxTrades: 1.5 }, { every: -1 }])('refuses %j', (options) => {
    expect(() => batchTrades(options)).toThrow(InvalidOption);
  });

  it('loses none: the batches of a symbol joined are its trades', () => {
    const trade = fc.record({ symbol: fc.constantFrom('A.US', 'B.US'), price: fc.nat() }).map(aTrade);
    const step = fc.oneof({ weight: 4, arbitrary: trade }, fc.constant('beat' as const));
    fc.assert(
      fc.property(fc.array(step), fc.integer({ min: 1, max: 9 }), (steps, maxTrades) => {
        const trades$ = new Subject<FeedEvent>();
        const beats$ = new Subject<void>();
        const out: Trade[] = [];
        trades$.pipe(batchTrades({ notifier: beats$, maxTrades })).subscribe((event) => {
          if (event.kind !== 'trades') return;
          expect(event.trades.length).toBeLessThanOrEqual(maxTrades);
          out.push(...event.trades);
        });
        for (const next of steps) {
          if (next === 'beat') beats$.next();
          else trades$.next(next);
        }
        trades$.complete();
        for (const symbol of ['A.US', 'B.US']) {
          const given = steps.filter((next): next is Trade => next !== 'beat' && next.symbol === symbol);
          expect(out.filter((event) => event.symbol === symbol)).toEqual(given);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
