import { Subject, throwError } from 'rxjs';
import { ConnectionLost, InvalidOption, Unauthorized } from '../../lib/model/errors.js';
import { flattenError } from '../../lib/model/errorData.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { trades } from '../../lib/model/topic.js';
import { race } from '../../lib/standby/race.js';
import { aTrade } from '../../lib/testing/builders.js';
import { marbles } from '../../lib/testing/marbles.js';

const facts = { provider: 'binance', feed: 'binance', receivedAt: 0 };
const trade = (n: number, more: object = {}): FeedEvent =>
  aTrade({ ...facts, symbol: 'BTCUSDT.BA', time: n, price: n, ...more });
const connected: FeedEvent = { ...facts, kind: 'connected', attempt: 1, resumed: undefined };
const cause = flattenError(new ConnectionLost(1006));
const lost: FeedEvent = { ...facts, kind: 'disconnected', cause, attempt: 1, retryAt: 500 };
const digits = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [String(n), trade(n)]));
const values: Readonly<Record<string, FeedEvent>> = { ...digits, c: connected, x: lost };

describe('race', () => {
  it(
    'emits the first of two equal events, and what only one of them has',
    marbles(({ hot, expectObservable }) => {
      const a = hot('(c)-1-2-x------------c-6-7-|', values);
      const b = hot('(c)--1-2-3-4--5-------6---7|', values);
      expectObservable(race(a, b)).toBe('(c)-1-2--3-4--5-------6--7-|', values);
    }),
  );

  it(
    'lets two equal executions of one line stay two',
    marbles(({ hot, expectObservable }) => {
      const a = hot('c-1-1---2-----', values);
      const b = hot('c--1--1----12-', values);
      // The third equal one is in one line only, and behind: it is a third one.
      expectObservable(race(a, b)).toBe('c-1-1---2--1--', values);
    }),
  );

  it(
    'has what one line is ahead with wait until the other one has said what lies before',
    marbles(({ hot, expectObservable }) => {
      const a = hot('c-1-x--c--5-6-----', values);
      const b = hot('c--1----------2345', values);
      expectObservable(race(a, b)).toBe('c-1-----------234(56)', values);
    }),
  );

  it(
    'waits a second at most',
    marbles(({ hot, expectObservable }) => {
      const a = hot('c-1-x--c--5 2s -', values);
      const b = hot('c--1------- 2s 2', values);
      expectObservable(race(a, b)).toBe('c-1-------- 999ms 5 1s 2', values);
    }),
  );

  it(
    'says one loss and one return of both, whose hole is the time that neither was there',
    marbles(({ hot, expectObservable }) => {
      const at = (receivedAt: number, event: FeedEvent): FeedEvent => ({ ...event, receivedAt });
      const heard = { ...values, '1': at(2, trade(1)), '2': at(6, trade(2)), x: at(4, lost), y: at(8, lost) };
      const back = { ...at(14, connected), attempt: 3 } as FeedEvent;
      const a = hot('c-1-x----x----b--x-', { ...heard, b: back });
      const b = hot('c-1---2-y----x-----', heard);
      expectObservable(race(a, b)).toBe('c-1---2-d-----r--d-', {
        ...heard,
        d: expect.objectContaining({ kind: 'disconnected' }) as unknown as FeedEvent,
        r: { ...back, resumed: { from: 6, to: 14 } } as FeedEvent,
      });
    }),
  );

  it('refuses two providers as soon as it sees them', () => {
    const [a, b] = [new Subject<FeedEvent>(), new Subject<FeedEvent>()];
    const errors: unknown[] = [];
    race(a, b).subscribe({ error: (error: unknown) => errors.push(error) });
    a.next(connected);
    expect(errors).toEqual([]);
    b.next({ ...connected, provider: 'itick' });
    expect(errors).toEqual([expect.any(InvalidOption)]);
    expect([a.observed, b.observed]).toEqual([false, false]);
  });

  it('has the name of one feed, where the two have names of their own', () => {
    const [a, b] = [new Subject<FeedEvent>(), new Subject<FeedEvent>()];
    const feeds: unknown[] = [];
    race(a, b).subscribe(({ feed }) => feeds.push(feed));
    a.next({ ...connected, feed: 'left' });
    b.next({ ...connected, feed: 'right' });
    b.next(trade(1, { feed: 'right' }));
    a.next(trade(1, { feed: 'left' }));
    a.next(trade(2, { feed: 'left' }));
    expect(feeds).toEqual(['left', 'left', 'left']);
  });

  it('says of topics what holds for one of the two', () => {
    const [a, b] = [new Subject<FeedEvent>(), new Subject<FeedEvent>()];
    const kinds: string[] = [];
    race(a, b).subscribe(({ kind }) => kinds.push(kind));
    const topics = trades('BTCUSDT.BA');
    a.next(connected);
    b.next(connected);
    a.next({ ...facts, kind: 'refused', topics, reason: 'no' });
    b.next({ ...facts, kind: 'subscribed', topics });
    a.next({ ...facts, kind: 'subscribed', topics });
    expect(kinds).toEqual(['connected', 'subscribed']);
  });

  it('goes on with the other feed when one fails, and fails with the second', () => {
    const b = new Subject<FeedEvent>();
    const heard: unknown[] = [];
    const error = new Unauthorized('no such key');
    race(
      throwError(() => new Unauthorized('first')),
      b,
    ).subscribe({ next: ({ kind }) => heard.push(kind), error: (failed: unknown) => heard.push(failed) });
    b.next(connected);
    b.next(trade(1));
    b.error(error);
    expect(heard).toEqual(['connected', 'trade', error]);
  });

  it('leaves both when its subscriber does, also inside a next', () => {
    const [a, b] = [new Subject<FeedEvent>(), new Subject<FeedEvent>()];
    const heard: unknown[] = [];
    const racing = race(a, b).subscribe(({ kind }) => {
      heard.push(kind);
      racing.unsubscribe();
    });
    a.next(connected);
    expect([heard, a.observed, b.observed]).toEqual([['connected'], false, false]);
  });

  it(
    'is cold: each subscription races anew',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const a = cold('c1--|', values);
      const b = cold('c-1-|', values);
      const both = race(a, b);
      expectObservable(both).toBe('c1--|', values);
      expectObservable(both, '---^').toBe('---c1--|', values);
      expectSubscriptions(a.subscriptions).toBe(['^---!', '---^---!']);
    }),
  );
});
