import { flattenError } from '../../lib/model/errorData.js';
import { filter, map, repeat, switchMap, takeUntil, tap, timer } from 'rxjs';
import { ConnectionLost, HandshakeRefused, HeartbeatMissed } from '../../lib/model/errors.js';
import { isMarketEvent, type FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes } from '../../lib/model/topic.js';
import { tickflow } from '../../lib/providers/tickflow/index.js';
import { aQuote, aTrade } from '../../lib/testing/builders.js';
import { marbles } from '../../lib/testing/marbles.js';
import type { VendorAct } from '../../lib/testing/server/Dialect.js';

const lost = flattenError(new ConnectionLost(1006));
const link = { provider: 'test' } as const;

describe('feed', () => {
  it(
    'tells data and the link as a provider does, by the virtual clock',
    marbles(({ feed, expectObservable }) => {
      const values = { t: aTrade(), q: { kind: 'quote', last: 7 } } as const;
      expectObservable(feed('-c-t-q-x--c-|', values)).toBe('-c-t-q-x--C-|', {
        c: { ...link, kind: 'connected', receivedAt: 1, attempt: 1, resumed: undefined },
        t: aTrade({ time: 3, receivedAt: 3 }),
        q: aQuote({ last: 7, time: 5, receivedAt: 5 }),
        x: { ...link, kind: 'disconnected', receivedAt: 7, cause: lost, attempt: 1, retryAt: 10 },
        C: { ...link, kind: 'connected', receivedAt: 10, attempt: 1, resumed: { from: 5, to: 10 } },
      });
    }),
  );

  it(
    'counts the attempts of an outage, and anew after data',
    marbles(({ feed, expectObservable }) => {
      const seen: unknown[] = [];
      const note = (event: FeedEvent): unknown =>
        (event.kind === 'connected' || event.kind === 'disconnected') && seen.push([event.kind, event.attempt]);
      expectObservable(feed('xxcxxctxc|', { t: aTrade() }).pipe(tap(note))).toBe('xxcxxctxc|', anything('xct'));
      timer(20).subscribe(() =>
        expect(seen).toEqual([
          ['disconnected', 1],
          ['disconnected', 2],
          ['connected', 3],
          ['disconnected', 3],
          ['disconnected', 4],
          ['connected', 5],
          ['disconnected', 1],
          ['connected', 1],
        ]),
      );
    }),
  );

  it(
    'counts anew after a session of thirty seconds, as a provider does',
    marbles(({ feed, expectObservable }) => {
      expectObservable(feed('xc 30s xc')).toBe('xc 30s yd', {
        ...anything('xc'),
        y: expect.objectContaining({ attempt: 1, retryAt: 30_003 }),
        d: expect.objectContaining({ attempt: 1, resumed: { from: 1, to: 30_003 } }),
      });
    }),
  );

  it(
    'tells of losses, refused attempts and returns what TickFlow tells of the same',
    marbles(({ feed, server, expectObservable }) => {
      const vendor = server('tickflow');
      const refusing: VendorAct = ({ refuse, drop }) => {
        refuse(503);
        drop();
      };
      vendor.says('----q-r---a------q--x', { q: aQuote(), r: refusing, a: ({ accept }) => accept() });
      const { openSocket } = vendor;
      const real$ = tickflow({ apiKey: 'demo', topics: quotes('AAPL.US'), openSocket, backoff: () => 3 });
      const y = { kind: 'disconnected', cause: flattenError(new HandshakeRefused(503)) } as const;
      const s = { kind: 'subscribed', topics: quotes('AAPL.US') } as const;
      const drawn$ = feed('(cs)q-x--y--(cs)-q--x--(cs)-|', { q: aQuote({ provider: 'tickflow' }), s, y });
      const link = filter((event: FeedEvent) => !isMarketEvent(event));
      // A provider names its feed; what is drawn by hand belongs to the feed named as its provider.
      const unnamed = map((event: FeedEvent) =>
        Object.fromEntries(Object.entries(event).filter(([key]) => key !== 'feed')),
      );
      expectObservable(real$.pipe(link, unnamed, takeUntil(timer(28)))).toEqual(drawn$.pipe(link));
    }),
  );

  it(
    'leaves alone what a value says itself',
    marbles(({ feed, expectObservable }) => {
      const cause = new HeartbeatMissed(9);
      const values = {
        t: aTrade({ time: 40, receivedAt: 41 }),
        y: { kind: 'disconnected', cause, attempt: 9 },
      } as const;
      expectObservable(feed('-t-y', values)).toBe('-t-y', {
        t: aTrade({ time: 40, receivedAt: 41 }),
        y: { ...link, kind: 'disconnected', receivedAt: 3, cause, attempt: 9, retryAt: 3 },
      });
    }),
  );

  it(
    'has every kind of event, and gives those of the link the provider of the data',
    marbles(({ feed, expectObservable }) => {
      const provider = 'acme';
      const values = {
        d: { kind: 'depth' },
        k: { kind: 'kline' },
        r: { kind: 'refused', reason: 'no' },
        u: { kind: 'undecodable' },
        l: { kind: 'latency', roundTrip: 3 },
        t: aTrade({ provider }),
      } as const;
      const named = (kind: string): unknown => expect.objectContaining({ kind, provider });
      expectObservable(feed('cdkrult', values)).toBe('cdkrult', {
        c: named('connected'),
        d: named('depth'),
        k: named('kline'),
        r: { kind: 'refused', provider, topics: [], reason: 'no', receivedAt: 3 },
        u: { kind: 'undecodable', provider, frame: '', problems: [], receivedAt: 4 },
        l: { kind: 'latency', provider, roundTrip: 3, receivedAt: 5 },
        t: aTrade({ provider, time: 6, receivedAt: 6 }),
      });
    }),
  );

  it(
    'is cold: its times count from its subscription, which it remembers',
    marbles(({ feed, expectObservable, expectSubscriptions }) => {
      const feed$ = feed('-t|', { t: aTrade() });
      expectObservable(timer(5).pipe(switchMap(() => feed$.pipe(repeat(2))))).toBe('------t-u|', {
        t: aTrade({ time: 6, receivedAt: 6 }),
        u: aTrade({ time: 8, receivedAt: 8 }),
      });
      expectSubscriptions(feed$.subscriptions).toBe(['-----^-!', '-------^-!']);
    }),
  );

  it('throws for a letter without a value, and for a reserved one of another kind', () => {
    const drawing = (diagram: string, values = {}): (() => void) => marbles(({ feed }) => void feed(diagram, values));
    expect(drawing('-c 5ms t-z', { t: aTrade() })).toThrow('the letter z of the diagram "-c 5ms t-z" has no value');
    expect(drawing('-c', { c: aTrade() })).toThrow('the letter c is kept for "connected"');
    expect(drawing('-x', { x: aQuote() })).toThrow('the letter x is kept for "disconnected"');
  });
});

describe('hotFeed', () => {
  it(
    'goes on whoever listens',
    marbles(({ hotFeed, expectObservable, expectSubscriptions }) => {
      const feed$ = hotFeed('-t-t-(xc)-#', { t: aTrade() }, lost);
      expectObservable(feed$, '--^').toBe(
        '   ---t-(xc)-#',
        {
          t: aTrade({ time: 3, receivedAt: 3 }),
          x: expect.objectContaining({ receivedAt: 5, retryAt: 5 }),
          c: expect.objectContaining({ receivedAt: 5, resumed: { from: 3, to: 5 } }),
        },
        lost,
      );
      expectSubscriptions(feed$.subscriptions).toBe('--^-------!');
    }),
  );
});

/** Letters that stand for whatever comes. */
function anything(letters: string): Record<string, unknown> {
  return Object.fromEntries(Array.from(letters).map((letter) => [letter, expect.anything()]));
}
