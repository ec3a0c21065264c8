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

describe('addOrReplace of repaired bars', () => {
  const word = ({ action, kline }: KlineChange): string => `${action} ${kline.symbol} ${kline.openTime / MINUTE}`;
  const at = (minute: number, facts: Partial<Kline> = {}): Kline =>
    aKline({ openTime: minute * MINUTE, closeTime: (minute + 1) * MINUTE, ...facts });
  const repaired = (minute: number, facts: Partial<Kline> = {}): Kline =>
    at(minute, { source: 'backfill', closed: true, coverage: 0, ...facts });
  const bars = {
    a: at(1),
    b: at(2),
    f: at(5),
    A: repaired(1, { revision: 1 }),
    B: repaired(2, { revision: 1 }),
    F: repaired(5, { revision: 1 }),
    G: repaired(6),
    R: at(1, { closed: true, revision: 1 }),
  };

  it(
    'asks for a rebuild from a repaired bar on that is earlier than the last one, known or not',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-f-A-B-R-|', bars);
      const expected = '  -a-f-A-B---|';
      const subs = '      ^----------!';
      expectObservable(source.pipe(addOrReplace())).toBe(expected, {
        a: { action: 'add', kline: bars.a },
        f: { action: 'add', kline: bars.f },
        A: { action: 'rebuild', from: MINUTE, kline: bars.A },
        B: { action: 'rebuild', from: 2 * MINUTE, kline: bars.B },
      });
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'adds a repaired bar that is new, and replaces the latest one by it',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a-(BfFG)-|', bars).pipe(addOrReplace(), map(word));
      const expected = '  -a-(bcde)-|';
      const words = ['add AAPL.US 1', 'add AAPL.US 2', 'add AAPL.US 5', 'replace AAPL.US 5', 'add AAPL.US 6'];
      const [a, b, c, d, e] = words;
      expectObservable(source).toBe(expected, { a, b, c, d, e });
    }),
  );

  it(
    'starts with the bars of a warm start, wherever they come',
    marbles(({ cold, expectObservable }) => {
      const actions = (drawn: string) =>
        cold(drawn, bars).pipe(
          addOrReplace(),
          map(({ action }) => action),
        );
      const names = { a: 'add', r: 'replace', b: 'rebuild' };
      expectObservable(actions('(AB)-f-f-|')).toBe('(aa)-a-r-|', names);
      expectObservable(actions('f-(AB)-f-|')).toBe('a-(bb)-r-|', names);
    }),
  );

  it(
    'passes on what ends it, and leaves when it is left',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      expectObservable(cold('-|', bars).pipe(addOrReplace())).toBe('-|');
      const source = cold('f-A-#', bars);
      const changes$ = source.pipe(
        addOrReplace(),
        map(({ action }) => action),
      );
      expectObservable(changes$).toBe('a-b-#', { a: 'add', b: 'rebuild' });
      expectObservable(changes$, '^--!').toBe('a-b-', { a: 'add', b: 'rebuild' });
      expectSubscriptions(source.subscriptions).toBe(['^---!', '^--!']);
    }),
  );

  it(
    'keeps symbols and intervals apart, and takes two spellings for one',
    marbles(({ cold, expectObservable }) => {
      const values = {
        a: at(5, { symbol: '700.HK' }),
        b: at(1, { symbol: 'MSFT.US' }),
        c: repaired(2, { symbol: '00700.HK' }),
        d: repaired(2, { symbol: 'MSFT.US' }),
        e: repaired(3, { symbol: '700.HK', interval: '5m' }),
      };
      const words = {
        a: 'add 700.HK 5',
        b: 'add MSFT.US 1',
        c: 'rebuild 700.HK 2',
        d: 'add MSFT.US 2',
        e: 'add 700.HK 3',
      };
      expectObservable(cold('-a-b-c-d-e-|', values).pipe(addOrReplace(), map(word))).toBe('-a-b-c-d-e-|', words);
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
