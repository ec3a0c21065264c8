import fc from 'fast-check';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Kline, Quote } from '../../../lib/model/marketEvent.js';
import { mergeQuotes } from '../../../lib/operators/throttling/mergeQuotes.js';
import { aQuote, aTrade } from '../../../lib/testing/builders.js';
import { connected, disconnected } from '../../share/linkEvents.js';
import { barsOf, lastWords, MINUTE, symbol } from './aTape.js';

const quote = (time: number, last: number, more: Partial<Quote> = {}): Quote =>
  aQuote({ symbol, time, receivedAt: time, last, ...more });
const trade = (time: number, price: number, size: number) =>
  aTrade({ symbol, time, receivedAt: time, price, size, volume: undefined });

const minutesOf = (...events: readonly FeedEvent[]): readonly Kline[] => lastWords(barsOf(events, '1m'));
const volumes = (bars: readonly Kline[]) => bars.map(({ volume, missedVolume }) => [volume, missedVolume]);

describe('bars of quotes', () => {
  it('count what the cumulative figures grew by', () => {
    const [first, second] = minutesOf(
      quote(1_000, 10, { volume: 500, turnover: 5_000 }),
      quote(2_000, 12, { volume: 520, turnover: 5_240 }),
      quote(59_000, 11, { volume: 530, turnover: 5_350 }),
      quote(61_000, 13, { volume: 531, turnover: 5_363 }),
    );
    const prices = { open: 10, high: 12, low: 10, close: 11, source: 'quotes', trades: undefined };
    expect(first).toMatchObject({ ...prices, volume: 30, turnover: 350, missedVolume: 0, closed: true });
    expect(second).toMatchObject({ openTime: MINUTE, open: 13, volume: 1, turnover: 13, closed: false });
  });

  it('work without figures, as those of an index', () => {
    expect(minutesOf(quote(0, 10), quote(1, 12))).toMatchObject([{ open: 10, close: 12, volume: 0 }]);
  });

  it('close at the last of those of one time', () => {
    expect(minutesOf(quote(1, 10), quote(1, 12))).toMatchObject([{ open: 10, close: 12 }]);
  });

  it('are not made of quotes that show no trade, nor of those that were overtaken', () => {
    const events = [
      quote(1_000, 10, { volume: 500 }),
      quote(61_000, 10, { volume: 500 }),
      quote(2_000, 99, { volume: 490 }),
    ];
    expect(minutesOf(...events)).toMatchObject([{ openTime: 0, high: 10, volume: 0 }]);
  });

  it('reach a new extreme of the day only where it is proven to lie in the bar', () => {
    const bars = minutesOf(
      quote(1_000, 10, { high: 11, low: 9, open: 8 }),
      quote(2_000, 10, { high: 15, low: 7, open: 8 }),
      quote(61_000, 10, { high: 17, low: 6, open: 8 }),
      quote(62_000, 10, { high: 17, low: 6, open: 5 }),
    );
    expect(bars).toMatchObject([
      { high: 15, low: 7 },
      { high: 10, low: 5 },
    ]);
  });

  it('take an extreme of the day for one of the bar only where it is a new one, and known to be', () => {
    const day = { high: 20, low: 5, open: 8 };
    const same = minutesOf(quote(0, 10, { volume: 5, ...day }), quote(1, 11, { volume: 6, ...day }));
    expect(same).toMatchObject([{ high: 11, low: 10 }]);
    for (const volume of [5, 6, undefined]) {
      const { open, ...extremes } = day;
      const first = minutesOf(quote(0, 10, { volume: 5, open }), quote(1, 11, { volume, open, ...extremes }));
      expect(first).toMatchObject([{ high: 11, low: 10 }]);
    }
  });

  it('reach the extremes and the opening price that came to be known since a quote of that bar', () => {
    const before = { volume: 5, open: 10, high: 12, low: 9 };
    const bar = (...more: Partial<Quote>[]) =>
      minutesOf(quote(MINUTE, 10, before), ...more.map((figures, i) => quote(MINUTE + 1 + i, 11, figures)))[0];
    expect(bar({ volume: 6, high: 13, low: 8 })).toMatchObject({ high: 13, low: 8 });
    expect(bar({ ...before, volume: 6, open: 15 })).toMatchObject({ high: 15, low: 10 });
    expect(bar({ ...before, volume: 6, open: 7 })).toMatchObject({ high: 11, low: 7 });
    expect(bar({ volume: 6 })).toMatchObject({ high: 11, low: 10 });
  });

  it('are made of every quote of a symbol without figures, and of every new price', () => {
    expect(minutesOf(quote(0, 10), quote(MINUTE, 10))).toHaveLength(2);
    expect(minutesOf(quote(0, 10, { volume: 5 }), quote(MINUTE, 11, { volume: 5 }))).toHaveLength(2);
    expect(minutesOf(quote(0, 10, { volume: 5 }), quote(MINUTE, 10, { volume: 6 }))).toHaveLength(2);
  });

  it('have a turnover once there are figures to tell it', () => {
    const silent = [quote(1, 10, { volume: 5 }), quote(2, 10, { volume: 6 })];
    expect(minutesOf(...silent)[0]?.turnover).toBeUndefined();
    const first = quote(3, 10, { volume: 7, turnover: 70 });
    expect(minutesOf(...silent, first)).toMatchObject([{ volume: 2, turnover: 0 }]);
    expect(minutesOf(...silent, first, quote(4, 10, { volume: 8, turnover: 81 }))).toMatchObject([{ turnover: 11 }]);
    expect(minutesOf(quote(1, 10, { turnover: 50 }), quote(2, 11, { turnover: 90 }))[0]?.turnover).toBeUndefined();
  });

  it('take a turnover that falls by half or less for a correction too', () => {
    const turnover = (volume: number, turnover: number) =>
      minutesOf(quote(1, 10, { volume: 500, turnover: 5_000 }), quote(2, 10, { volume, turnover }))[0]?.turnover;
    expect(turnover(490, 4_900)).toBe(0);
    expect(turnover(250, 2_500)).toBe(0);
    expect(turnover(249, 2_490)).toBe(2_490);
  });

  it('begin a new day where the figures fall', () => {
    const bars = minutesOf(
      quote(1_000, 10, { volume: 500, turnover: 5_000, high: 30, low: 5 }),
      quote(2_000, 11, { volume: 20, turnover: 220, high: 12, low: 10 }),
    );
    expect(bars).toMatchObject([{ volume: 20, turnover: 220, missedVolume: 0, high: 12, low: 10 }]);
  });

  it('begin a new day also where it has no extremes yet', () => {
    const bars = minutesOf(quote(1_000, 10, { volume: 500, high: 30, low: 5 }), quote(2_000, 11, { volume: 20 }));
    expect(bars).toMatchObject([{ volume: 20, high: 11, low: 10 }]);
  });

  it('take a small fall for a correction', () => {
    const bars = minutesOf(quote(1, 10, { volume: 500 }), quote(2, 11, { volume: 490 }), quote(3, 11, { volume: 495 }));
    expect(volumes(bars)).toEqual([[5, 0]]);
  });

  it('miss what was traded while the link was lost', () => {
    const bars = minutesOf(
      quote(1_000, 10, { volume: 500, turnover: 1 }),
      { ...disconnected, receivedAt: 2_000 },
      { ...connected, receivedAt: 20_000, resumed: { from: 1_500, to: 20_000 } },
      quote(21_000, 12, { volume: 540, turnover: 2 }),
      quote(22_000, 12, { volume: 550, turnover: 9 }),
    );
    expect(bars).toMatchObject([{ volume: 10, missedVolume: 40, turnover: 7 }]);
  });
});

describe('quotes of a symbol that sends trades', () => {
  it('give no price, but prove what was missed, on the bar where it is proven', () => {
    const bars = minutesOf(
      quote(1_000, 99, { volume: 100 }),
      trade(2_000, 10, 5),
      quote(3_000, 50, { volume: 105 }),
      trade(61_000, 11, 5),
      quote(62_000, 50, { volume: 117 }),
    );
    expect(volumes(bars)).toEqual([
      [5, 0],
      [5, 7],
    ]);
    expect(bars[1]).toMatchObject({ high: 11, source: 'trades' });
  });

  it('say nothing where they prove nothing', () => {
    const quotes = [quote(1_000, 10, { volume: 100 }), quote(3_000, 10, { volume: 105 })];
    const words = barsOf([trade(500, 10, 1), quotes[0]!, trade(2_000, 10, 5), quotes[1]!], '1m');
    expect(words.map(({ volume }) => volume)).toEqual([1, 6]);
  });

  it('may be ahead of the trades they count', () => {
    const quotes = [
      quote(1_500, 10, { volume: 100 }),
      quote(3_000, 10, { volume: 105 }),
      quote(4_000, 10, { volume: 108 }),
    ];
    const bars = minutesOf(
      trade(1_000, 10, 1),
      ...quotes,
      trade(2_000, 10, 4),
      trade(2_500, 10, 1),
      trade(3_900, 10, 3),
    );
    expect(volumes(bars)).toEqual([[9, 0]]);
  });

  it('may be behind the trades that they will count', () => {
    const [a, b] = [quote(600, 10, { volume: 100 }), quote(1_000, 10, { volume: 100 })];
    const c = quote(2_000, 10, { volume: 101 });
    expect(volumes(minutesOf(trade(500, 10, 1), a, b, trade(900, 10, 1), c))).toEqual([[2, 0]]);
  });

  it('have counted, with their first figure, a late trade from before it', () => {
    const [a, b] = [quote(1_000, 10, { volume: 100 }), quote(2_000, 10, { volume: 110 })];
    expect(volumes(minutesOf(trade(500, 10, 1), a, trade(900, 10, 4), b))).toEqual([[5, 10]]);
  });

  it.each([
    ['count in another unit', { volume: 900, sizeUnit: 'lots' as const }, { volume: 950, sizeUnit: 'lots' as const }],
    ['do not count', {}, {}],
  ])('prove nothing where they %s', (_, figures, later) => {
    const bars = minutesOf(trade(0, 10, 1), quote(1, 10, figures), trade(2, 10, 1), quote(3, 10, later));
    expect(volumes(bars)).toEqual([[2, 0]]);
  });

  it('prove nothing where trades have cumulative volume of their own, nor before the first trade is over', () => {
    const own = aTrade({ symbol, time: 5, size: 1, volume: 10 });
    expect(volumes(minutesOf(own, quote(6, 10, { volume: 50 })))).toEqual([[1, 0]]);
    const next = { ...own, time: 6, volume: 11 };
    expect(volumes(minutesOf(own, next, quote(7, 10, { volume: 50 })))).toEqual([[2, 0]]);
  });
});

describe('trades without a size', () => {
  const tick = (time: number, price: number, volume?: number) =>
    aTrade({ symbol, time, receivedAt: time, price, size: undefined, volume });

  it('count what their cumulative volume grew by, the first being where counting begins', () => {
    const bars = minutesOf(tick(1, 10, 500), tick(2, 12, 510), tick(2, 12, 510), tick(1, 9, 505), tick(3, 11));
    expect(bars).toMatchObject([{ open: 10, high: 12, low: 9, close: 11, volume: 10, missedVolume: 0, trades: 4 }]);
  });

  it('miss what was traded while the link was lost', () => {
    const bars = minutesOf(
      tick(1, 10, 500),
      { ...disconnected, receivedAt: 2 },
      { ...connected, receivedAt: 3, resumed: { from: 1, to: 3 } },
      tick(4, 10, 530),
    );
    expect(volumes(bars)).toEqual([[0, 30]]);
  });
});

describe('trades with a size and cumulative volume', () => {
  const tick = (time: number, size: number, volume: number) =>
    aTrade({ symbol, time, receivedAt: time, price: 10, size, volume });

  it('begin to count where the first of them has a figure', () => {
    const bare = aTrade({ symbol, time: 0, receivedAt: 0, price: 10, size: 5, volume: undefined });
    expect(volumes(minutesOf(bare, tick(1, 5, 500), tick(2, 5, 515)))).toEqual([[15, 10]]);
  });

  it('begin a new day where the figures fall far, and take a small fall for a correction', () => {
    expect(volumes(minutesOf(tick(1, 5, 500), tick(2, 5, 5), tick(3, 5, 20)))).toEqual([[15, 10]]);
    expect(volumes(minutesOf(tick(1, 5, 500), tick(2, 5, 490), tick(3, 5, 495)))).toEqual([[15, 0]]);
  });

  it('of the day before are not taken for a jump', () => {
    expect(volumes(minutesOf(tick(1, 5, 500), tick(3, 5, 5), tick(2, 5, 505)))).toEqual([[10, 0]]);
  });

  it('are not counted twice where the figure did not move on, as long as a later one proves it', () => {
    expect(volumes(minutesOf(tick(1, 5, 500), tick(2, 5, 500), tick(3, 5, 510)))).toEqual([[15, 0]]);
  });

  it('take no rounding for a loss', () => {
    expect(volumes(minutesOf(tick(1, 0.1, 0.1), tick(2, 0.2, 0.30000000000000004), tick(3, 0.1, 0.4)))[0]![1]).toBe(0);
  });

  it('forget holes beyond a number, which stay missed', () => {
    const losses = Array.from({ length: 70 }, (_, i) => tick(i * 2 + 2, 1, 2 * i + 3));
    const bars = minutesOf(tick(0, 1, 1), ...losses, tick(1, 1, 2), tick(139, 1, 140));
    expect(volumes(bars)).toEqual([[72, 69]]);
  });
});

describe('figures of the last hours', () => {
  const step = fc.record({
    wait: fc.constantFrom(1, 400, 9_000, 61_000),
    last: fc.integer({ min: 90, max: 110 }),
    isTrade: fc.boolean(),
    // Whatever they are: also such as look like those of the day.
    rolling: fc.record({
      hours: fc.constant(24),
      open: fc.nat(200),
      high: fc.nat(200),
      low: fc.nat(200),
      volume: fc.nat(1_000),
      turnover: fc.nat(100_000),
    }),
  });

  it('make nothing of a bar, nor of what it missed, nor of quotes that are merged', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        let time = 1_000;
        const events = steps.map(({ wait, last, isTrade, rolling }) => {
          time += wait;
          return isTrade ? trade(time, last, 1) : quote(time, last, { rolling });
        });
        const without = events.map((event) => (event.kind === 'quote' ? { ...event, rolling: undefined } : event));
        expect(minutesOf(...events)).toEqual(minutesOf(...without));
        expect(minutesOf(...events).every(({ missedVolume }) => missedVolume === 0)).toBe(true);
        const [merged, plain] = [events, without].map((all) =>
          all
            .filter((event) => event.kind === 'quote')
            .reduce<Quote | undefined>((a, b) => (a ? mergeQuotes(a, b) : b), undefined),
        );
        expect({ ...merged, rolling: undefined }).toEqual({ ...plain, rolling: undefined });
        expect(merged?.rolling).toEqual(events.filter((event) => event.kind === 'quote').at(-1)?.rolling);
      }),
      { numRuns: 300 },
    );
  });
});
