import { Subject } from 'rxjs';
import { quotes, toKlines, trades, type FeedEvent, type Kline, type Topic } from '../../../lib/index.js';
import { aQuote, aTrade } from '../../../lib/testing/builders.js';
import { HOUR, MINUTE, SECOND } from '../../laws/stage.js';

const symbol = 'AAPL.US';
const OPEN = Date.parse('2026-03-05T14:30Z');
const TEN = OPEN + 30 * MINUTE;

type Say = (event: FeedEvent) => unknown;
/** What happens at each second; the vendor's times are right, those of receipt are the machine's. */
type Script = (elapsed: number, say: Say, truth: number) => void;

const link = (kind: 'connected' | 'disconnected', more: object = {}): FeedEvent =>
  ({ kind, provider: 'test', receivedAt: Date.now(), attempt: 1, ...more }) as FeedEvent;
const served = (topics: readonly Topic[]): FeedEvent => ({
  kind: 'subscribed',
  provider: 'test',
  topics,
  receivedAt: Date.now(),
});
const trade = (time: number): FeedEvent =>
  aTrade({ provider: 'test', symbol, time, receivedAt: Date.now(), size: 1, volume: undefined });
const quote = (time: number, volume: number): FeedEvent =>
  aQuote({ provider: 'test', symbol, time, receivedAt: Date.now(), last: 10, volume });

interface Clock {
  /** How far the machine's clock is ahead at first. */
  readonly off: number;
  /** By what it is set, and when. */
  readonly by: number;
  readonly at: number;
}

/** The last word on each minute: its share that was heard, its volume, and what was missed. */
const minutes = ({ off, by, at }: Clock, script: Script, lasts = 6 * MINUTE, begins = TEN) => {
  const said = new Map<number, readonly number[]>();
  jest.useFakeTimers({ now: begins + off });
  const feed$ = new Subject<FeedEvent>();
  const subscription = feed$
    .pipe(toKlines('1m', { forming: false }))
    .subscribe(({ openTime, coverage, volume, missedVolume }: Kline) =>
      said.set((openTime - begins) / MINUTE, [Math.round(coverage * 60), volume, missedVolume]),
    );
  for (let elapsed = 0; elapsed < lasts + 2 * SECOND; elapsed += SECOND) {
    if (elapsed === at) jest.setSystemTime(Date.now() + by);
    script(elapsed, (event) => feed$.next(event), begins + elapsed);
    jest.advanceTimersByTime(SECOND);
  }
  subscription.unsubscribe();
  jest.useRealTimers();
  return [...said.values()];
};

const steps: readonly (readonly [string, number, number])[] = [
  ['an hour fast, set right', HOUR, -HOUR],
  ['five minutes fast, set right', 5 * MINUTE, -5 * MINUTE],
  ['five seconds fast, set right', 5 * SECOND, -5 * SECOND],
  ['right, set back an hour', 0, -HOUR],
  ['right, set back five minutes', 0, -5 * MINUTE],
  ['right, set back 30 days', 0, -720 * HOUR],
];

afterEach(() => jest.useRealTimers());

describe.each(steps)('a clock that is %s', (_, off, by) => {
  const at = 30 * SECOND;
  const whole = [60, 60, 0];

  it.each([20, 30, 40])('leaves a symbol its coverage from the join of the link on: first heard at %d s', (first) => {
    const script: Script = (elapsed, say, truth) => {
      if (elapsed === 10 * SECOND) say(link('connected'));
      if (elapsed >= first * SECOND) say(trade(truth));
    };
    expect(minutes({ off, by, at }, script)).toEqual([[50, 60 - first, 0], whole, whole, whole, whole, whole]);
  });

  it('leaves a topic its coverage from its own join on, of trades and of quotes', () => {
    const join =
      (topics: readonly Topic[], make: (truth: number, elapsed: number) => FeedEvent): Script =>
      (elapsed, say, truth) => {
        if (elapsed === 0) say(link('connected'));
        if (elapsed === 15 * SECOND) say(served(topics));
        if (elapsed >= 40 * SECOND) say(make(truth, elapsed));
      };
    const clock = { off, by, at };
    const byTrades = minutes(clock, join(trades(symbol), trade));
    const byQuotes = minutes(
      clock,
      join(quotes(symbol), (truth, elapsed) => quote(truth, 1_000 + elapsed / SECOND)),
    );
    for (const bars of [byTrades, byQuotes]) expect(bars.map(([heard]) => heard)).toEqual([45, 60, 60, 60, 60, 60]);
  });

  it('leaves a hole of quotes in the bar that trades go on with', () => {
    const script: Script = (elapsed, say, truth) => {
      if (elapsed === 0) say(link('connected'));
      if (elapsed === 10 * SECOND) say(served(quotes(symbol)));
      if (elapsed === 40 * SECOND) say({ ...served(quotes(symbol)), kind: 'unsubscribed' } as FeedEvent);
      if (elapsed === 45 * SECOND) say(served(quotes(symbol)));
      if (elapsed === 50 * SECOND) say(served(trades(symbol)));
      if (elapsed >= 52 * SECOND) say(trade(truth));
      else if (elapsed >= 10 * SECOND && !(elapsed >= 40 * SECOND && elapsed < 45 * SECOND))
        say(quote(truth, 1_000 + elapsed / SECOND));
    };
    expect(minutes({ off, by, at }, script).map(([heard]) => heard)).toEqual([45, 60, 60, 60, 60, 60]);
  });

  it('leaves a symbol without a link its coverage from its first trade on', () => {
    const script: Script = (elapsed, say, truth) => elapsed >= 40 * SECOND && say(trade(truth));
    expect(minutes({ off, by, at }, script).map(([heard]) => heard)).toEqual([20, 60, 60, 60, 60, 60]);
  });

  it('counts a hole after it where it was', () => {
    const script: Script = (elapsed, say, truth) => {
      if (elapsed === 0) say(link('connected'));
      if (elapsed === 200 * SECOND) say(link('disconnected'));
      if (elapsed === 215 * SECOND)
        say(link('connected', { resumed: { from: Date.now() - 15 * SECOND, to: Date.now() } }));
      if (elapsed >= 40 * SECOND && !(elapsed >= 200 * SECOND && elapsed < 215 * SECOND)) say(trade(truth));
    };
    const bars = minutes({ off, by, at }, script).map(([heard]) => heard);
    expect(bars).toEqual([60, 60, 60, 45, 60, 60]);
  });

  it('counts the first figure of a day from zero, as the link was live before it began', () => {
    const script: Script = (elapsed, say, truth) => {
      if (elapsed === 0) say(link('connected'));
      if (elapsed >= 70 * SECOND) say(quote(truth, 100 + elapsed / SECOND));
    };
    const bars = minutes({ off, by, at }, script, 2 * MINUTE, OPEN - MINUTE);
    expect(bars.at(-1)).toEqual([60, 219, 0]);
  });

  it('leaves bars of so many trades their coverage', () => {
    jest.useFakeTimers({ now: TEN + off });
    const feed$ = new Subject<FeedEvent>();
    const heard: number[] = [];
    feed$.pipe(toKlines({ ticks: 10 }, { forming: false })).subscribe(({ coverage }) => heard.push(coverage));
    for (let elapsed = 0; elapsed < 2 * MINUTE; elapsed += SECOND) {
      if (elapsed === at) jest.setSystemTime(Date.now() + by);
      if (elapsed === 0) feed$.next(link('connected'));
      if (elapsed >= 40 * SECOND) feed$.next(trade(TEN + elapsed));
      jest.advanceTimersByTime(SECOND);
    }
    expect(heard).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });
});
