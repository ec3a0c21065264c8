import { Subject, type Observable } from 'rxjs';
import {
  consolidateDepth,
  staleness,
  toKlines,
  type ConsolidatedBook,
  type FeedEvent,
  type Kline,
} from '../../lib/index.js';
import { depthAt, tradeAt } from './events.js';
import { DAY, HOUR, MINUTE, SECOND } from './stage.js';

const btc = 'BTCUSDT.BA';
const start = 1_768_442_400_000;

beforeEach(() => jest.useFakeTimers({ now: start, doNotFake: ['nextTick', 'queueMicrotask'] }));
afterEach(() => {
  leaving.splice(0).forEach((leave) => leave());
  jest.useRealTimers();
});

const leaving: (() => void)[] = [];

/** The machine's clock is set; no timer fires by that alone. */
const step = (by: number): void => jest.setSystemTime(Date.now() + by);
const collect = <T>(source$: Observable<T>): { readonly values: T[]; readonly leave: () => void } => {
  const values: T[] = [];
  const subscription = source$.subscribe((value) => values.push(value));
  const leave = () => subscription.unsubscribe();
  leaving.push(leave);
  return { values, leave };
};
const steps = [
  ['back an hour', -HOUR],
  ['back ten minutes', -10 * MINUTE],
  ['back 30 days', -30 * DAY],
] as const;

describe.each(steps)('a clock set %s', (_name, by) => {
  it('hides no stale symbol', () => {
    const feed$ = new Subject<FeedEvent>();
    const { values, leave } = collect(feed$.pipe(staleness({ after: 10 * SECOND })));
    feed$.next(tradeAt(btc, Date.now(), 10, { size: 1 }));
    jest.advanceTimersByTime(2 * SECOND);
    step(by);
    jest.advanceTimersByTime(10 * SECOND);
    expect(values.map(({ state }) => state)).toEqual(['fresh', 'stale']);
    leave();
  });

  it('hides no stale symbol that spoke after the step', () => {
    const feed$ = new Subject<FeedEvent>();
    const { values, leave } = collect(feed$.pipe(staleness({ after: 10 * SECOND })));
    feed$.next(tradeAt(btc, Date.now(), 10, { size: 1 }));
    jest.advanceTimersByTime(2 * SECOND);
    step(by);
    feed$.next(tradeAt(btc, Date.now(), 10, { size: 1 }));
    jest.advanceTimersByTime(9 * SECOND);
    expect(values.map(({ state }) => state)).toEqual(['fresh']);
    jest.advanceTimersByTime(2 * SECOND);
    expect(values.map(({ state }) => state)).toEqual(['fresh', 'stale']);
    leave();
  });

  it('keeps no book too old', () => {
    const feed$ = new Subject<FeedEvent>();
    const { values, leave } = collect<ConsolidatedBook>(feed$.pipe(consolidateDepth({ maxAge: 5 * SECOND })));
    feed$.next(depthAt(btc, Date.now(), { bids: [{ price: 9, size: 1 }], asks: [{ price: 10, size: 1 }] }));
    jest.advanceTimersByTime(SECOND);
    step(by);
    jest.advanceTimersByTime(5 * SECOND);
    expect(values.map(({ sources }) => sources.length)).toEqual([1, 0]);
    leave();
  });

  it('spins nothing', () => {
    const feed$ = new Subject<FeedEvent>();
    const operators = [
      feed$.pipe(consolidateDepth({ maxAge: 5 * SECOND })),
      feed$.pipe(staleness({ after: 10 * SECOND })),
      feed$.pipe(toKlines('1m')),
      feed$.pipe(toKlines('1d', { empty: 'carry' })),
    ] as readonly Observable<unknown>[];
    const subscriptions = operators.map((operator$) => operator$.subscribe());
    feed$.next(depthAt(btc, Date.now(), { bids: [{ price: 9, size: 1 }], asks: [{ price: 10, size: 1 }] }));
    feed$.next(tradeAt(btc, Date.now(), 10, { size: 1 }));
    jest.advanceTimersByTime(2 * SECOND);
    step(by);
    const asked = jest.spyOn(globalThis, 'setInterval');
    jest.advanceTimersByTime(10 * SECOND);
    expect(asked.mock.calls.length).toBeLessThan(100);
    asked.mockRestore();
    subscriptions.forEach((subscription) => subscription.unsubscribe());
  });

  it('delays no bar that is due', () => {
    const feed$ = new Subject<FeedEvent>();
    const { values, leave } = collect<Kline>(feed$.pipe(toKlines('1m')));
    feed$.next(tradeAt(btc, Date.now(), 10, { size: 1 }));
    jest.advanceTimersByTime(30 * SECOND);
    step(by);
    jest.advanceTimersByTime(35 * SECOND);
    expect(values.filter(({ closed }) => closed)).toMatchObject([{ openTime: start, volume: 1 }]);
    leave();
  });
});

it('a bar that is due after eight hours of sleep closes at once', () => {
  const feed$ = new Subject<FeedEvent>();
  const { values, leave } = collect<Kline>(feed$.pipe(toKlines('1m')));
  const hourly = collect<Kline>(feed$.pipe(toKlines('1h', { forming: false })));
  feed$.next(tradeAt(btc, Date.now(), 10, { size: 1 }));
  jest.advanceTimersByTime(10 * SECOND);
  step(8 * HOUR);
  jest.advanceTimersByTime(5 * SECOND);
  expect(values.filter(({ closed }) => closed)).toMatchObject([{ openTime: start, volume: 1 }]);
  expect(hourly.values.filter(({ closed }) => closed)).toMatchObject([{ volume: 1 }]);
  leave();
  hourly.leave();
});
