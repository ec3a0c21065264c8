import { addOrReplace, chartBars, ofKind, resampleKlines, toKlines } from '../../lib/index.js';
import { inChina, klineAt, tradeAt } from './events.js';
import { barsOf, heard } from './stage.js';

const at = inChina('2026-01-15 10:00');
const seconds = at / 1_000;
const strange = [NaN, Infinity, -Infinity, 1e300, -1e300, 8.65e15, 1.795e18];

describe("a vendor's bar whose times are none", () => {
  const spans = strange.flatMap((time) => [
    { openTime: time },
    { closeTime: time },
    { openTime: time, closeTime: time },
  ]);
  const backwards = [{ closeTime: at - 1 }, { openTime: at + 60_001 }, { openTime: -1, closeTime: -60_001 }];
  const otherUnits = [
    { openTime: -1 },
    { openTime: -1, closeTime: -1 },
    { openTime: seconds, closeTime: seconds + 60 },
    { openTime: seconds, closeTime: seconds },
  ];
  spans.push(...backwards);
  const none = [...spans, ...otherUnits].map((span, i) =>
    klineAt('600000.SH', at + i, { openTime: at, closeTime: at + 60_000, ...span }),
  );

  it('ends neither toKlines nor resampleKlines, and makes no bar', () => {
    const other = tradeAt('600519.SH', at + 1_000, 10, { size: 1 });
    expect(barsOf([...none, other], toKlines('1m')).map(({ symbol }) => symbol)).toEqual(['600519.SH']);
    const bar = klineAt('600519.SH', at + 1_000, { openTime: at, closeTime: at + 60_000, volume: 3, closed: true });
    const joined = barsOf([...none, bar], (feed$) => feed$.pipe(ofKind('kline'), resampleKlines('5m')));
    expect(joined).toMatchObject([{ symbol: '600519.SH', volume: 3 }]);
  });

  it('stops no chart and no indicator', () => {
    const open = klineAt('600000.SH', at + 2_000, { openTime: at, closeTime: at + 60_000 });
    const placeless = none.filter(({ openTime }) => openTime !== at && openTime !== at + 60_001);
    const words = [...placeless, open, ...placeless, open];
    const bars = heard(words, (feed$) => feed$.pipe(ofKind('kline'), chartBars()));
    expect(bars.values.map(({ time }) => time)).toEqual([at / 1_000, at / 1_000]);
    const changes = heard(words, (feed$) => feed$.pipe(ofKind('kline'), addOrReplace()));
    expect(changes.values.map(({ action }) => action)).toEqual(['add', 'replace']);
  });

  it('is one all the same where a history began before the seventies', () => {
    const then = Date.parse('1962-01-02T14:30Z');
    const day = klineAt('IBM.US', at, { interval: '1d', openTime: then, closeTime: then + 6.5 * 3_600_000, volume: 3 });
    const joined = barsOf([day], (feed$) => feed$.pipe(ofKind('kline'), resampleKlines('1M')));
    expect(joined).toMatchObject([{ volume: 3 }]);
    expect(heard([day], (feed$) => feed$.pipe(ofKind('kline'), chartBars())).values).toHaveLength(1);
  });
});

describe("a vendor's bar of zeros, before anything was traded", () => {
  const zeros = { open: 0, high: 0, low: 0, close: 0, volume: 0 };
  const empty = klineAt('600000.SH', at + 1_000, { openTime: at, closeTime: at + 60_000, ...zeros });
  const next = klineAt('600000.SH', at + 61_000, {
    ...{ openTime: at + 60_000, closeTime: at + 120_000 },
    ...{ open: 10, high: 11, low: 9, close: 10, volume: 5, closed: true },
  });

  it('makes no bar, and no price of a longer one', () => {
    expect(barsOf([empty], toKlines('1m'))).toEqual([]);
    const joined = barsOf([empty, next], (feed$) => feed$.pipe(ofKind('kline'), resampleKlines('5m')));
    expect(joined).toMatchObject([{ open: 10, high: 11, low: 9, volume: 5 }]);
  });
});
