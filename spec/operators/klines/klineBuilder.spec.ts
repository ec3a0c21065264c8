import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import { boundaryOf } from '../../../lib/operators/klines/boundary.js';
import { klineBuilder } from '../../../lib/operators/klines/klineBuilder.js';
import { klineSettings, type KlineOptions } from '../../../lib/operators/klines/KlineOptions.js';
import { aKline, aQuote, aTrade } from '../../../lib/testing/builders.js';
import { connected, disconnected } from '../../share/linkEvents.js';
import { MINUTE, symbol } from './aTape.js';

const DAY = 1_440 * MINUTE;

const at = (time: number, price: number, size = 1) => aTrade({ symbol, time, receivedAt: time, price, size });
const sum = (time: number, size: number, volume: number) => ({ ...at(time, 10, size), volume });

interface Life {
  readonly startedAt?: number;
  readonly liveSince?: number | false;
}

/** A builder whose link is live, what it said, and what it asked of the clock. */
const aBuilder = (options: KlineOptions = {}, { startedAt = 0, liveSince = 0 }: Life = {}) => {
  const words: string[] = [];
  const asked: (number | 'beat')[] = [];
  const builder = klineBuilder(boundaryOf('1m'), klineSettings({ forming: false, ...options }), startedAt, {
    emit: ({ openTime, close, volume, missedVolume, coverage, closed, revision }) =>
      words.push(
        `${openTime / MINUTE}: ${close} v${volume}${missedVolume > 0 ? ` missed ${missedVolume}` : ''}` +
          `${coverage < 1 ? ` covered ${coverage}` : ''}${closed ? ` closed ${revision}` : ''}`,
      ),
    closeAt: (time) => asked.push(time),
    beat: () => asked.push('beat'),
  });
  if (liveSince !== false) builder.accept({ ...connected, receivedAt: liveSince });
  return {
    ...builder,
    accept: (...events: readonly FeedEvent[]) => events.forEach(builder.accept),
    asked,
    /** What it said since it was last asked. */
    heard: () => words.splice(0),
  };
};

describe('klineBuilder and the clock', () => {
  it('asks to be woken a grace after the end of each bar it opens', () => {
    const { accept, asked } = aBuilder({ grace: 3_000 });
    accept(at(1_000, 10), at(2_000, 11), at(61_000, 12), at(2_500, 13));
    expect(asked).toEqual([63_000, 123_000]);
  });

  it('closes what is due, to the millisecond, and says when the next bar is', () => {
    const { accept, closeUntil, heard } = aBuilder({ grace: 3_000 });
    accept(at(61_000, 20), { ...at(1_000, 10), symbol: 'ETHUSDT.BA' }, { ...at(62_000, 30), symbol: 'XRPUSDT.BA' });
    expect([closeUntil(62_999), heard()]).toEqual([63_000, []]);
    expect([closeUntil(63_000), heard()]).toEqual([123_000, ['0: 10 v1 closed 0']]);
    expect([closeUntil(123_000), heard()]).toEqual([Infinity, ['1: 20 v1 closed 0', '1: 30 v1 closed 0']]);
  });

  it('waits for the closing auction, also for the last bar that a vendor makes', () => {
    const { accept, asked } = aBuilder({ grace: 0 });
    const hk = (hhmm: string): number => Date.parse(`2026-03-05T${hhmm}+08:00`);
    const last = { symbol: '700.HK', openTime: hk('15:59'), closeTime: hk('16:00') };
    accept(aKline(last), { ...at(hk('15:59'), 10), symbol: '1.HK' });
    expect(asked).toEqual([hk('16:10'), hk('16:10')]);
  });

  it('carries a close through all that is due', () => {
    const { accept, closeUntil, heard, asked } = aBuilder({ empty: 'carry' });
    accept(at(1_000, 10));
    expect(closeUntil(121_000)).toBe(181_000);
    expect(heard()).toEqual(['0: 10 v1 closed 0', '1: 10 v0 closed 0']);
    expect(asked).toEqual([61_000, 121_000, 181_000]);
  });

  it('asks for one beat, however much changes before it', () => {
    const { accept, beat, heard, asked } = aBuilder({ forming: 1_000 });
    accept(at(1_000, 10), at(2_000, 11), { ...at(3_000, 9), symbol: 'ETHUSDT.BA' });
    expect(asked.filter((what) => what === 'beat')).toHaveLength(2);
    beat();
    expect(heard()).toEqual(['0: 11 v2', '0: 9 v1']);
    beat();
    expect(heard()).toEqual([]);
    accept(at(4_000, 12));
    beat();
    expect(heard()).toEqual(['0: 12 v3']);
  });

  it('asks for no beat where nobody hears of what forms', () => {
    const { accept, beat, heard, asked } = aBuilder({ forming: false });
    accept(at(1_000, 10), at(500, 9), at(2_000, 11));
    beat();
    expect([asked, heard()]).toEqual([[61_000], []]);
  });

  it.each(['skip', 'carry'] as const)('says nothing on a beat of a bar in which nothing happened yet: %s', (empty) => {
    const { accept, beat, closeUntil, heard } = aBuilder({ forming: 1_000, empty });
    accept(at(1_000, 10));
    closeUntil(61_000);
    expect(heard()).toEqual(['0: 10 v1 closed 0']);
    beat();
    expect(heard()).toEqual([]);
  });
});

describe('klineBuilder and the past', () => {
  it('keeps the newest bars, in whatever order they were made', () => {
    const { accept, heard } = aBuilder({ horizon: 3 });
    accept(...[0, 2, 3, 4].map((minute) => at(minute * MINUTE, minute)), at(MINUTE, 1), at(5 * MINUTE, 5));
    heard();
    accept(at(2 * MINUTE + 1, 7), at(MINUTE + 1, 8));
    expect(heard()).toEqual(['2: 7 v2 closed 1']);
  });

  it.each([
    [2, ['1: 10 v3 closed 1', '0: 10 v2 missed 2 closed 1']],
    [1, []],
  ])('finds what a bar missed within a horizon of %d bars', (horizon, expected) => {
    const { accept, heard } = aBuilder({ horizon });
    accept(sum(1_000, 1, 1), sum(2_000, 1, 5), at(61_000, 11), sum(61_500, 1, 7), at(121_000, 12));
    heard();
    // Of the second minute by its time, of the first by its figure.
    accept(sum(61_200, 1, 3));
    expect(heard()).toEqual(expected);
  });

  it('corrects the flat bars right behind a corrected one, and those only', () => {
    const { accept, heard } = aBuilder({ empty: 'carry' });
    accept(at(0, 10), at(MINUTE, 11), at(3 * MINUTE, 12), at(5 * MINUTE, 13));
    heard();
    accept(at(MINUTE + 1, 15));
    expect(heard()).toEqual(['1: 15 v2 closed 1', '2: 15 v0 closed 1']);
  });

  it('carries no more than a day of flat bars at one look at the clock', () => {
    const { accept, closeUntil, heard } = aBuilder({ empty: 'carry' });
    accept(at(0, 10));
    expect(closeUntil(365 * DAY)).toBe(Infinity);
    expect(heard()).toHaveLength(1 + 1_440);
    accept(at(365 * DAY, 11), at(365 * DAY + MINUTE, 12));
    expect(heard()).toEqual(['525600: 11 v1 closed 0']);
  });

  it('says a flat bar again only where the close behind it became another', () => {
    const { accept, heard } = aBuilder({ empty: 'carry' });
    accept(at(1_000, 10), at(2 * MINUTE, 12));
    heard();
    accept(at(500, 11));
    expect(heard()).toEqual(['0: 10 v2 closed 1']);
  });

  it.each<[string, (close: number) => FeedEvent, number]>([
    ['trade', (close) => at(close, close), 2],
    ['quote', (close) => aQuote({ symbol, time: close, receivedAt: close, last: close }), 0],
    ['bar of the vendor', (close) => aKline({ symbol, close, volume: 0 }), 0],
  ])('closes the flat bar behind one that a late %s corrected at the new close', (_, event, volume) => {
    const { accept, closeUntil, heard } = aBuilder({ empty: 'carry' });
    accept(event(10));
    closeUntil(61_000);
    heard();
    accept(event(11));
    closeUntil(121_000);
    expect(heard()).toEqual([`0: 11 v${volume} closed 1`, '1: 11 v0 closed 0']);
  });

  it('says a bar once that a late trade both changes and no longer misses', () => {
    const trades = [sum(1_000, 1, 1), sum(3_000, 1, 3), sum(2_000, 1, 2)];
    const forming = aBuilder({ forming: 'each' });
    forming.accept(...trades);
    expect(forming.heard()).toEqual(['0: 10 v1', '0: 10 v2 missed 1', '0: 10 v3']);
    const closed = aBuilder();
    closed.accept(...trades.slice(0, 2), at(61_000, 11), ...trades.slice(2));
    expect(closed.heard()).toEqual(['0: 10 v2 missed 1 closed 0', '0: 10 v3 closed 1']);
  });

  it('says a closed bar again that no longer misses what a trade of the next one brings', () => {
    const quote = (time: number, volume: number) => aQuote({ symbol, time, receivedAt: time, volume });
    const { accept, closeUntil, heard } = aBuilder();
    accept(at(1_000, 10, 5), quote(2_000, 100));
    closeUntil(61_000);
    accept(quote(61_500, 105), at(61_200, 11, 5));
    expect(heard()).toEqual(['0: 10 v5 closed 0', '0: 10 v5 missed 5 closed 1', '0: 10 v5 closed 2']);
  });
});

describe('klineBuilder and the link', () => {
  const lost = { ...disconnected, receivedAt: 130_000 };
  const back = { ...connected, receivedAt: 140_000, resumed: { from: 105_000, to: 140_000 } };

  it('does not take a bar of another interval for a sign of life', () => {
    const { accept, heard } = aBuilder({ forming: 'each' }, { liveSince: false });
    accept(aKline({ symbol, interval: '5m', time: 0, receivedAt: 0 }), at(30_000, 10));
    expect(heard()).toEqual(['0: 10 v1 covered 0.5']);
  });

  it('says again those closed bars whose coverage turned out to be another', () => {
    const { accept, heard } = aBuilder();
    accept(at(1_000, 10), at(61_000, 11), at(121_000, 12), lost);
    heard();
    accept(back);
    expect(heard()).toEqual(['1: 11 v1 covered 0.75 closed 1']);
  });

  it('goes by the link of a recording, which is heard after it all happened', () => {
    const { accept, heard } = aBuilder({}, { startedAt: DAY, liveSince: 15_000 });
    accept(at(20_000, 10), at(61_000, 11), at(121_000, 12));
    expect(heard()).toEqual(['0: 10 v1 covered 0.75 closed 0', '1: 11 v1 closed 0']);
  });

  it('heard nothing before it was made, by what comes in that very millisecond', () => {
    const { accept, closeUntil, heard } = aBuilder({}, { startedAt: 15_000 });
    accept(at(15_000, 10));
    closeUntil(DAY);
    expect(heard()).toEqual(['0: 10 v1 covered 0.75 closed 0']);
  });
});
