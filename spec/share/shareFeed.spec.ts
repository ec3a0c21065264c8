import { config, delay, merge, mergeMap, NEVER, Observable, of, retry, Subject, take, throwError } from 'rxjs';
import { InvalidOption, InvalidTopic, Unauthorized } from '../../lib/model/errors.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { klines, trades, type Topic } from '../../lib/model/topic.js';
import { shareFeed } from '../../lib/share/shareFeed.js';
import { aKline, aTrade } from '../../lib/testing/builders.js';
import { marbles } from '../../lib/testing/marbles.js';
import { connected, refused } from './linkEvents.js';

const apple = trades('AAPL.US');
const tencent = trades('700.HK');
const values = {
  c: connected,
  a: aTrade({ symbol: 'AAPL.US', price: 1 }),
  A: aTrade({ symbol: 'AAPL.US', price: 2 }),
  t: aTrade({ symbol: '700.HK', price: 3 }),
};

/** A feed that says nothing, and whose lists can be read: the symbols of each, one after the other. */
const listReader = () => {
  const lists$ = new Subject<string>();
  const makeFeed = (topics$: Observable<readonly Topic[]>) =>
    new Observable<FeedEvent>(() =>
      topics$.subscribe((topics) => lists$.next(topics.map(({ symbol }) => symbol).join(' '))),
    );
  return { lists$, makeFeed };
};

describe('shareFeed', () => {
  it(
    'subscribes to the feed once for all who watch, and hands each what it watches',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-c-a-t-A---  ', values);
      const first = '     ^--------!   ';
      const expected = '  -c-a---A---  ';
      const second = '    --^---------!';
      const joined = '    --c--t-------';
      const wire = '      ^-----------!';
      const { watch } = shareFeed(() => source);
      expectObservable(watch(apple), first).toBe(expected, values);
      expectObservable(watch(tencent), second).toBe(joined, values);
      expectSubscriptions(source.subscriptions).toBe(wire);
    }),
  );

  it(
    'hands nobody a bar of an interval that no topic has, and goes on',
    marbles(({ hot, expectObservable }) => {
      const minute = aKline({ symbol: 'AAPL.US' });
      const strange = aKline({ symbol: 'AAPL.US', interval: '7m' as '5m' });
      const source = hot('-s-m', { s: strange, m: minute });
      expectObservable(shareFeed(() => source).watch(klines('1m', 'AAPL.US'))).toBe('---m', { m: minute });
    }),
  );

  it(
    'is silent while the feed is, and lets go of it with the last watcher',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<FeedEvent>('-');
      const unsub = '  ^--!';
      const expected = '----';
      const wire = '   ^--!';
      expectObservable(shareFeed(() => source).watch(apple), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(wire);
    }),
  );

  it(
    'keeps the feed for the linger, so that who comes back in time disturbs nothing',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-c-a-A-----  ', values);
      const before = '    ^---!        ';
      const expected = '  -c-a-        ';
      const after = '     ------^-!    ';
      const joined = '    ------(cA)   ';
      //                          ---  linger: 3
      const wire = '      ^----------! ';
      const { watch } = shareFeed(() => source, { linger: 3 });
      expectObservable(watch(apple), before).toBe(expected, values);
      expectObservable(watch(apple), after).toBe(joined, values);
      expectSubscriptions(source.subscriptions).toBe(wire);
    }),
  );

  it(
    'starts afresh, and remembers nothing, for who comes after the linger',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-c-a-------A--', values);
      const before = '    ^---!         ';
      const expected = '  -c-a-         ';
      const after = '     ---------^---!';
      const joined = '    -----------A--';
      //                      --        -- linger: 2
      const wire = ['                 ^-----!         ', '                 ---------^-----!'];
      const { watch } = shareFeed(() => source, { linger: 2 });
      expectObservable(watch(apple), before).toBe(expected, values);
      expectObservable(watch(apple), after).toBe(joined, values);
      expectSubscriptions(source.subscriptions).toBe(wire);
    }),
  );

  it(
    'gives the wanted topics once per turn, and a topic that comes back after its linger in a list of its own',
    marbles(({ expectObservable }) => {
      const { lists$, makeFeed } = listReader();
      const stays = '  ^----------------';
      const visits = ' --^--!           ';
      const returns = '-----------^-----';
      const expected = 'a-b-----a--b-----';
      //                    ---        linger: 3
      const { watch } = shareFeed(makeFeed, { linger: 3 });
      expectObservable(lists$).toBe(expected, { a: 'AAPL.US', b: 'AAPL.US 700.HK' });
      expectObservable(watch(apple), stays).toBe('-');
      expectObservable(watch(tencent), visits).toBe('-');
      expectObservable(watch(tencent), visits).toBe('-');
      expectObservable(watch(tencent), returns).toBe('-');
    }),
  );

  it(
    'lets go of a refused topic at once, whatever the linger, and asks again for who comes back',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const { lists$, makeFeed } = listReader();
      const refusal$ = hot('--r', { r: refused(...tencent) });
      const visit = '   ^---!';
      const returns = ' -----^!';
      const expected = 'a---ba';
      //                      ---  linger of the feed: 3
      const wire = '    ^--------!';
      const { watch } = shareFeed((topics$) => merge(makeFeed(topics$), refusal$), { linger: 3 });
      expectObservable(lists$).toBe(expected, { a: '700.HK', b: '' });
      expectObservable(watch(tencent), visit).toBe('--r', { r: refused(...tencent) });
      expectObservable(watch(tencent), returns).toBe('-');
      expectSubscriptions(refusal$.subscriptions).toBe(wire);
    }),
  );

  it(
    'says nothing of a topic that comes and goes, or goes and comes back, within a turn',
    marbles(({ flush }) => {
      const { lists$, makeFeed } = listReader();
      const lists: string[] = [];
      lists$.subscribe((list) => lists.push(list));
      const { watch } = shareFeed(makeFeed);
      const leave = watch(apple).subscribe();
      flush();
      watch(tencent).subscribe().unsubscribe();
      leave.unsubscribe();
      watch(apple).subscribe();
      flush();
      expect(lists).toEqual(['AAPL.US']);
    }),
  );

  it(
    'asks for one spelling of an instrument, the first',
    marbles(({ flush }) => {
      const { lists$, makeFeed } = listReader();
      const lists: string[] = [];
      lists$.subscribe((list) => lists.push(list));
      const { watch } = shareFeed(makeFeed);
      const leave = watch(trades('00700.HK', '700.HK')).subscribe();
      watch(trades('700.HK')).subscribe();
      flush();
      leave.unsubscribe();
      flush();
      expect(lists).toEqual(['00700.HK']);
    }),
  );

  it(
    'gives the current list to a feed that asks late, or twice',
    marbles(({ hot, expectObservable }) => {
      const heard$ = new Subject<readonly Topic[]>();
      const late$ = hot(' ---x-y-----');
      const stays = '    ^----------!';
      const joins = '    -^---------!';
      const expected = ' ---b-b-----';
      const makeFeed = (topics$: Observable<readonly Topic[]>) =>
        new Observable<FeedEvent>(() => late$.pipe(mergeMap(() => topics$)).subscribe(heard$));
      const { watch } = shareFeed(makeFeed);
      expectObservable(heard$).toBe(expected, { b: [...apple, ...tencent] });
      expectObservable(watch(apple), stays).toBe('-');
      expectObservable(watch(tencent), joins).toBe('-');
    }),
  );

  it(
    'passes the end of the feed to every watcher, and starts a new one for the next',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a--|  ', values);
      const first = '      a--|  ';
      const during = '     -^----';
      const joined = '     -a-|  ';
      const after = '      -----^';
      const again = '      -----a--|';
      const wire = ['                  ^--!', '                  -----^--!'];
      const { watch } = shareFeed(() => source);
      expectObservable(watch(apple)).toBe(first, values);
      expectObservable(watch(apple), during).toBe(joined, values);
      expectObservable(watch(apple), after).toBe(again, values);
      expectSubscriptions(source.subscriptions).toBe(wire);
    }),
  );

  it(
    'passes an error of the feed to every watcher, and lets all of them retry on one new feed',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const error = new Unauthorized('bad token');
      const lives = [cold('a--#', values, error), cold('-A---', values)];
      const unsub = '    ^------!';
      const expected = ' a---A---';
      const failed = '   a--#';
      const feeds = lives.values();
      const { watch } = shareFeed(() => feeds.next().value ?? NEVER);
      expectObservable(watch(apple).pipe(retry()), unsub).toBe(expected, values);
      expectObservable(watch(apple).pipe(retry()), unsub).toBe(expected, values);
      expectObservable(watch(apple), unsub).toBe(failed, values, error);
      expectSubscriptions(lives[0]!.subscriptions).toBe('^--!');
      expectSubscriptions(lives[1]!.subscriptions).toBe('---^---!');
    }),
  );

  it(
    'hands on what a feed says while it is being subscribed to, and its end there',
    marbles(({ expectObservable }) => {
      const { watch } = shareFeed(() => of(values.c, values.a));
      expectObservable(watch(apple)).toBe('(ca|)', values);
      expectObservable(watch(apple).pipe(take(1))).toBe('(c|)', values);
    }),
  );

  it(
    'passes on what is thrown while the feed is being made',
    marbles(({ expectObservable }) => {
      const error = new Unauthorized('no token');
      const { watch } = shareFeed(() => {
        throw error;
      });
      expectObservable(watch(apple)).toBe('#', undefined, error);
    }),
  );

  it(
    'dies quietly when the feed fails while it lingers',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a-#', values);
      const unsub = '      ^!';
      const expected = '   a-';
      const after = '      ---^!';
      const again = '      ---a-';
      const wire = ['      ^-!', '---^-!'];
      const { watch } = shareFeed(() => source, { linger: 9 });
      expectObservable(watch(apple), unsub).toBe(expected, values);
      expectObservable(watch(apple), after).toBe(again, values);
      expectSubscriptions(source.subscriptions).toBe(wire);
    }),
  );

  it(
    'survives a consumer that throws, and so do the other consumers',
    marbles(({ hot, expectObservable, expectSubscriptions, flush }) => {
      const unhandled = jest.fn();
      config.onUnhandledError = unhandled;
      const source = hot('-a-A-', values);
      const { watch } = shareFeed(() => source);
      watch(apple).subscribe(() => {
        throw new Error('a bug in a strategy');
      });
      expectObservable(watch(apple), '^---!').toBe('-a-A-', values);
      expectSubscriptions(source.subscriptions).toBe('^');
      flush();
      config.onUnhandledError = null;
      expect(unhandled).toHaveBeenCalledTimes(2);
    }),
  );

  it('leaves no timer and no subscription behind', () => {
    jest.useFakeTimers();
    let open = 0;
    const feed = new Observable<FeedEvent>(() => (open++, () => open--));
    const { watch } = shareFeed(() => feed, { linger: 1_000 });
    const comings = [apple, tencent, apple].map((topics) => watch(topics).subscribe());
    jest.advanceTimersByTime(10);
    comings.forEach((coming) => coming.unsubscribe());
    jest.advanceTimersByTime(500);
    expect(open).toBe(1);
    jest.advanceTimersByTime(600);
    expect([open, jest.getTimerCount()]).toEqual([0, 0]);
    jest.useRealTimers();
  });

  it(
    'starts a new feed for who joins while the old one is torn down',
    marbles(({ cold, expectObservable }) => {
      const rejoined$ = new Subject<FeedEvent>();
      const lives = [
        new Observable<FeedEvent>(() => () => watch(tencent).subscribe(rejoined$)),
        cold('-t--', values),
      ].values();
      const unsub = '   ^-!   ';
      const expected = '---t--';
      const { watch } = shareFeed(() => lives.next().value ?? NEVER);
      expectObservable(watch(apple), unsub).toBe('-');
      expectObservable(rejoined$).toBe(expected, values);
    }),
  );

  it.each([[[]], [[{ channel: 'trade', symbol: 'AAPL' }]], ['AAPL.US']])('refuses to watch %j', (topics) => {
    const { watch } = shareFeed(() => NEVER);
    expect(() => watch(topics as unknown as readonly Topic[])).toThrow(InvalidTopic);
  });

  it.each([-1, NaN, Infinity, 2 ** 31, '5', null])('refuses to linger for %p', (linger) => {
    expect(() => shareFeed(() => NEVER, { linger: linger as number })).toThrow(InvalidOption);
  });

  it(
    'watches the topics as they were when asked',
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a-t-', values);
      const topics = [...apple];
      const watched$ = shareFeed(() => source).watch(topics);
      topics.splice(0, 1, ...tencent);
      expectObservable(watched$).toBe('-a---', values);
    }),
  );

  it(
    'can fail at once for one watcher and serve the next',
    marbles(({ expectObservable }) => {
      const error = new Unauthorized('bad token');
      const feeds = [throwError(() => error), of(values.a).pipe(delay(1))].values();
      const { watch } = shareFeed(() => feeds.next().value ?? NEVER);
      expectObservable(watch(apple)).toBe('#', undefined, error);
      expectObservable(watch(apple)).toBe('-(a|)', values);
    }),
  );
});
