import fc from 'fast-check';
import { Observable, type OperatorFunction } from 'rxjs';
import {
  canonicalSymbol,
  isMarketEvent,
  toKlines,
  type FeedEvent,
  type Interval,
  type Kline,
} from '../../lib/index.js';
import { liveBars } from '../../lib/operators/backfill/liveBars.js';
import { nonePutOff, putOff, type PutOff } from '../../lib/operators/klines/putOff.js';
import { connectedAt, disconnectedAt, klineAt, quoteAt, subscribedAt, tradeAt } from './events.js';
import { ran, SECOND, MINUTE, type Span } from './stage.js';
import { aTape } from './tape.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 100);
const HORIZON = 16;

interface Word {
  readonly at: number;
  readonly event: FeedEvent;
}

/** How many events were put off; a law that puts off none proves nothing. */
let spared = 0;

const sparing = (interval: Interval): OperatorFunction<FeedEvent, Kline> => {
  const symbols = new Map<string, PutOff>();
  const symbolOf = (feed: string | undefined, symbol: string): PutOff => {
    const key = `${feed} ${canonicalSymbol(symbol)}`;
    const found = symbols.get(key) ?? nonePutOff();
    symbols.set(key, found);
    return found;
  };
  return (feed$) =>
    new Observable((subscriber) => {
      const bars = liveBars(interval, undefined, (kline) => subscriber.next(kline));
      subscriber.add(bars.stop);
      feed$.subscribe((event) => {
        if (!isMarketEvent(event)) return bars.hear(event);
        if (event.kind === 'depth' || event.kind === 'bbo') return;
        const symbol = symbolOf(event.feed, event.symbol);
        if (event.kind !== 'kline' && putOff(symbol, event)) spared += 1;
        else bars.accept(symbol, event);
      });
    });
};

const barsOf = (words: readonly Word[], span: Span, operator: OperatorFunction<FeedEvent, Kline>): readonly Kline[] => {
  const { values, error } = ran(
    (at) =>
      new Observable<FeedEvent>((subscriber) =>
        words.forEach((word) => at(word.at, () => subscriber.next(word.event))),
      ).pipe(operator),
    span,
  );
  expect(error).toBeUndefined();
  return values;
};

/** What a repair looks at, each time that it changes. */
const told = (bars: readonly Kline[]): readonly string[] => {
  const last = new Map<string, string>();
  return bars.flatMap((bar) => {
    const key = `${bar.feed} ${canonicalSymbol(bar.symbol)} ${bar.openTime}`;
    const { open, high, low, close, volume, missedVolume, coverage, source, closeTime } = bar;
    const figures = [volume, missedVolume].map((figure) => Number(figure.toPrecision(10)));
    const text = [key, open, high, low, close, ...figures, coverage, source, closeTime].join(' ');
    if (last.get(key) === text) return [];
    last.set(key, text);
    return [text];
  });
};

const expectSame = (words: readonly Word[], span: Span, interval: Interval): void => {
  const plain = toKlines(interval, { forming: false, horizon: HORIZON, idleAfter: Infinity });
  expect(told(barsOf(words, span, sparing(interval)))).toEqual(told(barsOf(words, span, plain)));
};

const start = Date.parse('2026-01-14T15:00Z');

/** A busy market: many events in a bar, and now and then one that is anything. */
const step = fc.record({
  symbol: fc.nat({ max: 1 }),
  what: fc.oneof(
    { weight: 30, arbitrary: fc.constant('usual' as const) },
    {
      weight: 5,
      arbitrary: fc.constantFrom(
        ...([
          'idle',
          'late',
          'sized',
          'size',
          'other',
          'pre',
          'stray',
          'own',
          'less',
          'wide',
          'free',
          'zero',
          'bar',
        ] as const),
      ),
    },
    { weight: 2, arbitrary: fc.constantFrom(...(['lost', 'back', 'served', 'slow'] as const)) },
  ),
  wait: fc.oneof(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 9 * SECOND })),
  price: fc.integer({ min: -9, max: 9 }),
  size: fc.integer({ min: 1, max: 60 }),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const market = fc.record({
  made: fc.constantFrom('trades', 'quotes', 'both', 'bars'),
  fraction: fc.constantFrom(1, 10),
  behind: fc.constantFrom(0, 0, 300, 4 * SECOND, 16 * MINUTE),
  steps: fc.array(step, { minLength: 20, maxLength: 160 }),
});

const wordsOf = ({
  made,
  fraction,
  behind,
  steps,
}: typeof market extends fc.Arbitrary<infer M> ? M : never): Word[] => {
  const days = ['AAPL.US', 'BTCUSDT.BA'].map((symbol) => ({ symbol, last: 100, high: 100, low: 100, units: 5_000 }));
  let at = start;
  const words: Word[] = [{ at, event: connectedAt(at) }];
  steps.forEach(({ symbol: index, what, wait, price, size }: Step, i) => {
    at += wait;
    const day = days[index]!;
    const { symbol } = day;
    const say = (event: FeedEvent): void => void words.push({ at, event });
    if (what === 'lost') return say(disconnectedAt(at));
    if (what === 'back') return say(connectedAt(at, { from: at - 3 * SECOND }));
    if (what === 'served') return say(subscribedAt(at, [{ channel: 'trade', symbol }]));
    if (what === 'slow') return void (at += 50 * SECOND);
    if (what !== 'idle') day.last = Math.max(1, day.last + price);
    if (what !== 'idle' && what !== 'less') day.units += size;
    if (what === 'less') day.units -= size;
    if (what !== 'wide') {
      day.high = Math.max(day.high, day.last);
      day.low = Math.min(day.low, day.last);
    }
    const last = what === 'zero' ? 0 : day.last / 4;
    const volume = what === 'free' ? undefined : day.units / fraction;
    const time = what === 'late' ? at - behind - 40 * SECOND : what === 'stray' ? at + 7_200_000 : at - behind;
    const more = {
      receivedAt: at,
      volume,
      ...(what === 'own' && { time: at, vendorTime: 0 }),
    };
    if (what === 'bar' || (made === 'bars' && i % 4 > 0)) {
      const openTime = Math.floor((at - behind) / MINUTE) * MINUTE;
      const prices = { open: last, high: last, low: last, close: last };
      return say(klineAt(symbol, openTime, { ...prices, receivedAt: at, volume: size, closed: what === 'idle' }));
    }
    const isTrade = made === 'trades' || (made === 'both' && i % 3 > 0);
    if (isTrade !== (what === 'other'))
      return say(
        tradeAt(symbol, time, last, {
          ...more,
          ...((what === 'sized' || what === 'size') && { size: size / fraction }),
          ...(what === 'size' && { volume: undefined }),
          ...(what === 'pre' && { tradingPhase: 'pre_market' as const }),
        }),
      );
    say(
      quoteAt(symbol, time, last, {
        ...more,
        open: 25,
        high: day.high / 4,
        low: day.low / 4,
        turnover: day.units,
        ...(what === 'pre' && { status: 'pre_market' as const }),
      }),
    );
  });
  return words;
};

describe('bars that repairs look at', () => {
  it.each(['1m', '5m', '1d'] as const)('are those of toKlines, though most events are put off: %s', (interval) => {
    spared = 0;
    let all = 0;
    fc.assert(
      fc.property(market, (genes) => {
        const words = wordsOf(genes);
        all += words.length;
        expectSame(words, { from: start, until: (words.at(-1)?.at ?? start) + 3 * MINUTE }, interval);
      }),
      { numRuns },
    );
    expect(spared).toBeGreaterThan(all / 5);
  });

  it('have a new low of the day that came after a quote without a trade, with the last price as it was', () => {
    const symbol = 'AAPL.US';
    const quoted = (at: number, volume: number, low: number): Word => ({
      at,
      event: quoteAt(symbol, at, 25, { receivedAt: at, volume, open: 25, high: 25, low }),
    });
    const words = [
      { at: start, event: connectedAt(start) },
      quoted(start + SECOND, 5_001, 25),
      quoted(start + 2 * SECOND, 5_001, 25),
      quoted(start + 3 * SECOND, 5_003, 24.75),
    ];
    expectSame(words, { from: start, until: start + 3 * MINUTE }, '1m');
  });

  it('are those of toKlines, of any tape', () => {
    fc.assert(
      fc.property(aTape, ({ said, from, until }) => expectSame(said, { from, until }, '1m')),
      { numRuns },
    );
  });
});
