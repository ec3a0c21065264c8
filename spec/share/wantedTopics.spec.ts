import * as fc from 'fast-check';
import { asyncScheduler, BehaviorSubject, Observable, type Subscription } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes, trades, type Topic } from '../../lib/model/topic.js';
import { shareFeed } from '../../lib/share/shareFeed.js';
import { marbles } from '../../lib/testing/marbles.js';

const apple = trades('AAPL.US');
const tencent = trades('700.HK');
/** Who comes (small) and who leaves (capital). */
const changes = { a: 'a', A: 'A', t: 't', T: 'T' };
const wanted = { a: apple, b: [...apple, ...tencent] };

/** The topics that a shared feed asks for, as watchers come and go; completes when the feed is let go. */
const topicsOf =
  (linger: number) =>
  (changes$: Observable<string>): Observable<readonly Topic[]> =>
    new Observable((subscriber) => {
      const { watch } = shareFeed(
        (topics$) =>
          new Observable<FeedEvent>(() => {
            const asked = topics$.subscribe((topics) => subscriber.next(topics));
            return () => (asked.unsubscribe(), subscriber.complete());
          }),
        { linger },
      );
      const present: Record<string, Subscription[]> = { a: [], t: [] };
      const come = (name: string) => present[name]?.push(watch(name === 'a' ? apple : tencent).subscribe());
      const go = (name: string) => present[name]?.pop()?.unsubscribe();
      return changes$.subscribe((change) => (change in present ? come(change) : go(change.toLowerCase())));
    });

describe('a shared feed asks', () => {
  it(
    'for nothing as long as there is no watcher',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-----', changes);
      const expected = '  -----';
      expectObservable(source.pipe(topicsOf(2)), '^---!').toBe(expected);
    }),
  );

  it(
    'for what is watched, and ends when nothing is any more',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a-t--T--A-----', changes);
      const expected = '  -a-b----a--|   ';
      //                        --    --  linger: 2
      expectObservable(source.pipe(topicsOf(2))).toBe(expected, wanted);
    }),
  );

  it(
    'for no topic after the end of the turn in which its last watcher left, without a linger',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a-t--T--A--', changes);
      const expected = '  -a-b--a--|  ';
      expectObservable(source.pipe(topicsOf(0))).toBe(expected, wanted);
    }),
  );

  it(
    'for nothing else when a second watcher comes, or one of two leaves',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a-a-A-a-A-', changes);
      const expected = '  -a---------';
      expectObservable(source.pipe(topicsOf(0))).toBe(expected, wanted);
    }),
  );

  it(
    'once for the changes of one turn',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-(at)-(TtAa)--', changes);
      const expected = '  -b------------';
      expectObservable(source.pipe(topicsOf(0))).toBe(expected, wanted);
    }),
  );

  it(
    'on for a topic that is watched again within the linger, and lets the next linger last its full time',
    marbles(({ hot, expectObservable }) => {
      const source = hot('(at)-T--t-T-----', changes);
      const expected = '  b-------------a-';
      //                       ----        linger: 4, cut short by the return
      //                            ----
      expectObservable(source.pipe(topicsOf(4))).toBe(expected, wanted);
    }),
  );
});

/** What a feed under a shared one lives through: its start, each list of wanted topics, its end. */
type Log = (readonly [at: number, what: 'start' | 'end'] | readonly [at: number, what: 'list', topics: string[]])[];

const universe = [...trades('AAPL.US', '700.HK'), ...quotes('AAPL.US', 'MSFT.US')];
const nameOf = ({ channel, symbol }: Topic) => `${channel} ${symbol}`;

interface Scenario {
  readonly linger: number;
  /** What each of some watchers wants. */
  readonly watchers: readonly (readonly Topic[])[];
  /** After each pause, a watcher comes, or goes if it is there. */
  readonly moves: readonly { readonly at: number; readonly watcher: number }[];
}

const scenario: fc.Arbitrary<Scenario> = fc
  .record({
    linger: fc.nat(4),
    watchers: fc.array(fc.subarray(universe, { minLength: 1 }), { minLength: 3, maxLength: 3 }),
    moves: fc.array(fc.record({ pause: fc.nat(3), watcher: fc.nat(2) }), { maxLength: 30 }),
  })
  .map(({ moves, ...rest }) => {
    let at = 0;
    return { ...rest, moves: moves.map(({ pause, watcher }) => ({ at: (at += pause), watcher })) };
  });

/** The same by watchers of lists that change, and that may be empty, or by ones that come and go. */
const lived = ({ linger, watchers, moves }: Scenario, changing: boolean): Log => {
  const log: Log = [];
  marbles(({ flush }) => {
    const { watch } = shareFeed(
      (topics$) =>
        new Observable<FeedEvent>(() => {
          log.push([asyncScheduler.now(), 'start']);
          const lists = topics$.subscribe((topics) =>
            log.push([asyncScheduler.now(), 'list', topics.map(nameOf).sort()]),
          );
          return () => (lists.unsubscribe(), log.push([asyncScheduler.now(), 'end']));
        }),
      { linger },
    );
    const present = new Map<number, Subscription>();
    const lists = watchers.map(() => new BehaviorSubject<readonly Topic[]>([]));
    if (changing) lists.forEach((topics$) => watch(topics$).subscribe());
    moves.forEach(({ at, watcher }) =>
      asyncScheduler.schedule(() => {
        if (changing) {
          const list$ = lists[watcher]!;
          list$.next(list$.value.length > 0 ? [] : watchers[watcher]!);
          return;
        }
        const there = present.get(watcher);
        there?.unsubscribe();
        if (there) present.delete(watcher);
        else present.set(watcher, watch(watchers[watcher]!).subscribe());
      }, at),
    );
    flush();
  })();
  return log;
};

/** Moment by moment: a topic is wanted while it is watched, and while it was watched less than `linger` ago. */
const expected = ({ linger, watchers, moves }: Scenario): Log => {
  const log: Log = [];
  const present = new Set<number>();
  const watchedAt = new Map<string, number>();
  let alive = false;
  let stated: string[] = [];
  for (let now = 0; now <= (moves.at(-1)?.at ?? 0) + linger; now++) {
    for (const { watcher } of moves.filter(({ at }) => at === now)) {
      if (!alive) log.push([now, 'start']);
      alive = true;
      watchers[watcher]!.forEach((topic) => watchedAt.set(nameOf(topic), now));
      if (!present.delete(watcher)) present.add(watcher);
    }
    const watched = new Set([...present].flatMap((watcher) => watchers[watcher]!.map(nameOf)));
    const lingers = (name: string) => watchedAt.has(name) && now < watchedAt.get(name)! + linger;
    const wanted = universe.map(nameOf).filter((name) => watched.has(name) || lingers(name));
    if (alive && wanted.length === 0) log.push([now, 'end']);
    else if (wanted.join() !== stated.join()) log.push([now, 'list', [...wanted].sort()]);
    alive = wanted.length > 0;
    stated = wanted;
  }
  return log;
};

describe('what a shared feed asks for', () => {
  it('is at the end of each turn what is watched or lingers, and is said when it changes', () => {
    fc.assert(
      fc.property(scenario, fc.boolean(), (given, changing) => {
        expect(lived(given, changing)).toEqual(expected(given));
      }),
      { numRuns: 500 },
    );
  });
});
