import * as fc from 'fast-check';
import { asyncScheduler, Observable, type Subscription } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes, trades, type Topic } from '../../lib/model/topic.js';
import { shareFeed } from '../../lib/share/shareFeed.js';
import type { Change } from '../../lib/share/tally.js';
import { wish } from '../../lib/share/wish.js';
import { marbles } from '../../lib/testing/marbles.js';

const apple = trades('AAPL.US');
const tencent = trades('700.HK');
const changes: Record<string, Change> = {
  a: { kind: 'join', topics: apple },
  A: { kind: 'leave', topics: apple },
  t: { kind: 'join', topics: tencent },
  T: { kind: 'leave', topics: tencent },
};
const wishes = {
  a: { topics: apple, withdrawn: [] },
  b: { topics: [...apple, ...tencent], withdrawn: [] },
  w: { topics: apple, withdrawn: tencent },
};

describe('wish', () => {
  it(
    'wishes for nothing as long as nobody comes',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-----', changes);
      const unsub = '     ^---!';
      const expected = '  -----';
      expectObservable(source.pipe(wish(2)), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(unsub);
    }),
  );

  it(
    'follows who joins and who leaves, and ends when nothing is wanted any more',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-t--T--A-----', changes);
      const expected = '  -a-b--b-wa-|   ';
      //                        --    --  linger: 2
      const subs = '      ^----------!   ';
      expectObservable(source.pipe(wish(2))).toBe(expected, wishes);
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'withdraws at the end of the turn without a linger',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a-t--T--A--', changes);
      const expected = '  -a-b--w--|  ';
      expectObservable(source.pipe(wish(0))).toBe(expected, wishes);
    }),
  );

  it(
    'is not moved by a second watcher, nor by the loss of one of two',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a-a-A-a-A-', changes);
      const expected = '  -a---------';
      expectObservable(source.pipe(wish(0))).toBe(expected, wishes);
    }),
  );

  it(
    'counts a turn as one change',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-(at)-(TtAa)-|', changes);
      const expected = '  -b----b------|';
      expectObservable(source.pipe(wish(0))).toBe(expected, wishes);
    }),
  );

  it(
    'forgives a return within the linger, and lets the next one last its full time',
    marbles(({ hot, expectObservable }) => {
      const source = hot('(at)-T--t-T-----', changes);
      const expected = '  b----b----b---w-';
      //                       ----        linger: 4, cut short by the return
      //                            ----
      expectObservable(source.pipe(wish(4))).toBe(expected, wishes);
    }),
  );

  it(
    'takes no notice of who leaves without having come',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-A-a-', changes);
      const expected = '  ---a-';
      expectObservable(source.pipe(wish(0))).toBe(expected, wishes);
    }),
  );

  it(
    'passes an error on',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a-#', changes);
      const expected = '  -a-#';
      expectObservable(source.pipe(wish(0))).toBe(expected, wishes);
    }),
  );
});

/** What a feed under a shared one lives through: its start, each wish as it is stated, its end. */
type Log = (readonly [at: number, what: 'start' | 'end'] | readonly [at: number, what: 'wish', topics: string[]])[];

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

const lived = ({ linger, watchers, moves }: Scenario): Log => {
  const log: Log = [];
  marbles(({ flush }) => {
    const { watch } = shareFeed(
      (topics$) =>
        new Observable<FeedEvent>(() => {
          log.push([asyncScheduler.now(), 'start']);
          const wishes = topics$.subscribe((topics) =>
            log.push([asyncScheduler.now(), 'wish', topics.map(nameOf).sort()]),
          );
          return () => (wishes.unsubscribe(), log.push([asyncScheduler.now(), 'end']));
        }),
      { linger },
    );
    const present = new Map<number, Subscription>();
    moves.forEach(({ at, watcher }) =>
      asyncScheduler.schedule(() => {
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
    else if (wanted.join() !== stated.join()) log.push([now, 'wish', [...wanted].sort()]);
    alive = wanted.length > 0;
    stated = wanted;
  }
  return log;
};

describe('the wish of a shared feed', () => {
  it('is at the end of each turn what is watched or lingers, and is stated when it changes', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        expect(lived(given)).toEqual(expected(given));
      }),
      { numRuns: 500 },
    );
  });
});
