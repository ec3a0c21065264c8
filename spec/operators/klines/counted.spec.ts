import { map, NEVER, pipe, startWith } from 'rxjs';
import { calendars } from '../../../lib/model/calendar/calendars.js';
import { InvalidOption } from '../../../lib/model/errors.js';
import type { Connected, Disconnected, FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Kline } from '../../../lib/model/marketEvent.js';
import type { CountedLength, CountedOptions } from '../../../lib/operators/klines/boundary.js';
import { toKlines } from '../../../lib/operators/klines/toKlines.js';
import { aDepth, aKline, aQuote, aTrade } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { connected, disconnected, latency, refused } from '../../share/linkEvents.js';
import { MINUTE, symbol } from './aTape.js';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const at = (time: number, price: number, size = 1) => aTrade({ symbol, time, receivedAt: time, price, size });
const live = (receivedAt: number): Connected => ({ ...connected, receivedAt });
const lost = (receivedAt: number): Disconnected => ({ ...disconnected, receivedAt });
const back = (from: number, to: number): Connected => ({ ...live(to), resumed: { from, to } });

/** The least that tells bars apart: span, o h l c, volume, trades, and what state it is in. */
const brief = (bar: Kline<string>): string =>
  `${bar.openTime}-${bar.closeTime}: ${bar.open} ${bar.high} ${bar.low} ${bar.close} v${bar.volume} t${bar.trades}` +
  `${bar.missedVolume > 0 ? ` missed ${bar.missedVolume}` : ''}${bar.coverage < 1 ? ` covered ${bar.coverage}` : ''}` +
  (bar.closed ? ' closed' : '');

const bars = (length: CountedLength, options: CountedOptions = {}) =>
  pipe(toKlines(length, { forming: false, ...options }), map(brief));

describe('toKlines by count', () => {
  it(
    'closes a bar with its last execution, and passes nothing else on',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const values = {
        ...{ C: live(0), D: lost(9_000), R: refused(), L: latency, p: aDepth({ symbol }) },
        ...{ a: at(1, 10, 2), b: at(5, 12), c: at(30, 9), d: at(61, 11) },
      };
      const source = hot('CaRbLpcdD-|', values);
      const expected = '  ------k---|';
      const subs = '      ^---------!';
      expectObservable(source.pipe(bars({ ticks: 3 }))).toBe(expected, { k: '1-31: 10 12 9 9 v4 t3 closed' });
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'closes a bar with the execution that brings its volume there, which is not split',
    marbles(({ hot, expectObservable }) => {
      const source = hot('abcd-|', { a: at(1, 10, 4), b: at(2, 11, 5), c: at(3, 12, 7), d: at(4, 13, 10) });
      const expected = '  --kl-|';
      expectObservable(source.pipe(bars({ volume: 10 }))).toBe(expected, {
        k: '1-4: 10 12 10 12 v16 t3 closed',
        l: '4-5: 13 13 13 13 v10 t1 closed',
      });
    }),
  );

  it(
    'knows that a sum of fractions is rounded',
    marbles(({ hot, expectObservable }) => {
      const source = hot('aaaaaaaaaa|', { a: at(1, 10, 0.1) }).pipe(toKlines({ volume: 1 }, { forming: false }));
      expectObservable(source.pipe(map(({ trades }) => trades))).toBe('---------k|', { k: 10 });
    }),
  );

  it(
    'closes where the decimals reach the worth: a hundred times 1 times 0.1 is 10',
    marbles(({ hot, expectObservable }) => {
      const trades = hot(`${'a'.repeat(100)}|`, { a: at(1, 1, 0.1) });
      const source = trades.pipe(toKlines({ turnover: 10 }, { forming: false }));
      expectObservable(source.pipe(map(({ trades }) => trades))).toBe(`${'-'.repeat(99)}k|`, { k: 100 });
    }),
  );

  it(
    'says all there is to say',
    marbles(({ hot, expectObservable }) => {
      const source = hot('Cab|', { C: live(0), a: at(1_000, 10, 2), b: at(61_000, 11) });
      const kline: Kline<'2ticks'> = {
        ...{ kind: 'kline', provider: 'test', symbol, interval: '2ticks', time: 61_000, receivedAt: 61_000 },
        ...{ openTime: 1_000, closeTime: 61_001, open: 10, high: 11, low: 10, close: 11, volume: 3 },
        ...{ vwap: 31 / 3, buyVolume: undefined, sellVolume: undefined },
        ...{ turnover: undefined, trades: 2, closed: true, revision: 0, coverage: 1 },
        ...{ source: 'trades', missedVolume: 0 },
      };
      expectObservable(source.pipe(toKlines({ ticks: 2 }))).toBe('--k|', { k: kline });
    }),
  );

  it(
    'names the interval so that it can be read in a log',
    marbles(({ cold, expectObservable }) => {
      const interval = (length: CountedLength) =>
        cold('a|', { a: at(1, 10, 9e9) }).pipe(
          toKlines(length, { forming: 'each' }),
          map(({ interval }) => interval),
        );
      expectObservable(interval({ ticks: 100 })).toBe('i|', { i: '100ticks' });
      expectObservable(interval({ volume: 5_000 })).toBe('i|', { i: '5000volume' });
      expectObservable(interval({ volume: 0.5 })).toBe('i|', { i: '0.5volume' });
      expectObservable(interval({ turnover: 1e6 })).toBe('i|', { i: '1000000turnover' });
      expectObservable(interval({ range: 0.5 })).toBe('i|', { i: '0.5range' });
    }),
  );

  it(
    'emits what changed on a beat, unless the bar was closed before it',
    marbles(({ hot, expectObservable }) => {
      const values = { a: at(1, 10), b: at(2, 12), c: at(3, 13), d: at(4, 9) };
      const source = hot('a-b------c------d---------------|', values);
      const expected = '  -----f---k-----------g----------|';
      //                  -----           -----           the beat
      expectObservable(source.pipe(bars({ ticks: 3 }, { forming: 5 }))).toBe(expected, {
        f: '1-3: 10 12 10 12 v2 t2',
        k: '1-4: 10 13 10 13 v3 t3 closed',
        g: '4-5: 9 9 9 9 v1 t1',
      });
    }),
  );

  it(
    'says nothing on a beat of a bar that was closed, and of the one behind it what it knows',
    marbles(({ hot, expectObservable }) => {
      const values = { a: at(1, 10), b: at(2, 12), c: at(3, 13) };
      const closed = '1-3: 10 12 10 12 v2 t2 closed';
      expectObservable(hot('-ab-----|', values).pipe(bars({ ticks: 2 }, { forming: 5 }))).toBe('--k-----|', {
        k: closed,
      });
      expectObservable(hot('-abc----|', values).pipe(bars({ ticks: 2 }, { forming: 5 }))).toBe('--k---f-|', {
        k: closed,
        f: '3-4: 13 13 13 13 v1 t1',
      });
    }),
  );

  it(
    'emits the forming bar with each execution, if asked to, and the last one as closed only',
    marbles(({ hot, expectObservable }) => {
      const source = hot('abc|', { a: at(1, 10), b: at(2, 12), c: at(2, 11) });
      const expected = '  fkg|';
      const values = { f: '1-2: 10 10 10 10 v1 t1', k: '1-3: 10 12 10 12 v2 t2 closed', g: '2-3: 11 11 11 11 v1 t1' };
      expectObservable(source.pipe(bars({ ticks: 2 }, { forming: 'each' }))).toBe(expected, values);
    }),
  );

  it(
    'counts each symbol of each provider for itself',
    marbles(({ hot, expectObservable }) => {
      const values = {
        ...{ a: at(1, 10), b: { ...at(2, 20), symbol: 'ETHUSDT.BA' }, c: { ...at(3, 30), provider: 'other' } },
        ...{ d: at(4, 11), e: { ...at(5, 21), symbol: 'ETHUSDT.BA' }, f: { ...at(6, 31), provider: 'other' } },
      };
      const source = hot('abcdef|', values);
      const expected = '  ---klm|';
      expectObservable(source.pipe(bars({ ticks: 2 }))).toBe(expected, {
        k: '1-5: 10 11 10 11 v2 t2 closed',
        l: '2-6: 20 21 20 21 v2 t2 closed',
        m: '3-7: 30 31 30 31 v2 t2 closed',
      });
    }),
  );

  it(
    'is made of trades only',
    marbles(({ hot, expectObservable }) => {
      const values = { q: aQuote({ symbol, volume: 9 }), k: aKline({ symbol, closed: true }), a: at(1, 10) };
      expectObservable(hot('qkqk-|', values).pipe(bars({ ticks: 1 }))).toBe('-----|');
      expectObservable(hot('qakq-|', values).pipe(bars({ ticks: 1 }))).toBe('-k---|', {
        k: '1-2: 10 10 10 10 v1 t1 closed',
      });
    }),
  );

  it(
    'closes nothing when it completes, fails or is left',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const values = { C: live(0), a: at(1_000, 10) };
      const left = hot('Ca--', values);
      expectObservable(hot('Ca-|', values).pipe(bars({ ticks: 2 }))).toBe('---|');
      expectObservable(hot('Ca-#', values).pipe(bars({ ticks: 2 }))).toBe('---#');
      expectObservable(left.pipe(bars({ ticks: 2 })), '^--!').toBe('----');
      expectObservable(hot<FeedEvent>('----').pipe(bars({ ticks: 2 }))).toBe('----');
      expectObservable(hot<FeedEvent>('---|').pipe(bars({ ticks: 2 }))).toBe('---|');
      expectSubscriptions(left.subscriptions).toBe('^--!');
    }),
  );

  it(
    'fails when an event makes no sense',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('a-b', { a: at(1_000, 10), b: null as never });
      const error = new TypeError("Cannot read properties of null (reading 'kind')");
      expectObservable(source.pipe(bars({ ticks: 2 }))).toBe('--#', {}, error);
      expectSubscriptions(source.subscriptions).toBe('^-!');
    }),
  );
});

describe('a counted bar and its day', () => {
  it(
    'is closed by the first execution of the next one',
    marbles(({ hot, expectObservable }) => {
      const source = hot('abcd|', { a: at(1, 10), b: at(DAY - 1, 11), c: at(DAY, 12), d: at(DAY + 1, 13) });
      const expected = '  --k-|';
      expectObservable(source.pipe(bars({ ticks: 3 }))).toBe(expected, {
        k: `1-${DAY}: 10 11 10 11 v2 t2 closed`,
      });
    }),
  );

  it(
    'is closed by the clock, a grace after its end, and that of each symbol at its time',
    marbles(({ hot, expectObservable }) => {
      const values = { a: at(1, 10), b: { ...at(DAY, 20), symbol: 'ETHUSDT.BA' } };
      const source = hot('(ab)                     ', values);
      const expected = '  86403s k 86399999ms l    ';
      expectObservable(source.pipe(bars({ ticks: 3 }, { grace: 3_000 }))).toBe(expected, {
        k: '1-2: 10 10 10 10 v1 t1 closed',
        l: `${DAY}-${DAY + 1}: 20 20 20 20 v1 t1 closed`,
      });
    }),
  );

  it(
    'has no clock once it is closed',
    marbles(({ hot, expectObservable }) => {
      const source = hot('ab 90000s |', { a: at(1, 10), b: at(2, 11) });
      const expected = '  -k 90000s |';
      expectObservable(source.pipe(bars({ ticks: 2 }))).toBe(expected, { k: '1-3: 10 11 10 11 v2 t2 closed' });
    }),
  );

  it(
    'goes by the calendar, and waits for the next day where the last one is over',
    marbles(({ hot, expectObservable }) => {
      // 1970-01-02 is a Friday; the clock of the test begins on Thursday.
      const saturday = 2 * DAY + 12 * HOUR;
      const source = hot('a', { a: { ...at(saturday, 10), symbol: 'AAPL.US' } });
      const expected = '  363601s k'; // Monday 05:00 UTC is midnight in New York
      expectObservable(source.pipe(bars({ ticks: 2 }, { calendar: calendars.us }))).toBe(expected, {
        k: `${saturday}-${saturday + 1}: 10 10 10 10 v1 t1 closed`,
      });
    }),
  );
});

describe('what a counted bar says of what was not seen', () => {
  const sum = (time: number, size: number | undefined, volume: number) => ({ ...at(time, 10), size, volume });

  it(
    'tells by cumulative volume what is missed, on the bar where it is proven',
    marbles(({ hot, expectObservable }) => {
      const values = { a: sum(1, 2, 102), b: sum(2, 3, 105), c: sum(3, 1, 116), d: sum(4, 1, 117) };
      const source = hot('abcd|', values);
      const expected = '  -k-l|';
      expectObservable(source.pipe(bars({ ticks: 2 }))).toBe(expected, {
        k: '1-3: 10 10 10 10 v5 t2 closed',
        l: '3-5: 10 10 10 10 v2 t2 missed 10 closed',
      });
    }),
  );

  it(
    'counts what comes twice once',
    marbles(({ hot, expectObservable }) => {
      const source = hot('aabab|', { a: sum(1, 2, 102), b: sum(2, 3, 105) });
      const expected = '  --k--|';
      expectObservable(source.pipe(bars({ ticks: 2 }))).toBe(expected, { k: '1-3: 10 10 10 10 v5 t2 closed' });
    }),
  );

  it(
    'counts what is late in the order of arrival; no bar opens before the one before it',
    marbles(({ hot, expectObservable }) => {
      const values = { a: at(5, 10), b: at(3, 11), c: at(4, 12), d: at(9, 13), e: at(8, 14), f: at(7, 15) };
      const source = hot('abcdef|', values);
      const expected = '  -k-l-m|';
      expectObservable(source.pipe(bars({ ticks: 2 }))).toBe(expected, {
        k: '5-6: 10 11 10 11 v2 t2 closed',
        l: '5-10: 12 13 12 13 v2 t2 closed',
        m: '9-10: 14 15 14 15 v2 t2 closed',
      });
    }),
  );

  it(
    'misses less once it comes late, while the bar forms; a closed bar is final',
    marbles(({ hot, expectObservable }) => {
      const values = { a: sum(1, 1, 101), b: sum(3, 1, 103), c: sum(2, 1, 102), d: sum(5, 1, 105), e: sum(4, 1, 104) };
      expectObservable(hot('abc-|', values).pipe(bars({ ticks: 3 }))).toBe('--k-|', {
        k: '1-4: 10 10 10 10 v3 t3 closed',
      });
      expectObservable(hot('ab-de-|', values).pipe(bars({ ticks: 2 }))).toBe('-k--l-|', {
        k: '1-4: 10 10 10 10 v2 t2 missed 1 closed',
        l: '5-6: 10 10 10 10 v2 t2 closed',
      });
    }),
  );

  it(
    'has the growth of cumulative volume where trades have no size; across a loss of the link it is missed',
    marbles(({ hot, expectObservable }) => {
      const values = {
        ...{ a: sum(1, undefined, 100), b: sum(2, undefined, 104), c: sum(3, undefined, 110) },
        ...{ d: sum(9, undefined, 119), e: sum(10, undefined, 130), D: lost(4), C: back(3, 8) },
      };
      const source = hot('abcDCde|', values);
      const expected = '  --k---l|';
      expectObservable(source.pipe(bars({ volume: 10 }))).toBe(expected, {
        k: '1-4: 10 10 10 10 v10 t3 closed',
        l: '9-11: 10 10 10 10 v11 t2 missed 9 closed',
      });
    }),
  );

  it(
    'is closed by its day alone where there is neither a size nor a volume',
    marbles(({ hot, expectObservable }) => {
      const unsized = (time: number) => ({ ...at(time, 10), size: undefined });
      const source = hot('abc|', { a: unsized(1), b: unsized(2), c: unsized(DAY) });
      const expected = '  --k|';
      expectObservable(source.pipe(bars({ volume: 1 }))).toBe(expected, { k: '1-3: 10 10 10 10 v0 t2 closed' });
    }),
  );

  it(
    'covers the share of its span that the link was live',
    marbles(({ hot, expectObservable }) => {
      const values = { C: live(0), a: at(1_000, 10), D: lost(4_000), R: back(3_000, 7_000), b: at(8_999, 11) };
      const source = hot('CaDRb|', values);
      const expected = '  ----k|';
      expectObservable(source.pipe(bars({ ticks: 2 }))).toBe(expected, {
        k: '1000-9000: 10 11 10 11 v2 t2 covered 0.5 closed',
      });
    }),
  );

  it(
    'covers trading time: the lunch break is no hole, and outside the hours all time counts',
    marbles(({ hot, expectObservable }) => {
      const hk = (hhmm: string) => Date.parse(`2026-03-05T${hhmm}+08:00`);
      const [open, end] = [hk('11:59'), hk('13:01')];
      const values = {
        ...{
          C: live(hk('11:00')),
          a: { ...at(open, 10), symbol: '700.HK' },
          b: { ...at(end - 1, 11), symbol: '700.HK' },
        },
        ...{ R: back(hk('12:10'), hk('12:50')), S: back(hk('12:30'), hk('13:00:30')) },
      };
      const before = {
        c: { ...at(hk('08:00'), 10), symbol: '700.HK' },
        d: { ...at(hk('08:04') - 1, 11), symbol: '700.HK' },
      };
      const early = { ...before, C: live(hk('07:00')), R: back(hk('08:01'), hk('08:02')) };
      const span = `${open}-${end}: 10 11 10 11 v2 t2`;
      const coveredBars = bars({ ticks: 2 }, { grace: Number.MAX_SAFE_INTEGER });
      expectObservable(hot('CaRb|', values).pipe(coveredBars)).toBe('---k|', { k: `${span} closed` });
      expectObservable(hot('CaSb|', values).pipe(coveredBars)).toBe('---k|', { k: `${span} covered 0.75 closed` });
      expectObservable(hot('CcRd|', early).pipe(coveredBars)).toBe('---k|', {
        k: `${hk('08:00')}-${hk('08:04')}: 10 11 10 11 v2 t2 covered 0.75 closed`,
      });
    }),
  );

  it(
    'goes by the link of a recording, which is heard after it all happened',
    marbles(({ hot, expectObservable }) => {
      const values = { C: live(500), a: at(0, 10), b: at(999, 10) };
      const source = hot('20s (Cab)', values).pipe(
        toKlines({ ticks: 2 }, { forming: false }),
        map(({ coverage }) => coverage),
      );
      expectObservable(source, '15s ^').toBe('20s k', { k: 0.5 });
    }),
  );

  it(
    'covers nothing of the time before it was subscribed to, where a shared feed repeats when its link was live',
    marbles(({ hot, expectObservable }) => {
      const source = hot('30s t|', { t: at(30_000, 10) }).pipe(
        startWith(live(0), at(10_001, 10)),
        toKlines({ ticks: 2 }, { forming: false }),
        map(({ coverage }) => coverage.toFixed(2)),
      );
      expectObservable(source).toBe('30s k|', { k: '1.00' });
      expectObservable(source, '15s ^').toBe('30s k|', { k: '0.75' });
    }),
  );
});

describe('the length of a counted bar', () => {
  it.each([
    [{ ticks: 0 }, {}],
    [{ ticks: 1.5 }, {}],
    [{ ticks: NaN }, {}],
    [{ ticks: '3' }, {}],
    [{ volume: 0 }, {}],
    [{ volume: -1 }, {}],
    [{ volume: Infinity }, {}],
    [{ ticks: 1, volume: 1 }, {}],
    [{}, {}],
    [{ ticks: 3 }, { grace: -1 }],
    [{ ticks: 3 }, { forming: 0 }],
    [{ ticks: 3 }, { empty: 'carry' }],
    [{ ticks: 3 }, { late: 'revise' }],
    [{ ticks: 3 }, { horizon: 5 }],
  ])('refuses %j with %j', (length, options) => {
    expect(() => NEVER.pipe(toKlines(length as CountedLength, options as CountedOptions))).toThrow(InvalidOption);
  });
});
