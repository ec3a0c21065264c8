import { EMPTY, of, type OperatorFunction } from 'rxjs';
import { calendars } from '../../../lib/model/calendar/calendars.js';
import type { FeedEvent } from '../../../lib/model/feedEvent.js';
import type { Kline, Quote, Trade } from '../../../lib/model/marketEvent.js';
import type { KlineOptions } from '../../../lib/operators/klines/KlineOptions.js';
import { toKlines } from '../../../lib/operators/klines/toKlines.js';
import { aQuote, aTrade } from '../../../lib/testing/builders.js';

const at = (clock: string): number => Date.parse(`2026-03-04T${clock}-05:00`);

const trade = (clock: string, price: number, more: Partial<Trade> = {}): Trade =>
  aTrade({ time: at(clock), receivedAt: at(clock), price, size: 10, ...more });
const quote = (clock: string, last: number, more: Partial<Quote> = {}): Quote =>
  aQuote({ time: at(clock), receivedAt: at(clock), last, ...more });

const heard = <K>(events: readonly FeedEvent[], operator: OperatorFunction<FeedEvent, K>): readonly K[] => {
  const bars: K[] = [];
  // What has ended closes no bar: the last word on each is the last that is heard.
  of(...events)
    .pipe(operator)
    .subscribe((bar) => bars.push(bar));
  return bars;
};

/** The last word on each bar: open, high, low, close, volume, missed. */
const bars = (events: readonly FeedEvent[], options: KlineOptions = {}) => {
  const last = new Map<number, Kline>();
  for (const bar of heard(events, toKlines('1h', { forming: 'each', ...options }))) last.set(bar.openTime, bar);
  return [...last.values()].map(({ openTime, open, high, low, close, volume, missedVolume }) => [
    new Date(openTime - 5 * 3_600_000).toISOString().slice(11, 16),
    ...[open, high, low, close, volume, missedVolume],
  ]);
};

const pre = { tradingPhase: 'pre_market' } as const;
const after = { tradingPhase: 'after_hours' } as const;
const regular = { tradingPhase: 'regular' } as const;

describe('a trade before or after the regular hours', () => {
  const day = [
    trade('08:00:00', 90, pre),
    trade('09:29:59', 95, pre),
    trade('09:30:00', 100, regular),
    trade('15:59:59', 101, regular),
    trade('16:00:01', 102, regular),
    trade('16:00:02', 120, after),
    trade('19:00:00', 80, after),
  ];

  it('is in no bar of the regular hours, and the closing cross is', () => {
    expect(bars(day)).toEqual([
      ['09:30', 100, 100, 100, 100, 10, 0],
      ['15:30', 101, 102, 101, 102, 20, 0],
    ]);
  });

  it('is in a bar of its own with usExtended', () => {
    expect(bars(day, { calendar: calendars.usExtended })).toEqual([
      ['08:00', 90, 90, 90, 90, 10, 0],
      ['09:00', 95, 95, 95, 95, 10, 0],
      ['09:30', 100, 100, 100, 100, 10, 0],
      ['15:30', 101, 101, 101, 101, 10, 0],
      ['16:00', 102, 120, 102, 120, 20, 0],
      ['19:00', 80, 80, 80, 80, 10, 0],
    ]);
  });

  it('goes by its time where it says no phase', () => {
    expect(bars([trade('09:29:59', 95), trade('09:30:00', 100)])).toEqual([['09:30', 95, 100, 95, 100, 20, 0]]);
  });

  it('is not missed by the next figure of the day', () => {
    const sized = [
      trade('08:00:00', 90, { ...pre, volume: 500 }),
      trade('09:29:59', 95, { ...pre, volume: 600 }),
      trade('09:30:00', 100, { ...regular, volume: 610 }),
      trade('09:31:00', 101, { ...regular, volume: 640 }),
    ];
    expect(bars(sized)).toEqual([['09:30', 100, 101, 100, 101, 20, 20]]);
    expect(bars(sized.map((event) => ({ ...event, size: undefined })))).toEqual([['09:30', 100, 101, 100, 101, 40, 0]]);
  });

  it('is not missed by the quotes that count it', () => {
    const events = [
      quote('09:31:00', 100, { volume: 1_000 }),
      trade('09:31:01', 100, regular),
      quote('09:31:02', 100, { volume: 1_010 }),
      trade('09:31:03', 95, pre),
      trade('09:31:04', 101, regular),
      quote('09:31:05', 101, { volume: 1_030 }),
    ];
    expect(bars(events).at(-1)).toEqual(['09:30', 100, 101, 100, 101, 20, 0]);
  });

  it('makes a symbol one of trades, so that quotes before the open make no bar', () => {
    expect(bars([trade('08:00:00', 90, pre), quote('08:00:01', 90), trade('09:30:00', 100, regular)])).toEqual([
      ['09:30', 100, 100, 100, 100, 10, 0],
    ]);
  });

  it('is in no bar by count', () => {
    const counted = toKlines({ ticks: 2 }, { forming: false });
    expect(heard(day, counted).map(({ open, close, volume }) => [open, close, volume])).toEqual([[100, 101, 20]]);
    const extended = toKlines({ ticks: 2 }, { forming: false, calendar: calendars.usExtended });
    expect(heard(day, extended)).toHaveLength(3);
    expect(heard([], counted)).toEqual(heard([], () => EMPTY));
  });
});

describe('a quote before or after the regular hours', () => {
  const day = [
    quote('08:00:00', 90, { status: 'pre_market', volume: 500, turnover: 45_000 }),
    quote('09:30:00', 100, { status: 'regular', volume: 510, turnover: 46_000 }),
    quote('15:59:59', 101, { status: 'regular', volume: 540, turnover: 49_030 }),
    quote('16:30:00', 120, { status: 'after_hours', volume: 640, turnover: 61_030 }),
  ];

  it('is in no bar of the regular hours, nor is its volume', () => {
    expect(bars(day)).toEqual([
      ['09:30', 100, 100, 100, 100, 10, 0],
      ['15:30', 101, 101, 101, 101, 30, 0],
    ]);
    expect(heard(day, toKlines('1d', { forming: 'each' })).at(-1)).toMatchObject({ volume: 40, turnover: 4_030 });
  });

  it('is in a bar of its own with usExtended', () => {
    expect(bars(day, { calendar: calendars.usExtended }).map(([open]) => open)).toEqual([
      '08:00',
      '09:30',
      '15:30',
      '16:00',
    ]);
  });
});
