import { map } from 'rxjs';
import type { Kline } from '../../../lib/model/marketEvent.js';
import { addOrReplace, type KlineChange } from '../../../lib/operators/klines/addOrReplace.js';
import { chartBars } from '../../../lib/operators/klines/chartBars.js';
import { aKline } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { MINUTE } from './aTape.js';

const first = aKline({ open: 10, high: 12, low: 9, close: 11, volume: 5 });
const second = aKline({ openTime: MINUTE, closeTime: 2 * MINUTE });
const values = {
  f: first,
  C: { ...first, closed: true },
  g: second,
  R: { ...first, closed: true, revision: 1 },
  o: aKline({ symbol: 'MSFT.US' }),
  h: aKline({ interval: '1h' }),
};

describe('addOrReplace', () => {
  const add = (kline: Kline): KlineChange => ({ action: 'add', kline });
  const replace = (kline: Kline): KlineChange => ({ action: 'replace', kline });

  it(
    'adds the first word on a bar, replaces it by the next, and does not go back',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-f-C-g-R-g-|', values);
      const expected = '  -a-b-c---d-|';
      const subs = '      ^----------!';
      const changes = { a: add(values.f), b: replace(values.C), c: add(values.g), d: replace(values.g) };
      expectObservable(source.pipe(addOrReplace())).toBe(expected, changes);
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'keeps symbols, intervals and subscribers apart',
    marbles(({ cold, expectObservable }) => {
      const source = cold('-g-o-h-#', values).pipe(addOrReplace());
      const expected = '   -a-b-c-#';
      const changes = { a: add(values.g), b: add(values.o), c: add(values.h) };
      expectObservable(source).toBe(expected, changes);
      expectObservable(source).toBe(expected, changes);
    }),
  );

  it(
    'adds a counted bar also where it opens in the same millisecond as the one before it',
    marbles(({ hot, expectObservable }) => {
      const counted: Kline<'2ticks'> = { ...aKline(), interval: '2ticks' };
      const bars = { f: counted, C: { ...counted, closed: true } };
      const source = hot('-f-C-f-C-C-|', bars).pipe(
        addOrReplace(),
        map(({ action }) => action),
      );
      const expected = '  -a-r-a-r-a-|';
      expectObservable(source).toBe(expected, { a: 'add', r: 'replace' });
    }),
  );
});

describe('chartBars', () => {
  it(
    'never goes back in time, which it gives in seconds',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-f-C-g-R-o-|', values);
      const expected = '  -a-a-b---o-|';
      const subs = '      ^----------!';
      expectObservable(source.pipe(chartBars())).toBe(expected, {
        a: { time: 0, open: 10, high: 12, low: 9, close: 11, volume: 5 },
        b: { time: 60, open: 100, high: 100, low: 100, close: 100, volume: 0 },
        o: { time: 0, open: 100, high: 100, low: 100, close: 100, volume: 0 },
      });
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'begins anew for each subscriber, passes errors on, and leaves when it is left',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-g-#', values);
      const bar = { time: 60, open: 100, high: 100, low: 100, close: 100, volume: 0 };
      expectObservable(source.pipe(chartBars())).toBe('-b-#', { b: bar });
      expectObservable(source.pipe(chartBars()), '^-!').toBe('-b-', { b: bar });
      expectSubscriptions(source.subscriptions).toBe(['^--!', '^-!']);
    }),
  );
});
