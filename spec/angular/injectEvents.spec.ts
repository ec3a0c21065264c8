import { computed, InjectionToken, NgZone, PLATFORM_ID, signal } from '@angular/core';
import { concat, defer, from, interval, map, NEVER, Observable, of, scan, switchMap, tap, throwError } from 'rxjs';
import { injectEvents, injectFeed, injectLink, provideFeed, type ProvidedFeed } from '../../lib/angular/index.js';
import type { MakeFeed } from '../../lib/share/shareFeed.js';
import { InvalidOption, InvalidTopic, Unauthorized } from '../../lib/model/errors.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes, trades, type Topic } from '../../lib/model/topic.js';
import { ofKind } from '../../lib/operators/ofKind.js';
import { aTrade } from '../../lib/testing/builders.js';
import { marbles } from '../../lib/testing/marbles.js';
import { connected } from '../share/linkEvents.js';
import { application } from './application.js';
import { act, apple, onFeed, price } from './onFeed.js';

describe('injectEvents', () => {
  it(
    'is written once a frame, whatever the rate',
    onFeed(({ serve, component }, t) => {
      const seen = new Set<number | undefined>();
      const events$ = interval(1).pipe(
        map((ms) => Array.from({ length: 10 }, (_, i) => aTrade({ price: 10 * ms + i }))),
        tap(() => seen.add(value())),
      );
      serve(() => new Observable((feed) => events$.subscribe((batch) => batch.forEach((event) => feed.next(event)))));
      const { made: value, destroy } = component(() => injectEvents(apple, ofKind('trade'), price));
      act(t, '1001ms x', { x: destroy });
      t.flush();
      // 10,000 events in a second, and a frame every 16 ms after something came.
      expect(seen.size).toBeGreaterThan(50);
      expect(seen.size).toBeLessThan(65);
    }),
  );

  it(
    'waits for the frames of the browser where there are any',
    onFeed(({ serve, component }, t) => {
      Object.assign(globalThis, { requestAnimationFrame: () => 0 });
      t.animate('         ---------x----');
      serve(() => t.hot('-a-b-', { a: aTrade({ price: 1 }), b: aTrade({ price: 2 }) }));
      const { made } = component(() => injectEvents(apple, ofKind('trade'), price));
      const seen: unknown[] = [];
      act(t, '         -----a---b---', { a: () => seen.push(made()), b: () => seen.push(made()) });
      t.flush();
      Reflect.deleteProperty(globalThis, 'requestAnimationFrame');
      expect(seen).toEqual([undefined, 2]);
    }),
  );

  it.each([
    ['value' as const, [1, 2, 2, 3]],
    [3, [0, 0, 2, 2]],
  ])('keeps another pace when asked to: %s', (every, expected) =>
    onFeed(({ serve, component }, t) => {
      serve(() => t.hot('-a-b---c-', { a: aTrade({ price: 1 }), b: aTrade({ price: 2 }), c: aTrade({ price: 3 }) }));
      const { made } = component(() => injectEvents({ topics: apple, initial: 0, every }, ofKind('trade'), price));
      const seen: number[] = [];
      act(t, '           --w-w-w-w', { w: () => seen.push(made()) });
      t.flush();
      expect(seen).toEqual(expected);
    })(),
  );

  it('refuses a pace that is no time', async () => {
    const { component } = await application(provideFeed(() => () => NEVER));
    expect(() => component(() => injectEvents({ topics: apple, every: -1 }))).toThrow(InvalidOption);
  });

  it(
    'follows topics that are signals, and lets go of nothing that stays',
    onFeed(({ serve, component, tick }, t) => {
      const lists: string[] = [];
      const feed$ = t.hot<FeedEvent>('--c-a---b---', {
        c: connected,
        a: aTrade({ symbol: 'AAPL.US' }),
        b: aTrade({ symbol: '700.HK' }),
      });
      serve((topics$) => {
        const noted$ = topics$.pipe(tap((list) => lists.push(list.map(({ symbol }) => symbol).join(' '))));
        return new Observable((feed) => feed$.subscribe(feed).add(noted$.subscribe()));
      });
      const symbols = signal(['AAPL.US']);
      const heard = scan((all: readonly string[], { kind }: FeedEvent) => [...all, kind], []);
      const { made } = component(() => injectEvents(() => trades(...symbols()), heard));
      act(t, 't----u-----v 20ms w', {
        t: tick,
        u: () => (symbols.set(['AAPL.US', '700.HK']), tick()),
        v: () => (symbols.set(['0700.HK']), tick()),
        w: () => (seen.push(made()), symbols.set([]), seen.push(made()), tick()),
      });
      const seen: unknown[] = [];
      t.flush();
      expect(lists).toEqual(['AAPL.US', 'AAPL.US 700.HK', '700.HK']);
      // What was said of Tencent is said again in its new spelling; what was said of Apple and the link is not.
      expect(seen).toEqual([['connected', 'trade', 'trade', 'trade'], undefined]);
    }),
  );

  it(
    'never has the value of a topic that is gone, not even before the next effect',
    onFeed(({ serve, component, tick }, t) => {
      serve((topics$) =>
        topics$.pipe(
          switchMap((topics) => from(topics)),
          map(({ symbol }) => aTrade({ symbol, price: symbol === 'AAPL.US' ? 1 : 2 })),
        ),
      );
      const symbol = signal('AAPL.US');
      const heard = scan((all: readonly string[], { symbol }: { readonly symbol: string }) => [...all, symbol], []);
      const { made } = component(() => ({
        price: injectEvents({ topics: () => trades(symbol()), initial: 0 }, ofKind('trade'), price),
        symbols: injectEvents(() => trades(symbol()), ofKind('trade'), heard),
      }));
      const seen: unknown[] = [];
      const look = (): void => void seen.push([made.price(), made.symbols()]);
      act(t, 't 20ms c t 20ms (ct) 2ms (ct) 30ms l', {
        t: tick,
        c: () => (look(), symbol.update((now) => (now === 'AAPL.US' ? '700.HK' : 'AAPL.US')), look()),
        l: look,
      });
      t.flush();
      expect(seen).toEqual([
        [1, ['AAPL.US']],
        [0, undefined],
        [2, ['700.HK']],
        [0, undefined],
        // A value waits for its frame, and is gone with its topic.
        [0, undefined],
        [0, undefined],
        [2, ['700.HK']],
      ]);
    }),
  );

  it(
    'lets go of the feed with its injector',
    onFeed(({ serve, component }, t) => {
      const feed$ = t.hot<FeedEvent>('---');
      serve(() => feed$);
      const { destroy } = component(() => injectEvents([...apple, ...quotes('AAPL.US')]));
      act(t, '                                 -----x', { x: destroy });
      t.expectSubscriptions(feed$.subscriptions).toBe('^----!');
    }),
  );

  it(
    'keeps its last value when the feed ends, and leaves the error to the link',
    onFeed(({ serve, component, errors }, t) => {
      serve(() =>
        concat(
          of(aTrade({ price: 7 })),
          throwError(() => new Unauthorized('no such key')),
        ),
      );
      const { made } = component(() => ({ value: injectEvents(apple, ofKind('trade'), price), link: injectLink() }));
      t.flush();
      expect(made.value()).toBe(7);
      expect(made.link()).toMatchObject({ state: 'ended', cause: new Unauthorized('no such key') });
      expect(errors).toEqual([]);
    }),
  );

  it(
    'hands what an operator or the topics throw to the ErrorHandler',
    onFeed(({ serve, component, errors, tick }, t) => {
      serve(() => concat(of(aTrade()), NEVER));
      const bug = new Error('a bug');
      const fail = map((): number => {
        throw bug;
      });
      const { made } = component(() => [
        injectEvents(apple, fail),
        injectEvents([{ channel: 'trade', symbol: 'no venue' }]),
        injectEvents(() => trades('no venue')),
      ]);
      act(t, '-t', { t: tick });
      t.flush();
      expect(made.map((value) => value())).toEqual([undefined, undefined, undefined]);
      expect(errors.map((error) => (error as Error).constructor)).toEqual([Error, InvalidTopic, InvalidTopic]);
    }),
  );

  it('subscribes outside the zone of Angular, so that an event causes no change detection', async () => {
    let outside = false;
    const where: boolean[] = [];
    const zone = {
      runOutsideAngular: <T>(work: () => T): T => {
        outside = true;
        try {
          return work();
        } finally {
          outside = false;
        }
      },
    };
    const note$ = defer(() => (where.push(outside), NEVER));
    const { component } = await application(provideFeed(() => ({ watch: () => note$ })));
    component(() => injectEvents(apple), { provide: NgZone, useValue: zone });
    expect(where).toEqual([true]);
  });

  it('asks for nothing on the server, and the application is stable', async () => {
    let made = 0;
    const makeFeed = (): MakeFeed => ((made += 1), () => NEVER);
    const app = await application(provideFeed(makeFeed), { provide: PLATFORM_ID, useValue: 'server' });
    const symbols = signal(['AAPL.US']);
    const { made: page } = app.component(() => ({
      value: injectEvents({ topics: computed(() => trades(...symbols())), initial: 'no price yet' }),
      link: injectLink(),
    }));
    app.tick();
    await app.whenStable();
    expect(made).toBe(0);
    expect(page.value()).toBe('no price yet');
    expect(page.link().state).toBe('server');
  });

  it('takes its events from the feed that is named', async () => {
    const OTHER = new InjectionToken<ProvidedFeed>('other');
    const app = await application(
      provideFeed(() => () => of(aTrade({ price: 1 }))),
      provideFeed(() => injectFeedOf(OTHER)),
      provideFeed(() => () => concat(of(aTrade({ price: 2 })), NEVER), { token: OTHER }),
    );
    marbles(({ flush }) => {
      const watch = () => [
        injectEvents(apple, ofKind('trade'), price),
        injectEvents({ topics: apple, feed: OTHER }, ofKind('trade'), price),
      ];
      const { made } = app.component(watch);
      flush();
      expect(made.map((value) => value())).toEqual([2, 2]);
    })();
  });
});

/** A feed made of another one, as a desk that merges its vendors would. */
const injectFeedOf = (token: InjectionToken<ProvidedFeed>) => {
  const { watch } = injectFeed(token);
  return { watch: (topics: readonly Topic[]) => watch(topics) };
};
