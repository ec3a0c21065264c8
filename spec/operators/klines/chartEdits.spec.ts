import fc from 'fast-check';
import { from, map, Subject, toArray } from 'rxjs';
import type { Kline } from '../../../lib/model/marketEvent.js';
import { calendars } from '../../../lib/model/calendar/calendars.js';
import { chartEdits, type ChartEdit } from '../../../lib/operators/klines/chartEdits.js';
import { aKline } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { MINUTE } from './aTape.js';

/** A market that never closes. */
const symbol = 'BTCUSDT.BA';
const at = (minute: number, facts: Partial<Kline> = {}): Kline =>
  aKline({ symbol, openTime: minute * MINUTE, closeTime: (minute + 1) * MINUTE, ...facts });
const repaired = (minute: number, facts: Partial<Kline> = {}): Kline =>
  at(minute, { source: 'backfill', closed: true, revision: 1, coverage: 0, ...facts });

type Item = { readonly time: number; readonly close?: number };

/** What a chart does that is told these edits; it throws where lightweight-charts throws, or does harm. */
const aChart = () => {
  let items: readonly Item[] = [];
  return {
    items: () => items,
    apply: (edit: ChartEdit): void => {
      if (edit.type === 'reset') {
        edit.bars.forEach(({ time }, i) => {
          if (time <= (edit.bars[i - 1]?.time ?? -Infinity)) throw new Error('data must be in order');
        });
        items = [...edit.bars];
        return;
      }
      const { bar } = edit;
      const last = items.at(-1)?.time ?? -Infinity;
      if (edit.type === 'update') {
        if (bar.time < last) throw new Error('cannot update oldest data');
        items = [...items.filter(({ time }) => time !== bar.time), bar];
        return;
      }
      if (items.find(({ time }) => time === bar.time)?.close === undefined) throw new Error('a neighbour is lost');
      items = items.map((item) => (item.time === bar.time ? bar : item));
    },
  };
};
const short = ({ time, close }: Item): string => `${time / 60}${close === undefined ? ' ' : `:${close}`}`;
/** An edit in short: times in minutes, with the close of what is a bar. */
const word = (edit: ChartEdit): string =>
  edit.type === 'reset' ? `reset ${edit.bars.map(short).join(',')}` : `${edit.type} ${short(edit.bar)}`;
const wordsOf = (bars: readonly Kline<string>[], options = {}): readonly string[] => {
  let words: readonly string[] = [];
  from(bars)
    .pipe(chartEdits(options), map(word), toArray())
    .subscribe((all) => (words = all));
  return words;
};

describe('chartEdits', () => {
  const values = {
    a: at(1),
    b: at(2),
    B: at(2, { close: 101, closed: true }),
    h: at(5, { coverage: 0.5 }),
    C: at(1, { close: 102, closed: true, revision: 1 }),
    R: repaired(3, { close: 103 }),
    S: repaired(4, { close: 104 }),
  };
  const names = {
    a: 'update 1:100',
    b: 'update 2:100',
    B: 'update 2:101',
    x: 'update 3 ',
    y: 'update 4 ',
    h: 'update 5:100',
    C: 'correct 1:102',
    r: 'reset 1:102,2:101,3:103,4 ,5:100',
    s: 'reset 1:102,2:101,3:103,4:104,5:100',
  };

  it(
    'updates the last bar, corrects an earlier one, shows a hole, and resets where a bar fills it',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-b-B-h----C-R-S-|', values);
      const expected = '  -a-b-B-(xyh)C-r-s-|';
      const subs = '      ^-----------------!';
      expectObservable(source.pipe(chartEdits(), map(word))).toBe(expected, names);
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'emits nothing of nothing, passes an error on, and leaves when it is left',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      expectObservable(cold('--|', values).pipe(chartEdits())).toBe('--|');
      const source = cold('-a-b-#', values);
      const edits$ = source.pipe(chartEdits(), map(word));
      expectObservable(edits$).toBe('-a-b-#', names);
      expectObservable(edits$, '^-!').toBe('-a-', names);
      expectSubscriptions(source.subscriptions).toBe(['^----!', '^-!']);
    }),
  );

  it(
    'resets once at once and once at the end of the turn, however many bars come in it',
    marbles(({ cold, expectObservable }) => {
      const five = { ...values, Q: repaired(1), T: repaired(2), U: at(6) };
      const edits$ = cold('h-(QTRSU)-|', five).pipe(chartEdits(), map(word));
      const [one, all] = ['reset 1:100,5:100', 'reset 1:100,2:100,3:103,4:104,5:100,6:100'];
      expectObservable(edits$).toBe('h-(ra)----|', { h: names.h, r: one, a: all });
    }),
  );

  it('says what waits for the end of the turn before it completes or fails, and nothing after it is left', () => {
    const end = (leave: (bars$: Subject<Kline>) => void): readonly string[] => {
      const bars$ = new Subject<Kline>();
      const words: string[] = [];
      bars$.pipe(chartEdits(), map(word)).subscribe({ next: (said) => words.push(said), error: () => words.push('#') });
      [at(5), repaired(1), repaired(2)].forEach((bar) => bars$.next(bar));
      leave(bars$);
      return words;
    };
    const said = ['update 5:100', 'reset 1:100,5:100'];
    expect(end((bars$) => bars$.complete())).toEqual([...said, 'reset 1:100,2:100,5:100']);
    expect(end((bars$) => bars$.error(new Error()))).toEqual([...said, 'reset 1:100,2:100,5:100', '#']);
    expect(end(() => undefined)).toEqual(said);
  });

  it('shows no hole before a bar that was seen wholly, nor before a repaired one', () => {
    expect(wordsOf([at(1), at(4)])).toEqual(['update 1:100', 'update 4:100']);
    expect(wordsOf([repaired(1), repaired(4)])).toEqual(['update 1:100', 'update 4:100']);
  });

  it('shows a hole in the hours of the market only', () => {
    const bar = (time: string, facts: Partial<Kline> = {}): Kline => {
      const openTime = Date.parse(`2026-03-05T${time}+08:00`);
      return aKline({ symbol: '600000.SH', openTime, closeTime: openTime + MINUTE, ...facts });
    };
    const bars = [bar('11:28'), bar('13:01', { coverage: 0.5 })];
    expect(wordsOf(bars)).toHaveLength(4);
    expect(wordsOf(bars, { calendar: calendars.always })).toHaveLength(94);
  });

  it('shows no hole as long as the chart', () => {
    expect(wordsOf([at(1), at(9, { coverage: 0.5 })], { maxBars: 7 })).toEqual(['update 1:100', 'update 9:100']);
    expect(wordsOf([at(1), at(9, { coverage: 0.5 })], { maxBars: 8 })).toHaveLength(9);
  });

  it('forgets the oldest bars', () => {
    const bars = [at(1), at(2), at(4), repaired(1), repaired(3)];
    expect(wordsOf(bars, { maxBars: 2 }).slice(3)).toEqual(['reset 3:100,4:100']);
  });

  it('keeps symbols and intervals apart, and takes two spellings for one', () => {
    const bars = [
      at(5, { symbol: '700.HK' }),
      at(1, { symbol: 'MSFT.US' }),
      at(5, { symbol: '00700.HK' }),
      at(1, { symbol: '700.HK', interval: '5m', closeTime: 6 * MINUTE }),
    ];
    const edits: ChartEdit[] = [];
    from(bars)
      .pipe(chartEdits())
      .subscribe((edit) => edits.push(edit));
    expect(edits.map((edit) => [edit.type, edit.symbol, edit.interval])).toEqual([
      ['update', '700.HK', '1m'],
      ['update', 'MSFT.US', '1m'],
      ['update', '700.HK', '1m'],
      ['update', '700.HK', '5m'],
    ]);
  });

  it('refuses options that make no sense', () => {
    expect(() => chartEdits({ maxBars: 0 })).toThrow(/maxBars/);
    expect(() => chartEdits({ calendar: { ...calendars.hk, zone: 'no/zone' } })).toThrow();
  });

  it('gives a chart that never throws, and that has all bars, with space only where there is none', () => {
    const said = fc.record({
      minute: fc.integer({ min: 0, max: 40 }),
      close: fc.integer({ min: 1, max: 999 }),
      coverage: fc.constantFrom(1, 1, 0.5),
      isRepaired: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(said, { maxLength: 60 }), fc.constantFrom(5_000, 6), (bars, maxBars) => {
        const chart = aChart();
        const truth = new Map<number, number>();
        const klines$ = new Subject<Kline>();
        klines$.pipe(chartEdits({ maxBars })).subscribe(chart.apply);
        for (const { minute, close, coverage, isRepaired } of bars) {
          truth.set(minute * 60, close);
          klines$.next((isRepaired ? repaired : at)(minute, { close, coverage }));
          // Each state of the chart is of what was said so far.
          for (const { time, close: drawn } of chart.items()) {
            if (drawn !== undefined) expect(truth.has(time)).toBe(true);
          }
        }
        klines$.complete();
        const items = chart.items();
        if (maxBars === 6) return;
        const drawn = items.flatMap(({ time, close }) => (close === undefined ? [] : [[time, close]]));
        expect(drawn).toEqual([...truth].sort(([one], [other]) => one - other));
        expect(new Set(items.map(({ time }) => time)).size).toBe(items.length);
      }),
      { numRuns: 500 },
    );
  });
});
