import type { Signal } from '@angular/core';
import { EMPTY, NEVER, Subscription, type Observable } from 'rxjs';
import { injectFeed, injectLink, provideFeed, type LinkState } from '../../lib/angular/index.js';

import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { trades } from '../../lib/model/topic.js';
import { marbles } from '../../lib/testing/marbles.js';
import { application } from './application.js';

const apple = trades('AAPL.US');

describe('injectLink', () => {
  it('tells how the link is, and what its last gap was', async () => {
    let feed$: Observable<FeedEvent> = NEVER;
    const { component } = await application(provideFeed(() => () => feed$));
    marbles(({ cold, feed, flush }) => {
      feed$ = feed('  -c-l-x---c-u----', {
        l: { kind: 'latency', roundTrip: 12 },
        u: { kind: 'undecodable' },
      });
      const { made } = component(() => ({ feed: injectFeed(), link: injectLink() }));
      const states: LinkState[] = [];
      const work = new Subscription();
      const deeds: Record<string, () => void> = {
        w: () => (work.add(made.feed.watch(apple).subscribe()), work.add(made.feed.watch(apple).subscribe())),
        r: () => states.push(made.link()),
        u: () => work.unsubscribe(),
      };
      cold('          (rwr)').subscribe((deed) => deeds[deed]?.());
      cold('          --r-r-r---r--ur-').subscribe((deed) => deeds[deed]?.());
      flush();
      const none = {
        provider: undefined,
        lastGap: undefined,
        cause: undefined,
        retryAt: undefined,
        roundTrip: undefined,
      };
      const lastGap = { from: 3, to: 9 };
      expect(states.map(({ state }) => state)).toEqual(['idle', 'connecting', 'live', 'live', 'lost', 'live', 'idle']);
      expect(states[1]).toEqual({ ...none, state: 'connecting' });
      expect(states[3]).toMatchObject({ provider: 'test', roundTrip: 12, lastGap: undefined });
      expect(states[4]?.cause).toMatchObject({ _tag: 'ConnectionLost' });
      expect(states[4]?.retryAt).toBeGreaterThan(0);
      expect(states[5]).toMatchObject({ cause: undefined, retryAt: undefined, roundTrip: 12, lastGap });
      expect(states[6]).toEqual({ ...none, state: 'idle', lastGap });
    })();
  });

  it('tells which line of a standby serves since when, and what neither had', async () => {
    let feed$: Observable<FeedEvent> = NEVER;
    const { component } = await application(provideFeed(() => () => feed$));
    marbles(({ cold, feed, flush }) => {
      const facts = { kind: 'switched', provider: 'other', left: 'test', receivedAt: 1 } as const;
      const cause = { _tag: 'PrimaryFresh', message: 'back' } as const;
      const there = {
        ...facts,
        symbols: 'all',
        from: 'primary',
        to: 'secondary',
        cause,
        hole: { from: 2, to: 5 },
      } as const;
      const back = { ...facts, symbols: 'all', from: 'secondary', to: 'primary', provider: 'test', cause } as const;
      feed$ = feed('  c-l-p-s---x-c-b--', {
        l: { kind: 'latency', provider: 'test', roundTrip: 12 },
        p: { ...there, symbols: ['AAPL.US'] },
        s: there,
        b: back,
      });
      const { made } = component(() => ({ feed: injectFeed(), link: injectLink() }));
      const states: LinkState[] = [];
      const work = made.feed.watch(apple).subscribe();
      cold('          -----r-r---r-r-r-').subscribe(() => states.push(made.link()));
      flush();
      work.unsubscribe();
      // One symbol alone leaves the feed where it is.
      expect(states[0]).toMatchObject({
        state: 'live',
        provider: 'test',
        switched: undefined,
        lastGap: undefined,
        roundTrip: 12,
      });
      expect(states[1]).toMatchObject({ state: 'live', provider: 'other', switched: there, lastGap: there.hole });
      expect(states[1]?.roundTrip).toBeUndefined();
      expect(states[2]).toMatchObject({ state: 'lost', switched: there });
      expect(states[3]).toMatchObject({ state: 'live', switched: there });
      expect(states[4]).toMatchObject({ state: 'live', provider: 'test', switched: back });
      expect(made.link().switched).toBeUndefined();
    })();
  });

  it('is over when the feed completes, and connects anew for who comes after that', async () => {
    const { component } = await application(provideFeed(() => () => EMPTY));
    const { made } = component(() => ({ feed: injectFeed(), link: injectLink() }));
    const stateOf = (link: Signal<LinkState>): string => link().state;
    made.feed.watch(apple).subscribe();
    expect(stateOf(made.link)).toBe('ended');
    expect(made.link().cause).toBeUndefined();
    let whileWatching = '';
    made.feed.watch(apple).subscribe({ complete: () => (whileWatching = stateOf(made.link)) });
    expect(whileWatching).toBe('ended');
  });
});
