import { map, pipe, Subject } from 'rxjs';
import { InvalidOption } from '../../../lib/model/errors.js';
import type { Connected, FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Interval } from '../../../lib/model/interval.js';
import type { Kline } from '../../../lib/model/marketEvent.js';
import type { KlineOptions } from '../../../lib/operators/klines/KlineOptions.js';
import { toKlines } from '../../../lib/operators/klines/toKlines.js';
import { aDepth, aQuote, aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { connected, disconnected, latency, refused } from '../../share/linkEvents.js';
import { MINUTE, symbol } from './aTape.js';

const live: Connected = { ...connected, receivedAt: 0 };
const at = (time: number, price: number, size = 1) => aTrade({ symbol, time, receivedAt: time, price, size });

/** The least that tells bars apart: minute, o h l c, volume, and what state it is in. */
const brief = ({ openTime, open, high, low, close, volume, missedVolume, closed, revision, source }: Kline): string =>
  `${openTime / MINUTE}: ${open} ${high} ${low} ${close} v${volume}` +
  `${missedVolume > 0 ? ` missed ${missedVolume}` : ''}${source === 'empty' ? ' empty' : ''}` +
  (closed ? ` closed ${revision}` : '');

const minutes = (options: KlineOptions = {}) => pipe(toKlines('1m', { forming: false, ...options }), map(brief));

describe('toKlines', () => {
  it(
    'closes a bar by the first event of the next one, and passes nothing else on',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const values = {
        ...{ C: live, D: { ...disconnected, receivedAt: 70_000 }, R: refused(), L: latency, p: aDepth({ symbol }) },
        ...{ a: at(1_000, 10, 2), b: at(5_000, 12), c: at(30_000, 9), d: at(61_000, 11) },
      };
      const source = hot('CaRbLpcdD-|', values);
      const expected = '  -------k--|';
      const subs = '      ^---------!';
      expectObservable(source.pipe(minutes())).toBe(expected, { k: '0: 10 12 9 9 v4 closed 0' });
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'says all there is to say',
    marbles(({ hot, expectObservable }) => {
      const source = hot('Cab|', { C: live, a: at(1_000, 10, 2), b: at(61_000, 11) });
      const kline: Kline = {
        ...{ kind: 'kline', provider: 'test', symbol, interval: '1m', time: 1_000, receivedAt: 1_000 },
        ...{ openTime: 0, closeTime: MINUTE, open: 10, high: 10, low: 10, close: 10, volume: 2, turnover: undefined },
        ...{ vwap: 10, buyVolume: undefined, sellVolume: undefined },
        ...{ trades: 1, closed: true, revision: 0, coverage: 1, source: 'trades', missedVolume: 0 },
      };
      expectObservable(source.pipe(toKlines('1m'))).toBe('--k|', { k: kline });
    }),
  );

  it(
    'closes a bar by the clock, a grace after its end',
    marbles(({ hot, expectObservable }) => {
      const source = hot('a       ', { a: at(1_000, 10) });
      const expected = '  63s k   ';
      expectObservable(source.pipe(minutes({ grace: 3_000 }))).toBe(expected, { k: '0: 10 10 10 10 v1 closed 0' });
    }),
  );

  it(
    'closes the bars of all symbols on one timer, each at its time',
    marbles(({ hot, expectObservable }) => {
      const values = {
        a: at(90_000, 30),
        b: { ...at(1_000, 10), symbol: 'ETHUSDT.BA' },
        c: { ...at(2_000, 20), symbol: 'XRPUSDT.BA' },
      };
      const source = hot('(abc)                ', values);
      const expected = '  61s (kl) 59996ms m   ';
      const closed = {
        k: '0: 10 10 10 10 v1 closed 0',
        l: '0: 20 20 20 20 v1 closed 0',
        m: '1: 30 30 30 30 v1 closed 0',
      };
      expectObservable(source.pipe(minutes())).toBe(expected, closed);
    }),
  );

  it(
    'emits what changed on a beat, unless the bar was closed before it',
    marbles(({ hot, expectObservable }) => {
      const values = { a: at(58_000, 10), b: at(59_000, 12), c: at(59_500, 13), d: at(60_500, 9) };
      const source = hot('a-b------c-d---------------|', values);
      const expected = '  -----f-----k--g------------|';
      //                  -----    -----       the beat
      expectObservable(source.pipe(minutes({ forming: 5 }))).toBe(expected, {
        f: '0: 10 12 10 12 v2',
        k: '0: 10 13 10 13 v3 closed 0',
        g: '1: 9 9 9 9 v1',
      });
    }),
  );

  it(
    'emits the forming bar with each event, if asked to',
    marbles(({ hot, expectObservable }) => {
      const source = hot('ab-|', { a: at(1_000, 10), b: at(2_000, 12) });
      const expected = '  fg-|';
      const values = { f: '0: 10 10 10 10 v1', g: '0: 10 12 10 12 v2' };
      expectObservable(source.pipe(minutes({ forming: 'each' }))).toBe(expected, values);
    }),
  );

  it(
    'opens and closes by the vendor’s time, ties by arrival',
    marbles(({ hot, expectObservable }) => {
      const values = { a: at(2_000, 10), b: at(1_000, 12), c: at(2_000, 9), d: at(1_000, 8), e: at(60_000, 1) };
      const source = hot('abcde|', values);
      const expected = '  ----k|';
      expectObservable(source.pipe(minutes())).toBe(expected, { k: '0: 12 12 8 9 v4 closed 0' });
    }),
  );

  it.each([
    ['revise', '---k-r|', { k: '0: 10 10 10 10 v1 closed 0', r: '0: 10 15 10 15 v5 closed 1' }],
    ['report', '---k-r|', { k: '0: 10 10 10 10 v1 closed 0', r: '0: 10 10 10 10 v1 missed 4 closed 1' }],
    ['drop', '---k--|', { k: '0: 10 10 10 10 v1 closed 0' }],
  ] as const)('with late trades does what it is told: %s', (late, expected, closed) =>
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a-b-l|', { a: at(1_000, 10), b: at(61_000, 11), l: at(59_000, 15, 4) });
      expectObservable(source.pipe(minutes({ late }))).toBe(expected, closed);
    })(),
  );

  it(
    'makes a bar that was skipped when a late trade proves it, and none beyond the horizon',
    marbles(({ hot, expectObservable }) => {
      const values = {
        ...{ a: at(0, 10), b: at(2 * MINUTE, 12), c: at(3 * MINUTE, 13), d: at(4 * MINUTE, 14) },
        ...{ l: at(MINUTE, 11), m: at(MINUTE + 1, 15), n: at(1, 16) },
      };
      const source = hot('abcldmn|', values);
      const expected = '  -kmst--|';
      expectObservable(source.pipe(minutes({ horizon: 2 }))).toBe(expected, {
        k: '0: 10 10 10 10 v1 closed 0',
        m: '2: 12 12 12 12 v1 closed 0',
        s: '1: 11 11 11 11 v1 closed 0',
        t: '3: 13 13 13 13 v1 closed 0',
      });
    }),
  );

  it(
    'carries the last close through empty bars, by event and by clock, and corrects them',
    marbles(({ hot, expectObservable }) => {
      const values = { a: at(1_000, 10), b: at(2 * MINUTE, 12), l: at(2_000, 11) };
      const source = hot('a-b-----l-----|', values);
      const expected = '  --(kl)--(rs)--|';
      expectObservable(source.pipe(minutes({ empty: 'carry' }))).toBe(expected, {
        k: '0: 10 10 10 10 v1 closed 0',
        l: '1: 10 10 10 10 v0 empty closed 0',
        r: '0: 10 11 10 11 v2 closed 1',
        s: '1: 11 11 11 11 v0 empty closed 1',
      });
    }),
  );

  it(
    'carries by the clock too, until it is left',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('a                      ', { a: at(1_000, 10) });
      const unsub = '     ^ 180s !               ';
      const expected = '  61s k 59999ms l';
      expectObservable(source.pipe(minutes({ empty: 'carry' })), unsub).toBe(expected, {
        k: '0: 10 10 10 10 v1 closed 0',
        l: '1: 10 10 10 10 v0 empty closed 0',
      });
      expectSubscriptions(source.subscriptions).toBe(unsub);
    }),
  );

  it(
    'waits for a bar that ends later than a timer can last',
    marbles(({ hot, expectObservable }) => {
      const source = hot('a         ', { a: at(1_000, 10) });
      const expected = '  2678401s k';
      expectObservable(source.pipe(toKlines('1M', { forming: false }), map(brief))).toBe(expected, {
        k: '0: 10 10 10 10 v1 closed 0',
      });
    }),
  );

  it(
    'opens a flat bar with the first trade in it',
    marbles(({ hot, expectObservable }) => {
      const source = hot('a 61999ms b   ', { a: at(1_000, 10), b: at(62_000, 12) });
      const unsub = '     ^ 150s !      ';
      const expected = '  61s k 59999ms l';
      expectObservable(source.pipe(minutes({ empty: 'carry' })), unsub).toBe(expected, {
        k: '0: 10 10 10 10 v1 closed 0',
        l: '1: 12 12 12 12 v1 closed 0',
      });
    }),
  );

  it(
    'leaves the flat bar that forms behind a corrected one at the new close',
    marbles(({ hot, expectObservable }) => {
      const values = { a: at(1_000, 10), l: at(2_000, 11), m: at(500, 11) };
      const source = hot('a 61s l-m    ', values);
      const unsub = '     ^ 100s !     ';
      const expected = '  61s k r-s    ';
      expectObservable(source.pipe(minutes({ empty: 'carry' })), unsub).toBe(expected, {
        k: '0: 10 10 10 10 v1 closed 0',
        r: '0: 10 11 10 11 v2 closed 1',
        s: '0: 11 11 10 11 v3 closed 2',
      });
    }),
  );

  it(
    'corrects a bar closed by the clock by a quote, if that is the policy',
    marbles(({ hot, expectObservable }) => {
      const quote = (time: number, last: number) => aQuote({ symbol, time, receivedAt: time, last });
      const source = hot('a 62s b|', { a: quote(1_000, 10), b: quote(2_000, 11) });
      const closed = { k: '0: 10 10 10 10 v0 closed 0', r: '0: 10 11 10 11 v0 closed 1' };
      expectObservable(source.pipe(minutes())).toBe('         61s k 1s r|', closed);
      expectObservable(source.pipe(minutes({ late: 'drop' }))).toBe('61s k 1s -|', closed);
    }),
  );

  it(
    'closes nothing when it completes, fails or is left',
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('Ca-|', { C: live, a: at(1_000, 10) }).pipe(minutes())).toBe('---|');
      expectObservable(hot('Ca-#', { C: live, a: at(1_000, 10) }).pipe(minutes())).toBe('---#');
      expectObservable(hot('Ca--', { C: live, a: at(1_000, 10) }).pipe(minutes()), '^--!').toBe('----');
      expectObservable(hot<FeedEvent>('----').pipe(minutes())).toBe('----');
      expectObservable(hot<FeedEvent>('---|').pipe(minutes())).toBe('---|');
    }),
  );

  it(
    'keeps the bars of two feeds apart that take turns on one symbol',
    marbles(({ hot, expectObservable }) => {
      const other = (time: number, price: number) => ({ ...at(time, price), provider: 'other' });
      const values = { a: at(1_000, 10), b: other(2_000, 20), c: at(3_000, 11), d: other(4_000, 21), e: at(61_000, 9) };
      const source = hot('abcdef|', { ...values, f: other(62_000, 19) });
      const closed = { k: '0: 10 11 10 11 v2 closed 0', r: '0: 20 21 20 21 v2 closed 0' };
      expectObservable(source.pipe(minutes())).toBe('----kr|', closed);
    }),
  );

  it('loses nothing that a consumer brings about on hearing of a close or of a correction', () => {
    const events$ = new Subject<FeedEvent>();
    const heard: string[] = [];
    const answers = new Map([
      ['0: 10 10 10 10 v1 closed 0', at(62_000, 20, 7)],
      ['0: 10 10 8 8 v2 closed 1', at(121_000, 30, 5)],
    ]);
    const bars = events$.pipe(minutes({ empty: 'carry' })).subscribe((bar) => {
      heard.push(bar);
      const answer = answers.get(bar);
      if (answer) events$.next(answer);
    });
    for (const event of [at(1_000, 10), at(61_000, 11, 2), at(2_000, 8), at(181_000, 9)]) events$.next(event);
    // Or the clock, which is decades ahead, closes a bar for each minute of them.
    bars.unsubscribe();
    expect(heard).toEqual([
      '0: 10 10 10 10 v1 closed 0',
      '0: 10 10 8 8 v2 closed 1',
      '1: 11 20 11 20 v9 closed 0',
      '2: 30 30 30 30 v5 closed 0',
    ]);
  });

  it(
    'fails when an event makes no sense',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('a-b', { a: at(1_000, 10), b: null as never });
      const error = new TypeError("Cannot read properties of null (reading 'kind')");
      expectObservable(source.pipe(minutes())).toBe('--#', {}, error);
      expectSubscriptions(source.subscriptions).toBe('^-!');
    }),
  );

  it.each([
    ['2m', {}],
    ['1m', { grace: -1 }],
    ['1m', { late: 'sometimes' }],
    ['1m', { horizon: 0 }],
    ['1m', { empty: 'fill' }],
    ['1m', { forming: 0 }],
    ['1m', { forming: true }],
    ['1m', { calendar: 'us' }],
    ['1m', { calendar: { zone: 'Asia/Hong_Kong' } }],
  ])('refuses %s with %j', (interval, options) => {
    expect(() => toKlines(interval as Interval, options as KlineOptions)).toThrow(InvalidOption);
  });
});
