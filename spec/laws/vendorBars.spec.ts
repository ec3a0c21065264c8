import { ofKind, resampleKlines, toKlines } from '../../lib/index.js';
import { inChina, klineAt, tradeAt } from './events.js';
import { barsOf } from './stage.js';

const at = inChina('2026-01-15 10:00');
const strange = [NaN, Infinity, -Infinity, 1e300, -1e300, 8.65e15, 1.795e18];

describe("a vendor's bar whose times are none", () => {
  const spans = strange.flatMap((time) => [
    { openTime: time },
    { closeTime: time },
    { openTime: time, closeTime: time },
  ]);
  const none = spans.map((span, i) => klineAt('600000.SH', at + i, { openTime: at, closeTime: at + 60_000, ...span }));

  it('ends neither toKlines nor resampleKlines, and makes no bar', () => {
    const other = tradeAt('600519.SH', at + 1_000, 10, { size: 1 });
    expect(barsOf([...none, other], toKlines('1m')).map(({ symbol }) => symbol)).toEqual(['600519.SH']);
    const bar = klineAt('600519.SH', at + 1_000, { openTime: at, closeTime: at + 60_000, volume: 3, closed: true });
    const joined = barsOf([...none, bar], (feed$) => feed$.pipe(ofKind('kline'), resampleKlines('5m')));
    expect(joined).toMatchObject([{ symbol: '600519.SH', volume: 3 }]);
  });
});
