import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Kline, Quote, Trade } from '../../../lib/model/marketEvent.js';
import type { Topic } from '../../../lib/model/topic.js';
import { boundaryOf } from '../../../lib/operators/klines/boundary.js';
import { klineBuilder } from '../../../lib/operators/klines/klineBuilder.js';
import { klineSettings, type KlineOptions } from '../../../lib/operators/klines/KlineOptions.js';
import { aKline, aQuote, aTrade } from '../../../lib/testing/builders.js';
import { connected, disconnected } from '../../share/linkEvents.js';
import { barsOf, MINUTE, SECOND, symbol as crypto } from './aTape.js';

const link = { ...connected, receivedAt: 0 };
const trade = (time: number, price: number, more: Partial<Trade> = {}): Trade =>
  aTrade({ symbol: crypto, time, receivedAt: time, price, ...more });
const print = (time: number, size: number): Trade => trade(time, 50, { size, volumeOnly: true });
const quote = (time: number, last: number, more: Partial<Quote> = {}): Quote =>
  aQuote({ symbol: crypto, time, receivedAt: time, last, ...more });

const wordOf = ({ openTime, close, volume, missedVolume, coverage, closed, revision }: Kline): string =>
  `${openTime / MINUTE}: ${close} v${volume} missed ${missedVolume} covered ${coverage}${closed ? ` r${revision}` : ''}`;

/** A builder whose link is live, and what it said since it was last asked. */
const aBuilder = (
  options: KlineOptions = {},
  onWord: (word: string, builder: { accept: (event: FeedEvent) => void }) => void = () => undefined,
) => {
  const words: string[] = [];
  const builder: ReturnType<typeof klineBuilder> = klineBuilder(
    boundaryOf('1m'),
    klineSettings({ forming: false, ...options }),
    0,
    {
      emit: (kline) => {
        words.push(wordOf(kline));
        onWord(wordOf(kline), builder);
      },
      closeAt: () => undefined,
      beat: () => undefined,
    },
  );
  builder.accept(link);
  return {
    ...builder,
    accept: (...events: readonly FeedEvent[]) => events.forEach(builder.accept),
    heard: () => words.splice(0),
  };
};

describe('the beat of forming bars', () => {
  const forming = { forming: SECOND };

  it('says a bar of nothing but volume without a price', () => {
    const { accept, beat, heard } = aBuilder(forming);
    accept(trade(0, 10), print(MINUTE, 5));
    heard();
    beat();
    expect(heard()).toEqual(['1: 10 v5 missed 0 covered 1']);
  });

  it('says a bar of prices without volume', () => {
    const { accept, beat, heard } = aBuilder(forming);
    accept(quote(0, 10));
    beat();
    expect(heard()).toEqual(['0: 10 v0 missed 0 covered 1']);
  });

  it('says a flat bar that missed something', () => {
    const { accept, beat, closeUntil, heard } = aBuilder({ ...forming, empty: 'carry' });
    accept(trade(0, 10), quote(1, 10, { volume: 100 }));
    closeUntil(MINUTE + SECOND);
    accept(quote(MINUTE + 1, 10, { volume: 104 }));
    heard();
    beat();
    expect(heard()).toEqual(['1: 10 v0 missed 4 covered 1']);
  });
});

describe('a closed bar that misses less', () => {
  const newYork = (text: string): number => Date.parse(`2026-03-${text}-05:00`);
  const told = (text: string, size: number, volume: number): Trade =>
    aTrade({ time: newYork(text), receivedAt: newYork(text), price: 10, size, volume });

  it.each([
    [2, 0],
    [3, 1],
  ])('is said again within a horizon of %d bars, also of the day before', (horizon, said) => {
    const events = [told('05T15:58', 1, 1), told('05T15:58:30', 1, 5), told('05T15:59:40', 1, 6)];
    const today = [told('06T09:30', 1, 1), told('06T09:31', 1, 2)];
    const before = barsOf([...events, ...today], '1m', { horizon }).length;
    const late = told('05T15:59:30', 1, 3);
    const words = barsOf([...events, ...today, late], '1m', { horizon }).slice(before);
    expect(words.filter(({ openTime }) => openTime === newYork('05T15:58'))).toHaveLength(said);
  });
});

describe('a quote that comes after the clock closed its bar', () => {
  const quotes = [quote(1, 10, { volume: 100 }), quote(2, 12, { volume: 120 }), quote(3, 15, { volume: 125 })];

  it.each([
    ['revise', ['0: 15 v25 missed 0 covered 1 r1']],
    ['report', ['0: 12 v20 missed 5 covered 1 r1']],
    ['drop', []],
  ] as const)('is taken as a late trade is: %s', (late, expected) => {
    const { accept, closeUntil, heard } = aBuilder({ late });
    accept(...quotes.slice(0, 2));
    closeUntil(MINUTE + SECOND);
    heard();
    accept(...quotes.slice(2));
    expect(heard()).toEqual(expected);
  });
});

describe('the correction of a bar', () => {
  it('is carried into no flat bar that was filled on hearing of the one before', () => {
    const fill = trade(2 * MINUTE + 1, 20);
    const { accept, heard } = aBuilder({ empty: 'carry' }, (word, builder) => {
      if (word.startsWith('1: 11')) builder.accept(fill);
    });
    accept(trade(0, 10), trade(3 * MINUTE, 12));
    heard();
    accept(trade(1, 11));
    expect(heard()).toEqual([
      '0: 11 v2 missed 0 covered 1 r1',
      '1: 11 v0 missed 0 covered 1 r1',
      '2: 20 v1 missed 0 covered 1 r1',
    ]);
  });
});

describe('a gap that is known when it is over', () => {
  const topics: readonly Topic[] = [{ channel: 'trade', symbol: crypto }];
  const served = (receivedAt: number): FeedEvent => ({ kind: 'subscribed', provider: 'test', topics, receivedAt });
  const lost = { ...disconnected, receivedAt: 100 * SECOND };
  const back = { ...connected, receivedAt: 130 * SECOND, resumed: { from: 90 * SECOND, to: 130 * SECOND } };

  it('is said once its topic is served, and not before', () => {
    const { accept, closeUntil, heard } = aBuilder();
    accept(served(0), trade(0, 10), trade(61 * SECOND, 10));
    closeUntil(125 * SECOND);
    heard();
    accept(lost, back);
    expect(heard()).toEqual([]);
    accept(served(132 * SECOND));
    expect(heard()).toEqual(['1: 10 v1 missed 0 covered 0.5 r1']);
  });

  it('is no gap of a bar of the history', () => {
    const { accept, closeUntil, heard } = aBuilder();
    accept(trade(0, 10), trade(61 * SECOND, 10));
    closeUntil(125 * SECOND);
    const bar = { symbol: crypto, openTime: MINUTE, close: 11, closed: true, source: 'backfill', volume: 7 } as const;
    accept(lost, aKline(bar));
    heard();
    accept(back);
    expect(heard()).toEqual([]);
  });
});

describe('the average price', () => {
  it('is not told by a turnover of before, where a trade does not tell its size', () => {
    const shares = { symbol: 'AAPL.US', sizeUnit: 'shares' } as const;
    const [one, two] = [
      { volume: 500, turnover: 5_000 },
      { volume: 520, turnover: 5_240 },
    ];
    const quotes = [quote(1, 10, { ...shares, ...one }), quote(2, 12, { ...shares, ...two })];
    expect(barsOf(quotes, '1m').at(-1)).toMatchObject({ vwap: 12 });
    const unknown = trade(3, 11, { ...shares, size: undefined });
    expect(barsOf([...quotes, unknown], '1m').at(-1)).toMatchObject({ vwap: undefined, turnover: 240 });
  });
});
