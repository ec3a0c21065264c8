import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Quote, Trade } from '../../../lib/model/marketEvent.js';
import { aQuote, aTrade } from '../../../lib/testing/builders.js';
import { barsOf, lastWords } from './aTape.js';

const at = (clock: string): number => Date.parse(`2026-03-04T${clock}-05:00`);
const pre = { tradingPhase: 'pre_market' } as const;
const shares = { sizeUnit: 'shares' } as const;

const trade = (clock: string, size: number | undefined, more: Partial<Trade> = {}): Trade =>
  aTrade({ time: at(clock), receivedAt: at(clock), price: 10, size, ...more });
const quote = (clock: string, volume: number, more: Partial<Quote> = {}): Quote =>
  aQuote({ time: at(clock), receivedAt: at(clock), last: 10, volume, ...more });
/** A quote of the pre-market, whatever its time. */
const early = (clock: string, volume: number, more: Partial<Quote> = {}): Quote =>
  quote(clock, volume, { status: 'pre_market', ...more });

const volumes = (...events: readonly FeedEvent[]) =>
  lastWords(barsOf(events, '1m')).map(({ volume, missedVolume }) => [volume, missedVolume]);

describe('a quote that is in no bar', () => {
  const first = quote('09:30:01', 100);

  it('is the one before the next: a price and a figure that are still the same are no trade', () => {
    expect(volumes(early('09:29:59', 100), first)).toEqual([]);
  });

  it.each([
    ['counts, where it is newer than the last one', '09:30:02', [[10, 0]]],
    ['counts, where it is of the same time', '09:30:01', [[10, 0]]],
    ['says nothing, where it was overtaken', '09:30:00', [[20, 0]]],
  ])('%s', (_, clock, expected) => {
    expect(volumes(first, early(clock, 110), quote('09:30:03', 120))).toEqual(expected);
  });

  it('tells what the trades did not miss', () => {
    const events = [trade('09:30:00.500', 5), first, early('09:30:02', 110), quote('09:30:03', 110)];
    expect(volumes(...events)).toEqual([[5, 0]]);
    expect(volumes(...events, quote('09:30:04', 113))).toEqual([[5, 3]]);
  });

  it('tells nothing where the trades have figures of their own', () => {
    const [one, two] = [trade('09:30:00.500', 5, { volume: 500 }), trade('09:30:03', 5, { volume: 515 })];
    expect(volumes(one, early('09:30:02', 900), two)).toEqual([[10, 10]]);
  });

  it('tells nothing where it counts in another unit', () => {
    const events = [trade('09:30:00.500', 5, shares), quote('09:30:01', 100, shares)];
    expect(volumes(...events, early('09:30:02', 104, { sizeUnit: 'lots' }), quote('09:30:03', 110, shares))).toEqual([
      [5, 10],
    ]);
  });
});

describe('a trade that is in no bar', () => {
  const figure = (clock: string, size: number, volume: number, more: Partial<Trade> = {}) =>
    trade(clock, size, { volume, ...more });

  it('says by its figure that quotes prove nothing more', () => {
    const events = [
      figure('09:00', 5, 500, pre),
      quote('09:30', 900),
      figure('09:31', 5, 505),
      figure('09:31', 5, 515),
    ];
    expect(volumes(...events)).toEqual([[10, 5]]);
    const mixed = [trade('09:30:01', 5), figure('09:30:02', 5, 500, pre), quote('09:30:03', 900)];
    expect(volumes(...mixed)).toEqual([[5, 0]]);
  });

  it('leaves the proof to quotes where it has no figure', () => {
    const events = [trade('09:30:01', 5, pre), quote('09:30:02', 100), trade('09:31:01', 5), quote('09:31:02', 110)];
    expect(volumes(...events)).toEqual([[5, 5]]);
  });

  it('counts by its size where its figure does not hold it', () => {
    const events = [figure('09:30:01', 5, 500), figure('09:30:02', 10, 5, pre), figure('09:30:03', 5, 515)];
    expect(volumes(...events)).toEqual([[10, 0]]);
  });

  it('leaves the figures of the trades before it what they are, where the quotes of before had another unit', () => {
    const lots = quote('08:00', 5, { sizeUnit: 'lots' });
    const left = [figure('09:00', 5, 600, { ...pre, ...shares }), trade('09:01', 50, { ...pre, ...shares })];
    expect(volumes(lots, ...left, figure('09:31', 100, 760, shares)).at(-1)).toEqual([100, 10]);
  });
});

describe('the figures of trades', () => {
  it('go on from bar to bar, where the quotes of before had another unit', () => {
    const told = (clock: string, volume: number) => trade(clock, 10, { volume, ...shares });
    const lots = quote('08:00', 5, { sizeUnit: 'lots' });
    expect(volumes(lots, told('09:31', 600), told('09:32', 640)).at(-1)).toEqual([10, 30]);
  });
});

describe('a figure that does not hold its own trade', () => {
  it('is none', () => {
    const events = [trade('09:30:01', 5, { volume: 500 }), trade('09:30:02', 10, { volume: 5 })];
    expect(volumes(...events, trade('09:30:03', 5, { volume: 515 }))).toEqual([[20, 0]]);
  });
});
