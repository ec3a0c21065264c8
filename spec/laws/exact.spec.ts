import { Subject } from 'rxjs';
import { resampleKlines, toKlines, type FeedEvent, type Kline, type KlineOptions } from '../../lib/index.js';
import { connectedAt, disconnectedAt, inChina, quoteAt, tradeAt } from './events.js';
import { barsOf, heard, lastWords, MINUTE, SECOND, sumOf, unitsOf } from './stage.js';

const btc = 'BTCUSDT.BA';
const sh = '600000.SH';
const start = inChina('2026-01-15 10:00');
const s = (seconds: number): number => start + seconds * SECOND;
const minutes = (events: readonly FeedEvent[], options: KlineOptions = {}) =>
  barsOf(events, toKlines('1m', { forming: 'each', ...options }));
const totals = (bars: readonly Kline[]) => [
  sumOf(bars.map(({ volume }) => volume)),
  sumOf(bars.map(({ missedVolume }) => missedVolume)),
];

describe('what is too small to prove now', () => {
  const figures = [30_000, 30_000.00001, 30_000.00002];

  it('is carried, never lost: figures of quotes', () => {
    const bars = minutes(figures.map((volume, i) => quoteAt(btc, s(i), 10, { volume })));
    expect(bars).toMatchObject([{ volume: 0.00002, missedVolume: 0 }]);
  });

  it('is carried, never lost: figures of trades, and bars by volume', () => {
    const traded = figures.map((volume, i) => tradeAt(btc, s(i), 10, { volume }));
    expect(minutes(traded)).toMatchObject([{ volume: 0.00002, missedVolume: 0 }]);
    const counted = barsOf(traded, toKlines({ volume: 100 }, { forming: 'each' }));
    expect(counted).toMatchObject([{ volume: 0.00002 }]);
  });

  it('is carried over a minute, and over many', () => {
    const many = Array.from({ length: 200 }, (_, i) => quoteAt(btc, s(i), 10, { volume: 30_000 + i / 1e5 }));
    const bars = minutes(many.map((event) => ({ ...event, volume: Number(event.volume?.toFixed(5)) })));
    expect(totals(bars)).toEqual([unitsOf(0.00199), 0n]);
  });

  it('is carried in turnover', () => {
    const bars = minutes(
      [0, 1, 2].map((i) => quoteAt(btc, s(i), 10, { volume: 5 + i, turnover: Number((5e10 + i / 100).toFixed(2)) })),
    );
    expect(bars[0]?.turnover).toBeCloseTo(0.02, 6);
  });
});

describe('a lost trade', () => {
  it.each([
    [5e10, 40],
    [9e12, 1],
    [1, 0.00001],
    [30_000, 0.00001],
  ])('in %d is missed by its size, %d', (before, size) => {
    const fixed = (volume: number) => Number(volume.toFixed(5));
    const events = [
      tradeAt(btc, s(0), 10, { size: 1, volume: before }),
      tradeAt(btc, s(2), 10, { size: 1, volume: fixed(before + size + 1) }),
    ];
    expect(minutes(events)).toMatchObject([{ volume: 2, missedVolume: size }]);
    expect(barsOf(events, toKlines({ ticks: 2 }))).toMatchObject([{ volume: 2, missedVolume: size }]);
  });

  it('is missed by its size where quotes tell the figures', () => {
    const events = [
      quoteAt(btc, s(0), 10, { volume: 5e10 }),
      tradeAt(btc, s(1), 10, { size: 1 }),
      quoteAt(btc, s(3), 10, { volume: 5e10 + 41 }),
    ];
    expect(totals(minutes(events))).toEqual([unitsOf(1), unitsOf(40)]);
  });
});

describe('a fractional late trade just before the first one seen', () => {
  it.each([0.1, 0.00001, 0.3])('is no repeat: %d', (size) => {
    const fixed = (volume: number) => Number(volume.toFixed(5));
    const events = [
      { ...tradeAt(btc, s(2), 10, { size, volume: fixed(100 + 2 * size) }), receivedAt: s(2) },
      { ...tradeAt(btc, s(1), 11, { size, volume: fixed(100 + size) }), receivedAt: s(3) },
    ];
    const [bar] = minutes(events);
    expect(bar).toMatchObject({ trades: 2, high: 11, missedVolume: 0 });
    expect(unitsOf(bar!.volume)).toBe(unitsOf(2 * size));
  });
});

describe('a sum of decimals', () => {
  it('is exact: a million times 0.1 is 100,000', () => {
    const bars: Kline[] = [];
    const feed$ = new Subject<FeedEvent>();
    const subscription = feed$.pipe(toKlines('1d', { forming: false })).subscribe((bar) => bars.push(bar));
    for (let i = 0; i < 1_000_000; i++) feed$.next(tradeAt(btc, s(0) + i, 10, { size: 0.1 }));
    feed$.next(tradeAt(btc, s(0) + 2 * 86_400_000, 10, { size: 0.1 }));
    subscription.unsubscribe();
    expect(bars[0]).toMatchObject({ volume: 100_000, missedVolume: 0 });
  });

  it('carries no float noise, as sent', () => {
    const sizes = [0.1, 0.2, 0.3, 0.00000001, 1.1, 2.2];
    const events = sizes.map((size, i) => tradeAt(btc, s(i), 10, { size }));
    expect(minutes(events)).toMatchObject([{ volume: 3.90000001 }]);
    const quoted = [0.1, 0.4, 1.5].map((volume, i) => quoteAt(btc, s(i), 10, { volume, turnover: volume * 10 }));
    expect(minutes(quoted)).toMatchObject([{ volume: 1.4, turnover: 14 }]);
    const figures = [0.1, 0.4, 1.5].map((volume, i) => tradeAt(btc, s(i), 10, { volume }));
    expect(minutes(figures)).toMatchObject([{ volume: 1.4 }]);
  });

  it('carries no float noise into larger bars, nor into what is missed', () => {
    const events = [0.1, 0.2, 0.3, 0.4, 0.7].map((size, i) => tradeAt(btc, s(i * 60), 10, { size }));
    const { values } = heard(events, (feed$) => feed$.pipe(toKlines('1m'), resampleKlines('5m')));
    expect(lastWords(values)).toMatchObject([{ volume: 1.7 }]);
    const lost = [
      tradeAt(btc, s(0), 10, { size: 0.1, volume: 0.1 }),
      tradeAt(btc, s(1), 10, { size: 0.2, volume: 0.6 }),
    ];
    expect(minutes(lost)).toMatchObject([{ volume: 0.3, missedVolume: 0.3 }]);
    const hole = [
      connectedAt(s(0)),
      quoteAt(btc, s(0), 10, { volume: 0.1 }),
      disconnectedAt(s(1)),
      connectedAt(s(2), { from: s(1) }),
      quoteAt(btc, s(3), 10, { volume: 0.4 }),
    ];
    expect(minutes(hole)).toMatchObject([{ volume: 0, missedVolume: 0.3 }]);
  });
});

describe('a figure and the trade it counts', () => {
  const pairs = (order: 'quote first' | 'trade first', symbol: string, lost: readonly number[] = []) =>
    Array.from({ length: 10 }, (_, i): readonly FeedEvent[] => {
      const at = s(i * 3);
      const quote = quoteAt(symbol, at, 10 + i, { volume: 10 * (i + 1) });
      const trade = tradeAt(symbol, at, 10 + i, { size: 10 });
      if (lost.includes(i)) return [quote];
      return order === 'quote first'
        ? [quote, { ...trade, receivedAt: at + 5 }]
        : [trade, { ...quote, receivedAt: at + 5 }];
    }).flat();

  it.each(['quote first', 'trade first'] as const)('are one volume: %s', (order) => {
    for (const symbol of [btc, sh]) {
      expect(minutes(pairs(order, symbol))).toMatchObject([{ volume: 100, missedVolume: 0, source: 'trades' }]);
      expect(barsOf(pairs(order, symbol), toKlines('5m'))).toMatchObject([{ volume: 100, missedVolume: 0 }]);
    }
  });

  it.each(['quote first', 'trade first'] as const)('are one volume with loss: %s', (order) => {
    const bars = minutes(pairs(order, btc, [3, 4, 7]));
    expect(bars).toMatchObject([{ volume: 70, missedVolume: 30 }]);
  });

  it.each(['quote first', 'trade first'] as const)('are one volume across minutes: %s', (order) => {
    const spread = pairs(order, btc).map((event) =>
      event.kind === 'trade' || event.kind === 'quote'
        ? { ...event, time: start + (event.time - start) * 10, receivedAt: start + (event.receivedAt - start) * 10 }
        : event,
    );
    expect(totals(minutes(spread))).toEqual([unitsOf(100), 0n]);
    const { values } = heard(spread, (feed$) => feed$.pipe(toKlines('1m'), resampleKlines('5m')), { wait: 5 * MINUTE });
    expect(totals(lastWords(values))).toEqual([unitsOf(100), 0n]);
  });
});
