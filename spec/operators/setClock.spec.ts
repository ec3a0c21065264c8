import { interval, map, Subject, timer, type Observable } from 'rxjs';
import { calendars } from '../../lib/model/calendar/calendars.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { consolidateDepth } from '../../lib/operators/depth/consolidateDepth.js';
import { perSymbol } from '../../lib/operators/perSymbol.js';
import { staleness } from '../../lib/operators/staleness/staleness.js';
import { batchTrades } from '../../lib/operators/throttling/batchTrades.js';
import { bounded } from '../../lib/operators/throttling/bounded.js';
import { conflate } from '../../lib/operators/throttling/conflate.js';
import { aDepth, aTrade } from '../../lib/testing/builders.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Wednesday, 10:00 in New York. */
const START = Date.UTC(2026, 10, 25, 15);

const isClosing = (value: unknown): boolean => {
  const { state, sources } = value as { state?: string; sources?: readonly string[] };
  return state === 'stale' || sources?.length === 0;
};

/** Elapsed milliseconds, by a clock that nobody sets, at which something comes out. */
const heardOf = (
  operator: (events$: Observable<FeedEvent>) => Observable<unknown>,
  makeEvent: () => FeedEvent,
  set: { readonly after: number; readonly by: number },
  run = 15_000,
): { readonly at: readonly number[]; readonly values: readonly unknown[]; readonly timers: number } => {
  jest.useFakeTimers({ now: START });
  try {
    const began = performance.now();
    const events$ = new Subject<FeedEvent>();
    const at: number[] = [];
    const values: unknown[] = [];
    const subscription = events$.pipe(operator).subscribe((value) => {
      at.push(Math.round(performance.now() - began));
      values.push(value);
    });
    events$.next(makeEvent());
    jest.advanceTimersByTime(set.after);
    jest.setSystemTime(Date.now() + set.by);
    const spy = jest.spyOn(globalThis, 'setInterval');
    jest.advanceTimersByTime(run - set.after);
    const timers = spy.mock.calls.length;
    spy.mockRestore();
    subscription.unsubscribe();
    expect(jest.getTimerCount()).toBe(0);
    return { at, values, timers };
  } finally {
    jest.useRealTimers();
  }
};

const operators: Record<string, [(events$: Observable<FeedEvent>) => Observable<unknown>, number]> = {
  staleness: [staleness({ after: 10_000, calendar: calendars.always }), 10_000],
  consolidateDepth: [consolidateDepth({ maxAge: 10_000 }), 10_000],
  conflate: [conflate({ every: 10_000 }), 10_000],
  'bounded work': [bounded(() => timer(10_000)), 10_000],
  'perSymbol and its idle': [perSymbol((events$) => events$.pipe(map(() => 1)), { idle: 10_000 }), NaN],
};

describe('elapsed time is not wall time', () => {
  const depth = (): FeedEvent => aDepth({ symbol: 'AAPL.US', receivedAt: Date.now(), time: Date.now() });

  it.each(
    Object.entries(operators).flatMap(([name, [operator, due]]) =>
      [-HOUR, -30 * DAY, -300, 0].map((by) => [name, by, operator, due] as const),
    ),
  )('%s is on time, and does not spin, with the clock set by %d ms', (_, by, operator, due) => {
    const { at, timers } = heardOf(operator, depth, { after: 5_000, by });
    if (!Number.isNaN(due)) expect(at.at(-1)).toBeGreaterThanOrEqual(due);
    if (!Number.isNaN(due)) expect(at.at(-1)).toBeLessThan(due + 20);
    expect(timers).toBeLessThan(20);
  });

  it.each(['staleness', 'consolidateDepth'])(
    '%s says at once on waking what was due in eight hours of sleep',
    (name) => {
      const [operator] = operators[name]!;
      const { at, values } = heardOf(operator, depth, { after: 5_000, by: 8 * HOUR });
      expect(values.filter(isClosing)).toHaveLength(1);
      expect(at.at(-1)).toBeLessThanOrEqual(10_000);
    },
  );

  it('staleness and consolidateDepth stamp what they notice by the clock as it is now', () => {
    for (const name of ['staleness', 'consolidateDepth']) {
      const [operator] = operators[name]!;
      const { values } = heardOf(operator, depth, { after: 5_000, by: -HOUR });
      const { receivedAt } = values.at(-1) as { receivedAt: number };
      expect(Math.abs(receivedAt - (START + 10_000 - HOUR))).toBeLessThan(20);
    }
  });

  it('staleness goes by the trading hours of the new time, and counts the silence on', () => {
    // The clock was an hour ahead: in truth it is 09:00 in New York, before the market opens.
    const { values } = heardOf(staleness({ after: 10_000 }), depth, { after: 5_000, by: -HOUR });
    expect(values.map((one) => (one as { state: string }).state)).toEqual(['fresh', 'closed']);
  });

  it('batchTrades keeps its beat under a stream that goes on while the clock is set back', () => {
    jest.useFakeTimers({ now: START });
    try {
      const trade$ = interval(100).pipe(map(() => aTrade({ receivedAt: Date.now() })));
      let batches = 0;
      const subscription = trade$.pipe(batchTrades({ every: 1_000 })).subscribe(() => (batches += 1));
      jest.advanceTimersByTime(5_000);
      jest.setSystemTime(Date.now() - 30 * DAY);
      jest.advanceTimersByTime(5_500);
      subscription.unsubscribe();
      expect(batches).toBe(10);
    } finally {
      jest.useRealTimers();
    }
  });
});
