import fc from 'fast-check';
import { calendars, toKlines, type FeedEvent, type Kline, type Trade } from '../../../lib/index.js';
import { InvalidOption } from '../../../lib/model/errors.js';
import { boundaryOf, settingsOf } from '../../../lib/operators/klines/boundary.js';
import { klineBuilder } from '../../../lib/operators/klines/klineBuilder.js';
import type { KlineOptions } from '../../../lib/operators/klines/KlineOptions.js';
import { connectedAt, disconnectedAt, subscribedAt, tradeAt, unsubscribedAt } from '../../laws/events.js';
import { heard, HOUR, MINUTE } from '../../laws/stage.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 100);
const start = Date.parse('2026-01-14T15:00Z');
const symbol = 'BTCUSDT.BA';

const brief = ({ openTime, open, close, volume, missedVolume, coverage, revision, closed }: Kline): string =>
  `${(openTime - start) / MINUTE}: ${open} ${close} v${volume} missed ${missedVolume} ${coverage} ${closed ? `closed ${revision}` : 'forming'}`;

const barsOf = (events: readonly FeedEvent[], options: KlineOptions, interval: '1m' | '1h' = '1m'): readonly string[] =>
  heard(events, toKlines(interval, { forming: false, ...options }), { wait: 2 * HOUR }).values.map(brief);

const at = (minute: number, price: number, more: Parameters<typeof tradeAt>[3] = {}) =>
  tradeAt(symbol, start + minute * MINUTE, price, { size: 1, ...more });

describe('toKlines, of a symbol that is idle', () => {
  const idleAfter = 10 * MINUTE;

  it('makes the same bars when it comes back', () => {
    const tape = [connectedAt(start), at(0.5, 10), at(0.7, 11), at(40.5, 12), at(41.5, 13), at(80.5, 14)];
    const bars = barsOf(tape, { idleAfter });
    expect(bars).toHaveLength(4);
    expect(bars).toEqual(barsOf(tape, { idleAfter: Infinity }));
  });

  it('says nothing where there is nothing, and nothing of a symbol that has only come', () => {
    expect([barsOf([connectedAt(start)], { idleAfter }), barsOf([at(0.5, 10)], { idleAfter })]).toEqual([
      [],
      ['0: 10 10 v1 missed 0 0.5 closed 0'],
    ]);
  });

  it('never loses the bar that forms, nor closes it before its end', () => {
    const tape = [connectedAt(start - 1), at(1, 10), at(50, 12), at(130, 13)];
    expect(barsOf(tape, { idleAfter: MINUTE }, '1h')).toEqual([
      '0: 10 12 v2 missed 0 1 closed 0',
      '120: 13 13 v1 missed 0 1 closed 0',
    ]);
  });

  it('makes no second bar of what it has said: what is older than the bars of before is dropped', () => {
    const late = at(0.5, 99, { receivedAt: start + 60 * MINUTE });
    const tape = [connectedAt(start - 1), at(0.5, 10), late, at(61.5, 12)];
    expect(barsOf(tape, { idleAfter })).toEqual([
      '0: 10 10 v1 missed 0 1 closed 0',
      '61: 12 12 v1 missed 0 1 closed 0',
    ]);
    expect(barsOf(tape, { idleAfter: Infinity })).toContain('0: 10 99 v2 missed 0 1 closed 1');
  });

  it('still proves what was missed on the day: the figure is not forgotten before the day is over', () => {
    const of = (minute: number, more: Partial<Trade>): Trade => ({ ...at(minute, 10, more), symbol: 'AAPL.US' });
    const tape = [connectedAt(start - 1), of(0.5, { volume: 100 }), of(90.5, { volume: 600, size: 100 })];
    expect(barsOf(tape, { idleAfter: MINUTE })).toEqual([
      '0: 10 10 v1 missed 0 1 closed 0',
      '90: 10 10 v100 missed 400 1 closed 0',
    ]);
  });

  it('tells the coverage by when its topic was served, whatever was forgotten', () => {
    const topics = [{ channel: 'trade', symbol } as const];
    const tape = [
      connectedAt(start - MINUTE),
      subscribedAt(start - MINUTE, topics),
      at(0.5, 10),
      disconnectedAt(start + 40.5 * MINUTE),
      connectedAt(start + 41 * MINUTE, { from: start + 40.5 * MINUTE, to: start + 41 * MINUTE }),
      subscribedAt(start + 41 * MINUTE, topics),
      tradeAt(symbol, start + 41.2 * MINUTE, 12, { size: 1 }),
      at(43.5, 13),
    ];
    const bars = barsOf(tape, { idleAfter });
    expect(bars).toEqual(barsOf(tape, { idleAfter: Infinity }));
    expect(bars.at(-1)).toMatch(/^43: .* 1 closed 0$/);
  });

  it('goes on with flat bars where these are asked for, unless a time is given', () => {
    const tape = [connectedAt(start - 1), at(0.5, 10), connectedAt(start + 30 * MINUTE)];
    const carried = (options: KlineOptions): number =>
      barsOf(tape, { empty: 'carry', calendar: calendars.always, ...options }).length;
    expect(carried({})).toBeGreaterThan(140);
    // The next flat bar forms as soon as one is closed.
    expect(carried({ idleAfter: 10 * MINUTE })).toBeGreaterThan(140);
  });

  it.each([0, -1, NaN, '5'])('throws for an `idleAfter` of %p', (idle) => {
    expect(() => toKlines('1m', { idleAfter: idle as number })).toThrow(InvalidOption);
  });

  it('makes the same bars of each symbol as without end, whenever its trades come, and the link goes', () => {
    const step = fc.record({
      what: fc.oneof(
        { weight: 9, arbitrary: fc.constant('trade' as const) },
        { weight: 1, arbitrary: fc.constant('gap' as const) },
      ),
      symbol: fc.constantFrom('BTCUSDT.BA', 'ETHUSDT.BA', '00700.HK'),
      wait: fc.oneof(fc.integer({ min: 10, max: 20_000 }), fc.integer({ min: 10, max: 40 * MINUTE })),
      price: fc.integer({ min: 1, max: 9 }),
      size: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 15 }), (steps, minutes) => {
        let time = start;
        const tape: FeedEvent[] = [connectedAt(start)];
        for (const { what, symbol: name, wait, price, size } of steps) {
          time += wait;
          if (what === 'trade') tape.push(tradeAt(name, time, price, { size, id: time }));
          else tape.push(disconnectedAt(time - 9), connectedAt(time, { from: time - 9, to: time }));
        }
        const made = (idleAfter: number): Readonly<Record<string, readonly Kline[]>> => {
          const found: Record<string, Kline[]> = {};
          // Bars of one moment may come in another order.
          for (const bar of heard(tape, toKlines('1m', { forming: false, idleAfter }), { wait: HOUR }).values)
            (found[bar.symbol] ??= []).push(bar);
          return found;
        };
        expect(made(minutes * MINUTE)).toEqual(made(Infinity));
      }),
      { numRuns },
    );
  });
});

describe('the builder of bars', () => {
  const builderOf = () => {
    const boundary = boundaryOf('1m');
    const looks = { count: () => 0, begin: () => undefined, end: () => undefined };
    let now = start;
    const outlet = { emit: () => undefined, closeAt: () => undefined, beat: () => undefined, now: () => now, looks };
    const builder = klineBuilder(boundary, settingsOf(boundary, { idleAfter: MINUTE }), start, outlet);
    return { ...builder, to: (time: number) => void (now = time) };
  };

  it('keeps nothing of many symbols that have passed, and of one that forms a bar all of it', () => {
    const { accept, forget, closeUntil, known, to } = builderOf();
    const symbols = Array.from({ length: 2_000 }, (_, i) => `S${i}.US`);
    for (const name of symbols) accept(tradeAt(name, start, 10, { size: 1 }));
    to(start + 10 * MINUTE);
    expect(forget(() => true)).toBe(true);
    expect(symbols.every((name) => known(tradeAt(name, start, 1)) !== undefined)).toBe(true);
    closeUntil(start + 10 * MINUTE);
    expect(forget(() => false)).toBe(true);
    expect(forget(() => true)).toBe(false);
    expect(symbols.some((name) => known(tradeAt(name, start, 1)) !== undefined)).toBe(false);
  });

  it('keeps no topic that was withdrawn long ago', () => {
    const { accept, forget, to } = builderOf();
    const topics = [{ channel: 'trade', symbol } as const];
    accept(connectedAt(start));
    accept(subscribedAt(start, topics));
    accept(unsubscribedAt(start, topics));
    to(start + 10 * MINUTE);
    expect(forget(() => true)).toBe(false);
  });
});
