import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Interval } from '../../../lib/model/interval.js';
import type { Quote, Trade } from '../../../lib/model/marketEvent.js';
import { boundaryOf, settingsOf, type CountedLength } from '../../../lib/operators/klines/boundary.js';
import { klineBuilder } from '../../../lib/operators/klines/klineBuilder.js';
import type { KlineOptions } from '../../../lib/operators/klines/KlineOptions.js';
import { aQuote, aTrade } from '../../../lib/testing/builders.js';
import { connected } from '../../share/linkEvents.js';

const at = (text: string): number => Date.parse(`2026-03-${text}-05:00`);

const trade = (text: string, size: number, more: Partial<Trade> = {}): Trade =>
  aTrade({ time: at(text), receivedAt: at(text), price: 10, size, ...more });
const print = (text: string, size: number): Trade => trade(text, size, { volumeOnly: true });
const quote = (text: string, volume: number): Quote =>
  aQuote({ time: at(text), receivedAt: at(text), last: 10, volume });

/** What the last bar has and misses, of a feed whose link was live before all that was heard. */
const lastBar = (length: Interval | CountedLength, events: readonly FeedEvent[], options: KlineOptions = {}) => {
  let last: readonly number[] = [];
  const boundary = boundaryOf(length);
  const builder = klineBuilder(boundary, settingsOf(boundary, { forming: 'each', ...options }), 0, {
    emit: ({ volume, missedVolume }) => (last = [volume, missedVolume]),
    closeAt: () => undefined,
    beat: () => undefined,
  });
  [{ ...connected, receivedAt: at('02T10:00') }, ...events].forEach(builder.accept);
  return last;
};

describe('the first figure of a day that was heard from its beginning', () => {
  const minutes = [0, 1, 2, 3].map((minute) => trade(`05T10:0${minute}`, 5));
  const figure = quote('05T10:03:30', 100);

  it.each([
    [1_000, 80],
    [4, 80],
    [3, 0],
    [2, 0],
  ])('misses what no bar has, if no bar of the day can be forgotten yet: horizon %d', (horizon, missed) => {
    expect(lastBar('1m', [...minutes, figure], { horizon })).toEqual([5, missed]);
  });

  it('misses all that no bar has where the only bar that is kept is of the day before', () => {
    expect(
      lastBar('1m', [trade('04T15:59', 5), trade('05T10:00', 5), quote('05T10:00:30', 100)], { horizon: 1 }),
    ).toEqual([5, 95]);
  });

  it('does not miss what waits for the first bar', () => {
    expect(lastBar('1m', [print('05T10:00', 4), figure, trade('05T10:04', 1)])).toEqual([5, 96]);
    expect(lastBar('1m', [print('05T04:00', 4), figure, trade('05T10:04', 1)])).toEqual([5, 96]);
  });

  it('misses all of it where only a print of the day before waited', () => {
    expect(lastBar('1m', [print('04T10:00', 4), figure, trade('05T10:04', 1)])).toEqual([1, 100]);
  });

  it('is counted from zero in bars by count too, before one is full', () => {
    expect(lastBar({ ticks: 2 }, [trade('05T10:00', 5, { volume: 50 })])).toEqual([5, 45]);
    expect(lastBar({ ticks: 2 }, [...minutes.slice(0, 3), trade('05T10:03', 5, { volume: 100 })])).toEqual([10, 0]);
  });
});
