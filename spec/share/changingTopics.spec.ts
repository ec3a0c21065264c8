import { NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { InvalidTopic, Unauthorized } from '../../lib/model/errors.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { trades, type Topic } from '../../lib/model/topic.js';
import { shareFeed } from '../../lib/share/shareFeed.js';
import { aTrade } from '../../lib/testing/builders.js';
import { marbles } from '../../lib/testing/marbles.js';
import { connected, disconnected } from './linkEvents.js';

const apple = trades('AAPL.US');
const tencent = trades('700.HK');
const lists = { a: apple, b: [...apple, ...tencent], t: tencent, n: [], s: trades('00700.HK') };
const values = {
  c: connected,
  d: disconnected,
  a: aTrade({ symbol: 'AAPL.US', price: 1 }),
  A: aTrade({ symbol: 'AAPL.US', price: 2 }),
  t: aTrade({ symbol: '700.HK', price: 3 }),
  s: aTrade({ symbol: '00700.HK', price: 3 }),
};

describe('watch with topics that change', () => {
  it(
    'leaves topics that stay alone, and repeats for a new one what was said of it',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot(' -c-a-t-A--a--t-', values);
      const topics$ = hot('a-------b---t---', lists);
      const other = '      -^--------------';
      const expected = '   -c-a---At-a--t-';
      //                                  a: not watched any more
      const { watch } = shareFeed(() => source);
      expectObservable(watch(topics$), '^--------------!').toBe(expected, values);
      expectObservable(watch(tencent), other).toBe('-c---t-------t-', values);
      expectSubscriptions(source.subscriptions).toBe('^');
    }),
  );

  it(
    'asks for the difference alone',
    marbles(({ hot, expectObservable }) => {
      const asked$ = new Subject<readonly Topic[]>();
      const makeFeed = (topics$: Observable<readonly Topic[]>) =>
        new Observable<FeedEvent>(() => topics$.subscribe(asked$));
      const topics$ = hot('a-b-b-t-', lists);
      const expected = '   a-b---t-';
      expectObservable(asked$).toBe(expected, lists);
      expectObservable(shareFeed(makeFeed).watch(topics$)).toBe('--------');
    }),
  );

  it(
    'has no feed while the list is empty, and a new one when it is not any more',
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const topics$ = hot('n-a--n-a---', lists);
      const source = cold('c-a', values);
      const expected = '   --c-a--c-a-';
      expectObservable(shareFeed(() => source).watch(topics$), '^---------!').toBe(expected, values);
      expectSubscriptions(source.subscriptions).toBe(['--^--!', '-------^--!']);
    }),
  );

  it(
    'does not hear of the end of a feed while the list is empty',
    marbles(({ hot, cold, expectObservable }) => {
      const topics$ = hot('a-n--a--', lists);
      const lives = [cold('a-A|', values), cold('-a', values)].values();
      const expected = '   a-----a-';
      const { watch } = shareFeed(() => lives.next().value ?? NEVER, { linger: 9 });
      expectObservable(watch(topics$), '^------!').toBe(expected, values);
    }),
  );

  it(
    'gives a topic that is spelled anew in its new spelling',
    marbles(({ hot, expectObservable }) => {
      const source = hot(' -t--t-', values);
      const topics$ = hot('t--s---', lists);
      const expected = '   -t-ss--';
      expectObservable(shareFeed(() => source).watch(topics$)).toBe(expected, values);
    }),
  );

  it(
    'ends with the feed, not with the topics, and lets go of both',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const topics$ = cold('(a|)', lists);
      const source = hot('  -a--|', values);
      expectObservable(shareFeed(() => source).watch(topics$)).toBe('-a--|', values);
      const more$ = cold('  a-', lists);
      const left = hot('    -a--', values);
      expectObservable(shareFeed(() => left).watch(more$), '^-!').toBe('-a-', values);
      expectSubscriptions(more$.subscriptions).toBe('^-!');
      expectSubscriptions(left.subscriptions).toBe('^-!');
    }),
  );

  it(
    'fails with an error of the topics, a malformed topic or an error of the feed',
    marbles(({ cold, expectObservable }) => {
      const error = new Unauthorized('bad token');
      const bad = [{ channel: 'trade', symbol: 'AAPL' }] as unknown as readonly Topic[];
      const { watch } = shareFeed(() => NEVER);
      expectObservable(watch(cold('a-#', lists, error))).toBe('--#', undefined, error);
      expectObservable(shareFeed(() => throwError(() => error)).watch(of(apple))).toBe('#', undefined, error);
      let caught: unknown;
      watch(of(bad)).subscribe({ error: (problem: unknown) => (caught = problem) });
      expect(caught).toBeInstanceOf(InvalidTopic);
    }),
  );

  it('may change its topics inside its own `next`, and the latest list counts', () => {
    const feed$ = new Subject<FeedEvent>();
    const topics$ = new Subject<readonly Topic[]>();
    const { watch } = shareFeed(() => feed$);
    watch([...apple, ...tencent]).subscribe();
    feed$.next(values.c);
    feed$.next(values.a);
    const heard: FeedEvent[] = [];
    watch(topics$).subscribe((event) => {
      heard.push(event);
      if (event === values.c) topics$.next([]);
    });
    topics$.next(apple);
    feed$.next(values.A);
    expect(heard.slice(0, 1)).toEqual([values.c]);
    expect(heard).not.toContain(values.A);
  });
});

describe('close', () => {
  it(
    'completes every watcher and ends the feed, whatever the linger; a later watcher starts a new one',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = cold('a', values);
      const { watch, close } = shareFeed(() => source, { linger: 99 });
      hot('--x').subscribe(close);
      expectObservable(watch(apple)).toBe('a-|', values);
      expectObservable(watch(of(tencent))).toBe('--|');
      expectObservable(watch(apple), '----^-!').toBe('----a', values);
      expectSubscriptions(source.subscriptions).toBe(['^-!', '----^ 100ms !']);
    }),
  );

  it('does nothing without a feed', () => {
    expect(() => shareFeed(() => NEVER).close()).not.toThrow();
  });
});
