import { map, pipe } from 'rxjs';
import { InvalidOption } from '../../../lib/model/errors.js';
import type { Interval } from '../../../lib/model/interval.js';
import type { Kline } from '../../../lib/model/marketEvent.js';
import type { ResampleOptions } from '../../../lib/operators/klines/klineResampler.js';
import { resampleKlines } from '../../../lib/operators/klines/resampleKlines.js';
import { aKline } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { MINUTE, symbol } from './aTape.js';

const minute = (at: number, price: number, more: Partial<Kline> = {}): Kline =>
  aKline({
    ...{ symbol, openTime: at * MINUTE, closeTime: (at + 1) * MINUTE, volume: 1, closed: true },
    ...{ open: price, high: price, low: price, close: price },
    ...more,
  });

const brief = ({ openTime, open, high, low, close, volume, closed, revision, coverage }: Kline): string =>
  `${openTime / MINUTE}: ${open} ${high} ${low} ${close} v${volume}` +
  (closed ? ` closed ${revision}` : '') +
  (coverage < 1 ? ` covered ${coverage}` : '');

const fives = (options: ResampleOptions = {}) => pipe(resampleKlines('5m', { forming: false, ...options }), map(brief));

describe('resampleKlines', () => {
  it(
    'closes a bar with the last of its parts',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const values = { a: minute(0, 10), b: minute(1, 12), c: minute(3, 9), d: minute(4, 11), e: minute(5, 13) };
      const source = hot('abcde-|', values);
      const expected = '  ---k--|';
      expectObservable(source.pipe(fives())).toBe(expected, { k: '0: 10 12 9 11 v4 closed 0' });
      expectSubscriptions(source.subscriptions).toBe('^-----!');
    }),
  );

  it(
    'emits what forms with each part, if not told otherwise',
    marbles(({ hot, expectObservable }) => {
      const source = hot('ab-|', { a: minute(0, 10, { closed: false }), b: minute(0, 10, { high: 12 }) });
      const expected = '  fg-|';
      const values = { f: '0: 10 10 10 10 v1', g: '0: 10 12 10 10 v1' };
      expectObservable(source.pipe(resampleKlines('5m'), map(brief))).toBe(expected, values);
    }),
  );

  it(
    'closes a bar by a part of a later one, or by the clock',
    marbles(({ hot, expectObservable }) => {
      const other = minute(20, 30, { symbol: 'ETHUSDT.BA' });
      const source = hot('ab-c      ', { a: minute(1, 10), b: minute(7, 12), c: other });
      const expected = '  -k 602998ms l 899999ms m';
      expectObservable(source.pipe(fives({ grace: 3_000 }))).toBe(expected, {
        k: '0: 10 10 10 10 v1 closed 0 covered 0.8',
        l: '5: 12 12 12 12 v1 closed 0',
        m: '20: 30 30 30 30 v1 closed 0',
      });
    }),
  );

  it(
    'corrects a closed bar when a part is corrected, and only then',
    marbles(({ hot, expectObservable }) => {
      const values = { a: minute(0, 10), b: minute(5, 12), r: minute(0, 10, { high: 14, revision: 1 }) };
      const source = hot('abarr|', values);
      const expected = '  -k-s-|';
      const closed = { k: '0: 10 10 10 10 v1 closed 0', s: '0: 10 14 10 10 v1 closed 1' };
      expectObservable(source.pipe(fives())).toBe(expected, closed);
    }),
  );

  it(
    'makes a bar that was skipped, and none beyond the horizon',
    marbles(({ hot, expectObservable }) => {
      const values = { a: minute(5, 10), b: minute(15, 12), c: minute(20, 13), l: minute(10, 11), x: minute(0, 9) };
      const source = hot('abclx|', values);
      const expected = '  -kms-|';
      expectObservable(source.pipe(fives({ horizon: 2 }))).toBe(expected, {
        k: '5: 10 10 10 10 v1 closed 0',
        m: '15: 12 12 12 12 v1 closed 0',
        s: '10: 11 11 11 11 v1 closed 0',
      });
    }),
  );

  it(
    'weighs coverage by trading time',
    marbles(({ hot, expectObservable }) => {
      const source = hot('ab|', { a: minute(0, 10), b: minute(4, 10, { coverage: 0.5 }) });
      expectObservable(source.pipe(fives())).toBe('-k|', { k: '0: 10 10 10 10 v2 closed 0 covered 0.9' });
    }),
  );

  it(
    'closes nothing when it completes, fails or is left',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const values = { a: minute(0, 10), n: null as never };
      expectObservable(hot('a-|', values).pipe(fives())).toBe('--|');
      expectObservable(hot('a-#', values).pipe(fives())).toBe('--#');
      const source = hot('a----', values);
      expectObservable(source.pipe(fives()), '^-!').toBe('---');
      expectSubscriptions(source.subscriptions).toBe('^-!');
      const error = new TypeError("Cannot read properties of null (reading 'symbol')");
      expectObservable(hot('an', values).pipe(fives())).toBe('-#', {}, error);
    }),
  );

  it.each([
    ['5min', {}],
    ['5m', { grace: NaN }],
    ['5m', { horizon: 0.5 }],
  ])('refuses %s with %j', (interval, options) => {
    expect(() => resampleKlines(interval as Interval, options)).toThrow(InvalidOption);
  });
});
