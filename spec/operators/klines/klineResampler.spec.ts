import type { Kline } from '../../../lib/model/marketEvent.js';
import { klineResampler } from '../../../lib/operators/klines/klineResampler.js';
import { resampleSettings, type ResampleOptions } from '../../../lib/operators/klines/klineResampler.js';
import { aKline } from '../../../lib/testing/builders.js';
import { MINUTE, symbol } from './aTape.js';

const minute = (at: number, price: number, more: Partial<Kline> = {}): Kline =>
  aKline({
    ...{ symbol, openTime: at * MINUTE, closeTime: (at + 1) * MINUTE, volume: 1, closed: true },
    ...{ open: price, high: price, low: price, close: price },
    ...more,
  });

/** A resampler to 5 minutes, what it said, and when it asked to be woken. */
const aResampler = (options: ResampleOptions = {}) => {
  const bars: Kline[] = [];
  const asked: number[] = [];
  const resampler = klineResampler('5m', resampleSettings({ forming: false, ...options }), {
    emit: (kline) => bars.push(kline),
    closeAt: (time) => asked.push(time),
    now: () => 0,
  });
  return {
    ...resampler,
    accept: (...klines: readonly Kline[]) => klines.forEach(resampler.accept),
    asked,
    /** What it said since it was last asked. */
    heard: () => bars.splice(0).map(({ openTime, high, revision }) => `${openTime / MINUTE}: ${high} r${revision}`),
    bars,
  };
};

describe('klineResampler', () => {
  it('says all there is to say', () => {
    const { accept, bars } = aResampler();
    const more = { time: 299_000, receivedAt: 299_001, turnover: 50, trades: 2, missedVolume: 3 };
    accept(minute(0, 10, { turnover: 20, trades: 1 }), minute(4, 12, { ...more, coverage: 0.5 }));
    expect(bars).toEqual([
      {
        ...{ kind: 'kline', provider: 'test', symbol, interval: '5m', time: 299_000, receivedAt: 299_001 },
        ...{ openTime: 0, closeTime: 5 * MINUTE, open: 10, high: 12, low: 10, close: 12, volume: 2, turnover: 70 },
        ...{ trades: 3, closed: true, revision: 0, coverage: 0.9, source: 'provider', missedVolume: 3 },
      },
    ]);
  });

  it('asks to be woken a grace after the end of each bar that forms, and for no closed one', () => {
    const { accept, asked } = aResampler({ grace: 3_000 });
    accept(minute(0, 10), minute(1, 11), minute(10, 12), minute(5, 13));
    expect(asked).toEqual([303_000, 903_000]);
  });

  it('closes what is due, to the millisecond, and says when the next bar is', () => {
    const { accept, closeUntil, heard } = aResampler({ grace: 3_000 });
    accept(minute(6, 20), minute(0, 10, { symbol: 'ETHUSDT.BA' }), minute(7, 30, { symbol: 'XRPUSDT.BA' }));
    expect([closeUntil(302_999), heard()]).toEqual([303_000, []]);
    expect([closeUntil(303_000), heard()]).toEqual([603_000, ['0: 10 r0']]);
    expect([closeUntil(603_000), heard()]).toEqual([Infinity, ['5: 20 r0', '5: 30 r0']]);
  });

  it('does not wait for a bar that its last part closed', () => {
    const { accept, closeUntil } = aResampler();
    accept(minute(4, 10));
    expect(closeUntil(0)).toBe(Infinity);
  });

  it('corrects the bars within the horizon, and forgets those before it', () => {
    const { accept, heard } = aResampler({ horizon: 2 });
    accept(...[0, 5, 10, 15].map((at) => minute(at, at)));
    heard();
    accept(minute(1, 99), minute(6, 98), minute(11, 97));
    expect(heard()).toEqual(['5: 98 r1', '10: 97 r1']);
  });

  it('makes a bar before the first one, as long as there is room within the horizon', () => {
    const late = [minute(10, 12), minute(15, 13), minute(5, 11), minute(0, 10)];
    const near = aResampler({ horizon: 3 });
    near.accept(...late);
    expect(near.heard()).toEqual(['10: 12 r0', '5: 11 r0']);
    const far = aResampler({ horizon: 4 });
    far.accept(...late);
    expect(far.heard()).toEqual(['10: 12 r0', '5: 11 r0', '0: 10 r0']);
  });

  it('keeps no more than the horizon, also of bars that were skipped and come late', () => {
    const { accept, heard } = aResampler({ horizon: 2 });
    accept(minute(0, 10), minute(20, 12), minute(40, 14));
    heard();
    accept(minute(25, 13), minute(1, 99), minute(21, 98));
    expect(heard()).toEqual(['25: 13 r0', '20: 98 r1']);
  });

  it('puts a late part in its place', () => {
    const { accept, bars } = aResampler();
    accept(minute(2, 12), minute(0, 10), minute(1, 11), minute(4, 14));
    expect(bars).toMatchObject([{ open: 10, close: 14, volume: 4 }]);
  });
});
