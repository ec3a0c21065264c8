import { computed, inject, Injector, signal } from '@angular/core';
import type { Observable } from 'rxjs';
import { concat, defer, map, merge, NEVER, of, scan, switchMap, take, tap, throwError, timer } from 'rxjs';
import {
  feedResource,
  injectEvents,
  injectFeed,
  injectLink,
  provideFeed,
  type FeedResource,
} from '../../lib/angular/index.js';
import { InvalidTopic, Unauthorized } from '../../lib/model/errors.js';
import type { FeedEvent, Subscribed } from '../../lib/model/feedEvent.js';
import { klines, quotes, trades } from '../../lib/model/topic.js';
import { ofKind } from '../../lib/operators/ofKind.js';
import { aQuote, aTrade } from '../../lib/testing/builders.js';
import { marbles } from '../../lib/testing/marbles.js';
import { connected, disconnected, refused, resumed } from '../share/linkEvents.js';
import { application } from './application.js';
import { act, apple, onFeed, price } from './onFeed.js';

const tencent = trades('700.HK');
const noKey = new Unauthorized('no such key');
const subscribed: Subscribed = { kind: 'subscribed', provider: 'test', receivedAt: 0, topics: apple };

/** What a template would show. */
const shown = (resource: FeedResource<unknown>): string =>
  [
    resource.status(),
    resource.value() as number | undefined,
    resource.error()?.name,
    resource.hasValue() ? 'value' : undefined,
  ]
    .filter((word) => word !== undefined)
    .join(' ');

const endsAfter = (ms: number): Observable<never> => timer(ms).pipe(switchMap(() => throwError(() => noKey)));

const lastPrice = () => feedResource({ topics: apple, every: 'value' }, ofKind('trade'), price);

describe('feedResource', () => {
  it(
    'is loading until the first data, and reloading while a hole is open',
    onFeed(({ serve, component }, t) => {
      serve(() =>
        t.hot<FeedEvent>('-x-c-s-a--y--d--u-b-', {
          x: disconnected,
          c: { ...connected, receivedAt: 3 },
          y: { ...disconnected, receivedAt: 10 },
          d: { ...connected, receivedAt: 13 },
          u: { ...subscribed, receivedAt: 16 },
          s: subscribed,
          a: aTrade({ price: 1 }),
          b: aTrade({ price: 2 }),
        }),
      );
      const { made } = component(lastPrice);
      const seen: string[] = [];
      act(t, '            l-l-l-l-l--l--l--l-l', { l: () => seen.push(shown(made)) });
      t.flush();
      expect(seen).toEqual([
        'loading',
        'loading',
        'loading',
        'loading',
        'resolved 1 value',
        'reloading 1 value',
        // The link is back, and the topic is not served yet.
        'reloading 1 value',
        'resolved 1 value',
        'resolved 2 value',
      ]);
    }),
  );

  it(
    'is not resolved by data of which the operators have made nothing, nor by values without data',
    onFeed(({ serve, component }, t) => {
      serve(() => t.hot<FeedEvent>('-c-a-b', { c: connected, a: aTrade({ price: 1 }), b: aTrade({ price: 2 }) }));
      const { made } = component(() => [
        feedResource({ topics: apple, every: 'value' }),
        feedResource({ topics: apple, every: 'value' }, ofKind('trade'), (trades$) =>
          trades$.pipe(
            scan((n) => n + 1, 0),
            (n$) => n$.pipe(map((n) => (n > 1 ? n : undefined))),
          ),
        ),
        feedResource({ topics: apple, every: 'value' }, ofKind('quote')),
      ]);
      const seen: unknown[] = [];
      act(t, '                          --l-l-l', { l: () => seen.push(made.map((each) => each.status())) });
      t.flush();
      expect(seen).toEqual([
        ['loading', 'loading', 'loading'],
        ['resolved', 'resolved', 'loading'],
        ['resolved', 'resolved', 'loading'],
      ]);
    }),
  );

  it(
    'is an error when the feed ends by one, and every signal comes back with a mended credential',
    onFeed(({ serve, component, errors }, t) => {
      let isMended = false;
      let logins = 0;
      serve(() =>
        defer(() => {
          logins += 1;
          const market$ = t.cold<FeedEvent>('-c-a', { c: connected, a: aTrade({ price: logins }) });
          return merge(market$, isMended ? NEVER : endsAfter(5));
        }),
      );
      const { made } = component(() => ({
        one: lastPrice(),
        other: feedResource({ topics: tencent }, ofKind('trade')),
        value: injectEvents({ topics: apple, every: 'value' }, ofKind('trade'), price),
        link: injectLink(),
      }));
      const seen: unknown[] = [];
      const look = (): void =>
        void seen.push([shown(made.one), shown(made.other), made.value(), made.link().state].join(', '));
      act(t, '8ms l r 2ms l 9ms (lmr) 6ms l', {
        l: look,
        m: () => (isMended = true),
        r: () => expect(made.one.reload()).toBe(true),
      });
      t.flush();
      expect(seen).toEqual([
        'error 1 Unauthorized, error Unauthorized, 1, ended',
        'reloading 1 value, loading, 1, live',
        'error 2 Unauthorized, error Unauthorized, 2, ended',
        'resolved 3 value, loading, 3, live',
      ]);
      expect(logins).toBe(3);
      expect(errors).toEqual([]);
    }),
  );

  it(
    'comes back when another watcher is answered, and not before',
    onFeed(({ serve, component }, t) => {
      let starts = 0;
      serve(() => {
        starts += 1;
        if (starts < 3)
          return concat(
            timer(1).pipe(take(0)) as Observable<never>,
            throwError(() => noKey),
          );
        return t.cold<FeedEvent>('-c-a', { c: connected, a: aTrade({ price: 7 }) });
      });
      const { made } = component(() => ({ price: lastPrice(), feed: injectFeed() }));
      const seen: string[] = [];
      const look = (): void => void seen.push(shown(made.price));
      act(t, '--l-w-l-w-l----l', {
        l: look,
        w: () => made.feed.watch(apple).subscribe({ error: () => undefined }),
      });
      t.flush();
      expect(seen).toEqual(['error Unauthorized', 'error Unauthorized', 'loading', 'resolved 7 value']);
      expect(starts).toBe(3);
    }),
  );

  it('comes back when the credential changes that the feed was given, and only when it had ended', async () => {
    const key = signal('old');
    const logins: string[] = [];
    await onFeed(
      ({ serve, component, tick }, t) => {
        serve(() =>
          defer(() => {
            logins.push(key());
            if (key() !== 'good') return throwError(() => noKey);
            return merge(of(connected, aTrade({ price: 7 })), NEVER);
          }),
        );
        const { made } = component(lastPrice);
        const seen: string[] = [];
        act(t, '-t-b-t-g-t-l-n-t-l', {
          t: tick,
          b: () => key.set('bad'),
          g: () => key.set('good'),
          n: () => key.set('new'),
          l: () => seen.push(shown(made)),
        });
        t.flush();
        expect(seen).toEqual(['resolved 7 value', 'resolved 7 value']);
      },
      { credential: key },
    )();
    expect(logins).toEqual(['old', 'bad', 'good']);
  });

  it('does not start feeds that are not shared again and again, when they end one after the other', async () => {
    let starts = 0;
    const watch = () => defer(() => ((starts += 1), t(starts)));
    const t = (n: number) => concat(of(connected), timer(n).pipe(map(() => aTrade())));
    const { component } = await application(provideFeed(() => ({ watch })));
    marbles((helpers) => {
      const { made } = component(() => [lastPrice(), lastPrice()]);
      act(helpers, '9ms r', { r: () => made[0]?.reload() });
      helpers.flush();
      expect(made.map(shown)).toEqual(['resolved 100 value', 'resolved 100 value']);
    })();
    expect(starts).toBe(4);
  });

  it(
    'goes on without a malformed symbol, also one that a maker would throw for, and says which',
    onFeed(({ serve, component, tick, errors }, t) => {
      const lists: string[] = [];
      serve((topics$) =>
        merge(
          topics$.pipe(
            tap((topics) => lists.push(topics.map(({ symbol }) => symbol).join(' '))),
            map(() => aTrade({ price: lists.length })),
          ),
        ),
      );
      const symbols = signal(['AAPL.US', 'not a symbol', '700.HK']);
      const { made } = component(() => ({
        resource: feedResource({ topics: () => trades(...symbols()), every: 'value' }, ofKind('trade'), price),
        value: injectEvents({ topics: () => trades(...symbols()), every: 'value' }, ofKind('trade'), price),
      }));
      const seen: unknown[] = [];
      const look = (): void => {
        const { resource, value } = made;
        const refusals = resource.refused().map(({ topic, reason }) => `${topic.symbol}: ${reason.slice(0, 13)}`);
        seen.push([shown(resource), value() === resource.value(), ...refusals]);
      };
      act(t, '-t-l-o-t-l-m-t-l', {
        t: tick,
        l: look,
        o: () => symbols.set(['AAPL']),
        m: () => symbols.set(['AAPL.US']),
      });
      t.flush();
      expect(seen).toEqual([
        ['resolved 1 value', true, 'not a symbol: invalid topic'],
        ['error InvalidTopic', true, 'AAPL: invalid topic'],
        ['resolved 2 value', true],
      ]);
      expect(lists).toEqual(['AAPL.US 700.HK', 'AAPL.US']);
      // Of `injectEvents`, which has no other way to say it.
      expect(errors.map((error) => error instanceof InvalidTopic && error.value)).toEqual(['not a symbol', 'AAPL']);
    }),
  );

  it(
    'is an error while the function of the topics throws, and lives on when it does not',
    onFeed(({ serve, component, tick, errors }, t) => {
      serve(() => merge(of(connected, aTrade({ price: 1 })), NEVER));
      const isBad = signal(false);
      const topics = () => {
        if (isBad()) throw new RangeError('a bug');
        return apple;
      };
      const { made } = component(() => ({
        resource: feedResource({ topics, every: 'value' }, ofKind('trade'), price),
        value: injectEvents({ topics: computed(topics), every: 'value', initial: 0 }, ofKind('trade'), price),
      }));
      const seen: unknown[] = [];
      act(t, '-t-l-c-l-t-c-t-l', {
        t: tick,
        l: () => seen.push(`${shown(made.resource)}, ${made.value()}`),
        c: () => isBad.update((is) => !is),
      });
      t.flush();
      expect(seen).toEqual(['resolved 1 value, 1', 'error RangeError, 0', 'resolved 1 value, 1']);
      expect(errors).toEqual([new RangeError('a bug')]);
    }),
  );

  it(
    'says which topics the vendor refuses; with none left it is an error, and asks again when told to',
    onFeed(({ serve, component }, t) => {
      const asked: string[] = [];
      serve((topics$) =>
        topics$.pipe(
          tap((topics) => asked.push(topics.map(({ symbol }) => symbol).join(' '))),
          map((): FeedEvent => (asked.length < 3 ? refused(...tencent) : aTrade({ symbol: '700.HK', price: 3 }))),
        ),
      );
      const { made, destroy } = component(() => ({
        both: feedResource([...apple, ...tencent]),
        one: feedResource({ topics: tencent, every: 'value' }, ofKind('trade'), price),
      }));
      const seen: unknown[] = [];
      const look = (): void =>
        void seen.push([
          made.both.status(),
          made.both.refused().map(({ topic }) => topic.symbol),
          shown(made.one),
          made.one.refused()[0]?.reason,
        ]);
      act(t, '-l-r--l-------x', {
        l: look,
        r: () => expect([made.both.reload(), made.one.reload()]).toEqual([false, true]),
        x: destroy,
      });
      t.flush();
      expect(seen).toEqual([
        ['loading', ['700.HK'], 'error InvalidTopic', 'not in your plan'],
        // Somebody else wants it still, so that it is not asked for again.
        ['loading', ['700.HK'], 'error InvalidTopic', 'not in your plan'],
      ]);
      expect(asked).toEqual(['AAPL.US 700.HK']);
    }),
  );

  it(
    'asks the vendor again for what it refused when it is the only one that wants it',
    onFeed(({ serve, component }, t) => {
      const asked: string[] = [];
      serve((topics$) =>
        topics$.pipe(
          tap((topics) => asked.push(topics.map(({ symbol }) => symbol).join(' '))),
          map((): FeedEvent => (asked.length < 2 ? refused(...tencent) : aTrade({ symbol: '700.HK', price: 3 }))),
        ),
      );
      const { made } = component(() => ({
        apple: feedResource(apple),
        tencent: feedResource({ topics: tencent, every: 'value' }, ofKind('trade'), price),
      }));
      const seen: unknown[] = [];
      const look = (): void => void seen.push([shown(made.tencent), made.tencent.refused().length]);
      act(t, '-lr-----l', { l: look, r: () => made.tencent.reload() });
      t.flush();
      expect(asked).toEqual(['AAPL.US 700.HK', 'AAPL.US', 'AAPL.US 700.HK']);
      expect(seen).toEqual([
        ['error InvalidTopic', 1],
        ['resolved 3 value', 0],
      ]);
    }),
  );

  it(
    'does not take what one of two vendors refuses for refused by both',
    onFeed(({ serve, component }, t) => {
      const of2 = (event: FeedEvent): FeedEvent => ({ ...event, feed: 'second' });
      serve(() =>
        t.hot<FeedEvent>('(cd)r-s-u', {
          c: connected,
          d: of2(connected),
          r: refused(...apple),
          s: of2(subscribed),
          u: of2(refused(...apple)),
        }),
      );
      const { made } = component(lastPrice);
      const seen: unknown[] = [];
      act(t, '              -----l-l-l', { l: () => seen.push([made.status(), made.refused().length]) });
      t.flush();
      expect(seen).toEqual([
        ['loading', 1],
        ['loading', 1],
        ['error', 2],
      ]);
    }),
  );

  it(
    'is idle without topics, and loading anew with the next ones',
    onFeed(({ serve, component, tick }, t) => {
      serve(() => merge(of(connected, aTrade({ price: 1 }), aQuote()), NEVER));
      const symbol = signal<string | undefined>(undefined);
      const topics = () => (symbol() === undefined ? undefined : trades(symbol() ?? ''));
      const { made } = component(() => feedResource({ topics, initial: 0 }, ofKind('trade'), price));
      const seen: unknown[] = [];
      act(t, '(lta)(lt) 20ms (lnl) (t) 5ms l', {
        t: tick,
        l: () => seen.push([shown(made), made.isLoading(), made.snapshot()]),
        a: () => symbol.set('AAPL.US'),
        n: () => symbol.set(undefined),
      });
      t.flush();
      expect(seen).toEqual([
        ['idle 0 value', false, { status: 'idle', value: 0 }],
        ['loading 0 value', true, { status: 'loading', value: 0 }],
        ['resolved 1 value', false, { status: 'resolved', value: 1 }],
        ['idle 0 value', false, { status: 'idle', value: 0 }],
        ['idle 0 value', false, { status: 'idle', value: 0 }],
      ]);
      expect(made.reload()).toBe(false);
    }),
  );

  it(
    'holds what an operator throws, away from the ErrorHandler, and starts it anew when told to',
    onFeed(({ serve, component, errors }, t) => {
      const feed$ = t.hot('-a-b-c', { a: aTrade({ price: 1 }), b: aTrade({ price: 2 }), c: aTrade({ price: 3 }) });
      serve(() => feed$);
      const odd = map((value: number) => {
        if (value === 2) throw new RangeError('even');
        return value;
      });
      const { made } = component(() => feedResource({ topics: apple, every: 'value' }, ofKind('trade'), price, odd));
      const seen: unknown[] = [];
      act(t, '                          --l-l-l', { l: () => (seen.push(shown(made)), made.reload()) });
      t.flush();
      expect(seen).toEqual(['resolved 1 value', 'error 1 RangeError', 'resolved 3 value']);
      expect(errors).toEqual([]);
    }),
  );

  it(
    'is an error when the feed ends without any data, and what it was when it ends with some',
    onFeed(({ serve, component }, t) => {
      serve((topics$) =>
        concat(
          topics$.pipe(
            take(1),
            map(([topic]) => aTrade({ ...topic, price: 1 })),
          ),
          of(connected),
        ),
      );
      const { made } = component(() => [
        feedResource(apple, ofKind('quote')),
        feedResource(apple, ofKind('trade'), price),
      ]);
      t.flush();
      expect(made.map(shown)).toEqual(['error Error', 'resolved 1 value']);
      expect(made[0]?.error()?.message).toBe('the feed has ended before any data came');
      expect(made[0]?.snapshot()).toEqual({ status: 'error', error: made[0]?.error() });
    }),
  );

  it(
    'may be destroyed by what it makes happen',
    onFeed(({ serve, component }, t) => {
      const feed$ = t.hot<FeedEvent>('-(ab)', { a: aTrade({ price: 1 }), b: aTrade({ price: 2 }) });
      serve(() => feed$);
      const { made, destroy } = component(() =>
        feedResource(
          { topics: apple, every: 'value' },
          ofKind('trade'),
          price,
          tap(() => destroy()),
        ),
      );
      t.expectSubscriptions(feed$.subscriptions).toBe('^!');
      t.flush();
      expect(made.value()).toBeUndefined();
      expect(made.reload()).toBe(false);
    }),
  );

  it('belongs to the injector that it is given, and names itself where there is none', async () => {
    const { component } = await application(provideFeed(() => () => NEVER));
    const { made: injector } = component(() => inject(Injector));
    expect(feedResource({ topics: apple, injector }).status()).toBe('loading');
    expect(injectEvents({ topics: () => apple, initial: 0, injector })()).toBe(0);
    expect(injectLink(undefined, { injector })().state).toBe('connecting');
    expect(injectFeed(undefined, { injector }).reload()).toBe(false);
    expect(() => feedResource(apple)).toThrow(/^NG0203: feedResource\(\) can only be used within an injection context/);
    expect(() => injectEvents(apple)).toThrow(/NG0203: injectEvents\(\)/);
    expect(() => injectLink()).toThrow(/NG0203: injectLink\(\)/);
    expect(() => injectFeed()).toThrow(/NG0203: injectFeed\(\)/);
  });

  it(
    'takes as many operators as there are',
    onFeed(({ serve, component }, t) => {
      serve(() => merge(of(aTrade({ price: 1 })), NEVER));
      const more = map((n: number) => n + 1);
      const { made } = component(() =>
        feedResource(
          { topics: [...apple, ...quotes('AAPL.US'), ...klines('1m', 'AAPL.US')], initial: 'none' },
          ofKind('trade'),
          price,
          more,
          map((n) => n + 1),
          more,
          more,
          more,
          more,
          more,
          more,
          more,
          map((n: number) => ({ n })),
        ),
      );
      const value: string | { n: number } = made.value();
      expect(value).toBe('none');
      t.flush();
      expect(made.value()).toEqual({ n: 10 });
    }),
  );

  it(
    'says to operators that a topic was left, so that nothing waits for it after an outage',
    onFeed(({ serve, component, tick }, t) => {
      const outage$ = t.hot<FeedEvent>('-----------x-c-s', {
        x: { ...disconnected, receivedAt: 11 },
        c: { ...resumed, receivedAt: 13 },
        s: { ...subscribed, receivedAt: 15 },
      });
      serve((topics$) => {
        const told$ = topics$.pipe(map((topics): FeedEvent => ({ ...subscribed, topics })));
        return merge(of(connected), told$, outage$, of(aTrade()));
      });
      const symbols = signal(['AAPL.US', '700.HK']);
      const { made } = component(() => feedResource({ topics: () => trades(...symbols()), every: 'value' }));
      const seen: unknown[] = [];
      act(t, '-t-l-s-t----l----l', { t: tick, s: () => symbols.set(['AAPL.US']), l: () => seen.push(made.status()) });
      t.flush();
      expect(seen).toEqual(['resolved', 'reloading', 'resolved']);
    }),
  );
});
