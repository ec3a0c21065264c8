import { NEVER, share, Subject, switchMap } from 'rxjs';
import {
  calendars,
  quotes,
  shareFeed,
  toKlines,
  trades,
  type FeedEvent,
  type Kline,
  type Topic,
} from '../../lib/index.js';
import { aQuote, aTrade, marbles } from '../../lib/testing/index.js';

const MINUTE = 60_000;

/** Bars of what is seen while `watching$` says so, of a topic that another one watches all the time. */
const barsOf = (what: 'quote' | 'trade'): readonly Kline[] => {
  const bars: Kline[] = [];
  marbles(({ cold, flush }) => {
    const feed$ = new Subject<FeedEvent>();
    const desk = shareFeed(() => feed$);
    const topics = what === 'quote' ? quotes('AAPL.US') : trades('AAPL.US');
    const watching$ = new Subject<boolean>();
    const at = (time: number, act: () => void) => cold(`${time}ms x`).subscribe(act);
    desk.watch(topics).subscribe();
    watching$
      .pipe(
        // The bars are made behind each watch: who comes back is a new watcher.
        switchMap((on) => (on ? desk.watch(topics).pipe(toKlines('1m', { calendar: calendars.always })) : NEVER)),
      )
      .subscribe((bar) => {
        if (bar.closed) bars.push(bar);
      });
    at(0, () => {
      watching$.next(true);
      feed$.next({ kind: 'connected', provider: 'test', receivedAt: 0, attempt: 1, resumed: undefined });
      feed$.next({ kind: 'subscribed', provider: 'test', receivedAt: 0, topics });
    });
    for (let time = 1_000; time < 18 * MINUTE; time += 10_000) {
      const said = { time, receivedAt: time };
      const volume = (time + 9_000) / 1_000;
      at(time, () => feed$.next(what === 'quote' ? aQuote({ ...said, volume }) : aTrade({ ...said, size: 10 })));
    }
    at(2 * MINUTE + 500, () => watching$.next(false));
    at(15 * MINUTE + 30_000, () => watching$.next(true));
    flush();
  })();
  return bars;
};

describe('a watcher that leaves a topic, which another one keeps, and comes back', () => {
  it.each(['quote', 'trade'] as const)('has bars that claim nothing of what it did not see, of each %s', (what) => {
    const bars = barsOf(what).map(({ openTime, coverage }) => [openTime / MINUTE, coverage]);
    expect(bars).toEqual([
      [0, 1],
      [15, 0.5],
      [16, 1],
      [17, 1],
    ]);
  });

  it('has no volume of the time between in its bars', () => {
    const [, back, next] = barsOf('quote').map(({ volume }) => volume);
    expect([back, next]).toEqual([30, 60]);
  });
});

describe('a watcher whose list of topics leaves one, which another one keeps, and takes it back', () => {
  it.each([false, true])('has bars that claim nothing of what it did not see (another topic stays: %s)', (stays) => {
    const bars: Kline[] = [];
    const links: string[] = [];
    marbles(({ cold, flush }) => {
      const feed$ = new Subject<FeedEvent>();
      const desk = shareFeed(() => feed$);
      const others = stays ? trades('AAPL.US') : [];
      const lists$ = new Subject<readonly Topic[]>();
      const at = (time: number, act: () => void) => cold(`${time}ms x`).subscribe(act);
      desk.watch(quotes('AAPL.US')).subscribe();
      const seen$ = desk.watch(lists$).pipe(share());
      seen$.subscribe(({ kind, receivedAt }) => {
        if (/subscribed/.test(kind)) links.push(`${kind} ${receivedAt}`);
      });
      seen$.pipe(toKlines('1m', { calendar: calendars.always })).subscribe((bar) => bars.push(bar));
      at(0, () => {
        lists$.next([...quotes('AAPL.US'), ...others]);
        feed$.next({ kind: 'connected', provider: 'test', receivedAt: 0, attempt: 1, resumed: undefined });
        feed$.next({ kind: 'subscribed', provider: 'test', receivedAt: 0, topics: quotes('AAPL.US') });
      });
      for (let time = 1_000; time < 18 * MINUTE; time += 10_000) {
        at(time, () => feed$.next(aQuote({ time, receivedAt: time, volume: (time + 9_000) / 1_000 })));
      }
      at(2 * MINUTE + 500, () => lists$.next(others));
      at(15 * MINUTE + 30_000, () => lists$.next([...quotes('AAPL.US'), ...others]));
      flush();
    })();
    expect(links).toEqual(['subscribed 0', 'unsubscribed 120500', 'subscribed 930000']);
    const last = new Map(bars.map((bar) => [bar.openTime / MINUTE, bar]));
    expect([...last].map(([minute, { coverage }]) => [minute, coverage])).toEqual([
      [0, 1],
      [1, 1],
      [15, 0.5],
      [16, 1],
      [17, 1],
    ]);
    const sum = [...last.values()].reduce((all, { volume, missedVolume }) => all + volume + missedVolume, 0);
    expect(sum).toBe((18 * MINUTE - 9_000 + 9_000) / 1_000 - 10);
    expect(last.get(15)?.volume).toBe(30);
  });
});
