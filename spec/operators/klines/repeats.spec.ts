import fc from 'fast-check';
import { from } from 'rxjs';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Kline, Trade } from '../../../lib/model/marketEvent.js';
import { aTrade } from '../../../lib/testing/builders.js';
import { connected } from '../../share/linkEvents.js';
import { toKlines } from '../../../lib/operators/klines/toKlines.js';
import type { CountedInterval } from '../../../lib/operators/klines/boundary.js';
import { barsOf } from './aTape.js';

const open = Date.parse('2026-03-02T09:30-05:00');
const symbols = ['AAPL.US', 'MSFT.US', 'NVDA.US'] as const;

const step = fc.record({
  symbol: fc.constantFrom(...symbols),
  /** Vendors that stamp in seconds send several trades of one time. */
  wait: fc.constantFrom(0, 0, 1, 400, 1_000, 9_000),
  cents: fc.integer({ min: 9_990, max: 10_010 }),
  size: fc.constantFrom(0.1, 0.2, 1, 2),
  aggressor: fc.constantFrom('buyer', 'seller', undefined),
  /** How many trades back the one lies that is sent again after this one, if there is one. */
  again: fc.option(fc.integer({ min: 0, max: 60 }), { freq: 8, nil: undefined }),
});

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const keyOf = ({ symbol, time, price, size, aggressor }: Trade): string =>
  [symbol, time, price, size, aggressor].join(' ');

interface Tape {
  readonly heard: readonly Trade[];
  /** Those that are no repeats. */
  readonly made: readonly Trade[];
}

/** Trades that are all different, and some of them sent again. */
const aTape = fc.array(step, { minLength: 1, maxLength: 400 }).map((steps): Tape => tapeOf(steps, false));

/** Trades of which many are equal but for their ids, and some of them sent again. */
const aNumberedTape = fc.array(step, { minLength: 1, maxLength: 400 }).map((steps): Tape => tapeOf(steps, true));

const tapeOf = (steps: readonly Step[], isNumbered: boolean): Tape => {
  let time = open;
  const heard: Trade[] = [];
  const made: Trade[] = [];
  const known = new Set<string>();
  for (const { symbol, wait, cents, size, aggressor, again } of steps) {
    time += wait;
    const trade = aTrade({ symbol, time, receivedAt: time + 20, price: cents / 100, size, aggressor });
    if (!isNumbered && known.has(keyOf(trade))) continue;
    known.add(keyOf(trade));
    // One number for all symbols: that of a symbol grows, and not by one.
    const numbered = isNumbered ? { ...trade, id: made.length + 1 } : trade;
    made.push(numbered);
    heard.push(numbered);
    const repeated = again === undefined ? undefined : made[made.length - 1 - again];
    if (repeated) heard.push({ ...repeated, receivedAt: time + 30 });
  }
  return { heard, made };
};

/** What a minute comes to, by the plainest of means. */
const plain = (trades: readonly Trade[]) => {
  const prices = trades.map(({ price }) => price);
  return {
    open: prices[0],
    high: Math.max(...prices),
    low: Math.min(...prices),
    close: prices.at(-1),
    volume: trades.reduce((sum, { size = 0 }) => sum + Math.round(size * 10), 0) / 10,
    trades: trades.length,
  };
};

const shown = ({ open, high, low, close, volume, trades }: Kline) => ({ open, high, low, close, volume, trades });

const minuteOf = (time: number): number => time - (time % 60_000);

const live: FeedEvent = { ...connected, receivedAt: open - 1 };

describe('Trades without a cumulative volume', () => {
  it.each([{ forming: false }, { forming: 'each' }, { forming: 1 }] as const)(
    'count once, however often and late they are sent again: %j',
    ({ forming }) => {
      fc.assert(
        fc.property(fc.oneof(aTape, aNumberedTape), ({ heard, made }) => {
          const end = symbols.map((symbol) =>
            aTrade({ symbol, time: open + 86_400_000, receivedAt: open + 86_400_000 }),
          );
          const bars = barsOf([live, ...heard, ...end], '1m', { forming }).filter(({ closed }) => closed);
          const minutes = new Map<string, Trade[]>();
          for (const trade of made) {
            const key = `${trade.symbol} ${minuteOf(trade.time)}`;
            minutes.set(key, [...(minutes.get(key) ?? []), trade]);
          }
          const found = bars.map((bar) => [`${bar.symbol} ${bar.openTime}`, shown(bar)] as const);
          expect(new Map(found)).toEqual(new Map([...minutes].map(([key, trades]) => [key, plain(trades)])));
        }),
        { numRuns: 100 },
      );
    },
  );
});

describe('a trade of which only the volume of the day is known', () => {
  const at = (seconds: number, volume: number, price = 100): Trade =>
    aTrade({ symbol: 'AAPL.US', time: open + seconds * 1_000, receivedAt: open, price, size: undefined, volume });
  const [first, second, third] = [at(1, 100), at(2, 105), at(3, 110)];

  it.each([
    ['at once', [first, second, second, third]],
    ['after a later one', [first, second, third, second]],
    ['twice', [first, second, first, third, second]],
  ])('counts once when it is sent again %s', (_, trades) => {
    expect(barsOf(trades, '1m').at(-1)).toMatchObject({ volume: 10, missedVolume: 0, trades: 3 });
    const bars: Kline<CountedInterval>[] = [];
    from(trades)
      .pipe(toKlines({ ticks: 3 }, { forming: false }))
      .subscribe((bar) => bars.push(bar));
    expect(bars).toMatchObject([{ volume: 10, missedVolume: 0, trades: 3 }]);
  });

  it('is another one where the volume has grown in the same millisecond', () => {
    const grown = { ...second, volume: 106 };
    expect(barsOf([first, second, grown, third], '1m').at(-1)).toMatchObject({ volume: 10, trades: 4 });
  });
});

describe('a trade with an id', () => {
  const of = (id: number, more: Partial<Trade> = {}): Trade =>
    aTrade({ symbol: 'AAPL.US', time: open + 1_000, receivedAt: open + 1_005, id, size: 2, ...more });
  const far = 2 ** 53 - 1;

  it.each<[string, readonly Trade[], number]>([
    ['equal ones of other ids', [of(1), of(2), of(3)], 3],
    ['the same id at once', [of(1), of(1), of(2)], 2],
    ['the same id after later ones', [of(1), of(2), of(3), of(1), of(2)], 3],
    ['an id that comes late', [of(1), of(4), of(2), of(2), of(3)], 4],
    ['ids that are far apart', [of(far - 1), of(7), of(far), of(far - 1), of(7)], 3],
    ['the same id by the time of receipt', [of(1, { time: open + 5 }), of(1, { time: open + 9 })], 1],
    ['the same id with a figure', [of(1, { volume: 10 }), of(1, { volume: 10 }), of(2, { volume: 12 })], 2],
    ['other ids with one figure', [of(1, { volume: 10 }), of(2, { volume: 10 })], 2],
    ['the same id with a figure and no size', [1, 2, 1].map((id) => of(id, { size: undefined, volume: 10 * id })), 2],
    ['no id beside it', [of(1), aTrade({ ...of(1), id: undefined }), of(2)], 2],
    ['another symbol of the same id', [of(1), of(1, { symbol: 'MSFT.US' })], 1],
  ])('counts by it alone: %s', (_, trades, count) => {
    const bars = barsOf([live, ...trades], '1m').filter(({ symbol }) => symbol === 'AAPL.US');
    expect(bars.at(-1)?.trades).toBe(count);
    const counted: Kline<CountedInterval>[] = [];
    from(trades)
      .pipe(toKlines({ ticks: 100 }, { forming: 'each' }))
      .subscribe((bar) => counted.push(bar));
    expect(counted.filter(({ symbol }) => symbol === 'AAPL.US').at(-1)?.trades).toBe(count);
  });

  it('is told from those of other feeds', () => {
    const trades = [of(1, { feed: 'one' }), of(1, { feed: 'two' }), of(1, { feed: 'one' })];
    const bars = barsOf([live, ...trades], '1m');
    expect(bars.map(({ feed, trades: count }) => `${feed} ${count}`)).toEqual(['one 1', 'two 1']);
  });
});
