import { PLATFORM_ID, signal } from '@angular/core';
import { merge, NEVER, of, scan, type Observable } from 'rxjs';
import { feedResource, injectEvents, injectFeed, injectLink, provideFeed } from '../../lib/angular/index.js';
import { InvalidTopic, Unauthorized } from '../../lib/model/errors.js';
import type { FeedEvent, Subscribed } from '../../lib/model/feedEvent.js';
import { trades } from '../../lib/model/topic.js';
import { ofKind } from '../../lib/operators/ofKind.js';
import { aTrade } from '../../lib/testing/builders.js';
import { connected, refused } from '../share/linkEvents.js';
import { application } from './application.js';
import { act, apple, onFeed, price } from './onFeed.js';

const tencent = trades('700.HK');
const both = [...apple, ...tencent];
const lastPrice = () => feedResource({ topics: apple, every: 'value' }, ofKind('trade'), price);

describe('feedResource and injectEvents', () => {
  it('are of the server where there is one: nothing is asked for, and nothing can be', async () => {
    const app = await application(
      provideFeed(() => () => NEVER, { credential: () => fail() }),
      { provide: PLATFORM_ID, useValue: 'server' },
    );
    const fail = (): never => {
      throw new Error('nothing is read on the server');
    };
    const { made } = app.component(() => ({
      price: feedResource({ topics: () => fail(), initial: 7 }),
      feed: injectFeed(),
      link: injectLink(),
    }));
    app.tick();
    await app.whenStable();
    expect([made.price.status(), made.price.value(), made.price.error(), made.price.isLoading()]).toEqual([
      'server',
      7,
      undefined,
      false,
    ]);
    expect(made.price.snapshot()).toEqual({ status: 'idle', value: 7 });
    expect([made.price.reload(), made.feed.reload(), made.link().state]).toEqual([false, false, 'server']);
    expect(made.feed.watch(apple)).toBe(NEVER);
  });

  it(
    'forget a refusal that data have contradicted, and that of a topic that is gone',
    onFeed(({ serve, component, tick }, t) => {
      const feed$ = t.hot<FeedEvent>('---r-a-s', {
        r: refused(...both),
        a: aTrade({ price: 1 }),
        s: refused(...both),
      });
      serve(() => merge(of(connected), feed$));
      const symbols = signal(['AAPL.US', '700.HK']);
      const { made } = component(() =>
        feedResource({ topics: () => trades(...symbols()), every: 'value' }, ofKind('trade'), price),
      );
      const seen: unknown[] = [];
      act(t, '-t--l-l-lst-l', {
        t: tick,
        l: () => seen.push([made.status(), ...made.refused().map(({ topic }) => topic.symbol)]),
        s: () => symbols.set(['AAPL.US']),
      });
      t.flush();
      expect(seen).toEqual([
        ['error', 'AAPL.US', '700.HK'],
        ['resolved', '700.HK'],
        ['error', '700.HK', 'AAPL.US'],
        ['error', 'AAPL.US'],
      ]);
    }),
  );

  it('hold what a feed throws while it is being watched, whatever that is', async () => {
    const watch = (): Observable<FeedEvent> => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- as others do
      throw 'no feed today';
    };
    const { component, errors } = await application(provideFeed(() => ({ watch })));
    const { made } = component(() => ({ price: lastPrice(), value: injectEvents(apple) }));
    expect([made.price.status(), made.price.error()?.message]).toEqual(['error', 'no feed today']);
    expect(made.value()).toBeUndefined();
    expect(errors).toEqual([]);
  });

  it(
    'refuse what is no list, and live on',
    onFeed(({ serve, component, tick, errors }, t) => {
      serve(() => merge(of(connected, aTrade({ price: 1 })), NEVER));
      const topics = signal('AAPL.US' as never);
      const { made } = component(() => ({
        price: feedResource({ topics, every: 'value' }, ofKind('trade'), price),
        value: injectEvents({ topics, every: 'value' }, ofKind('trade'), price),
      }));
      const seen: unknown[] = [];
      act(t, 't-l-s-t-l', {
        t: tick,
        l: () => seen.push([made.price.status(), made.price.error()?.name, made.value()]),
        s: () => topics.set(apple as never),
      });
      t.flush();
      expect(seen).toEqual([
        ['error', 'InvalidTopic', undefined],
        ['resolved', undefined, 1],
      ]);
      expect(errors.map((error) => error instanceof InvalidTopic)).toEqual([true]);
    }),
  );

  it(
    'come back once for many new watchers, and may be reloaded by one that comes back',
    onFeed(({ serve, component }, t) => {
      let starts = 0;
      const ends$ = t.cold<FeedEvent>('#', {}, new Unauthorized('no such key'));
      const lives$ = t.cold<FeedEvent>('-a', { a: aTrade({ price: 7 }) });
      serve(() => ((starts += 1), starts === 1 ? ends$ : lives$));
      const reloads: boolean[] = [];
      const { made } = component(() => {
        const feed = injectFeed();
        feed.revival$.subscribe(() => reloads.push(feed.reload()));
        return { feed, price: lastPrice() };
      });
      act(t, '--(ww)', { w: () => made.feed.watch(apple).subscribe() });
      t.flush();
      expect([made.price.status(), made.price.value(), starts]).toEqual(['resolved', 7, 2]);
      expect(reloads).toEqual([false]);
    }),
  );

  it(
    'count the data of a topic that comes back from then, and not from when it was served first',
    onFeed(({ serve, component, tick }, t) => {
      const subscribed: Subscribed = { kind: 'subscribed', provider: 'test', receivedAt: 1, topics: both };
      serve(() => merge(of(connected, subscribed), NEVER));
      const symbols = signal(['AAPL.US', '700.HK']);
      const { made } = component(() => {
        injectFeed().watch(tencent).subscribe();
        return injectEvents(
          { topics: () => trades(...symbols()), every: 'value' },
          ofKind('subscribed', 'unsubscribed'),
          scan(
            (all: readonly string[], { kind, topics, receivedAt }) => [
              ...all,
              ...topics.map(({ symbol }) => `${kind} ${symbol} ${receivedAt}`),
            ],
            [],
          ),
        );
      });
      act(t, '-----t----l-t----b-t', {
        t: tick,
        l: () => symbols.set(['AAPL.US']),
        b: () => symbols.set(['AAPL.US', '700.HK']),
      });
      t.flush();
      expect(made()?.slice(-2)).toEqual(['unsubscribed 700.HK 12', 'subscribed 700.HK 19']);
    }),
  );

  it(
    'may be destroyed and reloaded from within, and leave nothing behind',
    onFeed(({ serve, component }, t) => {
      const feed$ = t.hot<FeedEvent>('-a-b', { a: aTrade({ price: 1 }), b: aTrade({ price: 2 }) });
      serve(() => feed$);
      const fails = (): never => {
        destroy();
        throw new RangeError('after the end');
      };
      const { made, destroy } = component(() => ({
        price: feedResource({ topics: apple, every: 'value' }, ofKind('trade'), (trades$) =>
          trades$.pipe(scan((n, { price }) => (price > 1 ? fails() : n + price), 0)),
        ),
      }));
      t.flush();
      expect([made.price.value(), made.price.error(), made.price.reload()]).toEqual([1, undefined, false]);
      t.expectSubscriptions(feed$.subscriptions).toBe('^--!');
    }),
  );
});
