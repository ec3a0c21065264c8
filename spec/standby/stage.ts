import { asyncScheduler, defer, map } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { flattenError } from '../../lib/model/errorData.js';
import { ConnectionLost } from '../../lib/model/errors.js';
import { feedNameOf, type FeedEvent } from '../../lib/model/feedEvent.js';
import { trades } from '../../lib/model/topic.js';
import type { Feed } from '../../lib/share/shareFeed.js';
import { standby } from '../../lib/standby/standby.js';
import type { StandbyOptions } from '../../lib/standby/StandbyOptions.js';
import { aDepth, aTrade } from '../../lib/testing/builders.js';

export const SYMBOL = '700.HK';
export const OTHER = '5.HK';

/** What the letters of a line's diagram stand for. A digit is the trade of that price, a capital one of the other symbol. */
const lettersOf = (provider: string, feed: string): Readonly<Record<string, FeedEvent>> => {
  const facts = { provider, feed, receivedAt: 0 };
  const cause = flattenError(new ConnectionLost(1006));
  return {
    ...Object.fromEntries(
      Array.from({ length: 10 }, (_, n) => [String(n), aTrade({ ...facts, symbol: SYMBOL, price: n, time: n })]),
    ),
    ...Object.fromEntries(
      Array.from('ABCDE').map((letter, n) => [letter, aTrade({ ...facts, symbol: OTHER, price: 100 + n, time: n })]),
    ),
    c: { ...facts, kind: 'connected', attempt: 1, resumed: undefined },
    b: { ...facts, kind: 'connected', attempt: 1, resumed: { from: 9, to: 15 } },
    x: { ...facts, kind: 'disconnected', cause, attempt: 1, retryAt: 0 },
    s: { ...facts, kind: 'subscribed', topics: trades(SYMBOL) },
    r: { ...facts, kind: 'refused', topics: trades(OTHER), reason: 'no' },
    d: aDepth({ ...facts, symbol: SYMBOL, bids: [{ price: 1, size: 1 }], asks: [] }),
    e: aDepth({ ...facts, symbol: SYMBOL, bids: [{ price: 2, size: 1 }], asks: [] }),
    u: aDepth({ ...facts, symbol: SYMBOL, type: 'update', bids: [{ price: 3, size: 1 }], asks: [] }),
    l: { ...facts, kind: 'latency', roundTrip: 1 },
  };
};

/** An event in a word or two. */
export const wordOf = (event: FeedEvent): string => {
  const feed = feedNameOf(event);
  switch (event.kind) {
    case 'trade':
      return `${feed} ${event.price}`;
    case 'depth':
      return `${feed} ${event.type === 'update' ? 'update' : 'depth'} ${event.bids.map(({ price }) => price).join(' ')}`;
    case 'switched': {
      const symbols = event.symbols === 'all' ? '' : ` ${event.symbols.join(' ')}`;
      const hole = event.hole ? ` hole ${event.hole.from}-${event.hole.to}` : '';
      return `switched to ${feed}${symbols}${hole}`;
    }
    case 'connected':
      return `${feed} connected${event.resumed ? ` ${event.resumed.from}-${event.resumed.to}` : ''}`;
    default:
      return `${feed} ${event.kind}`;
  }
};

export interface Played {
  /** When each event came, and its word. */
  readonly heard: readonly string[];
  readonly events: readonly FeedEvent[];
  /** Of each line, how often it was subscribed to, and how often left. */
  readonly subscriptions: Readonly<Record<'primary' | 'secondary', number>>;
}

/** Plays two diagrams, which begin when they are subscribed to, and says what a standby makes of them, or another feed of two. */
export const play = (
  diagrams: { readonly primary: string; readonly secondary: string },
  options: StandbyOptions,
  {
    isSame = false,
    error,
    compose = (a$, b$) => standby(a$, b$, options),
  }: {
    readonly isSame?: boolean;
    readonly error?: unknown;
    readonly compose?: (primary$: Feed, secondary$: Feed) => Feed;
  } = {},
): Played => {
  const heard: string[] = [];
  const events: FeedEvent[] = [];
  const subscriptions = { primary: 0, secondary: 0 };
  new TestScheduler(() => undefined).run(({ cold, hot, flush }) => {
    const line = (name: 'primary' | 'secondary'): Feed => {
      const letters = lettersOf(isSame ? 'one' : name, name);
      // A hot line goes on whether it is listened to or not.
      const draw = options.mode === 'cold' && name === 'secondary' ? cold : hot;
      return draw(diagrams[name], letters, error).pipe(
        map((event) => {
          const receivedAt = asyncScheduler.now();
          return { ...event, receivedAt };
        }),
      );
    };
    const counted = (name: 'primary' | 'secondary'): Feed => {
      const source$ = line(name);
      return defer(() => {
        subscriptions[name] += 1;
        return source$;
      });
    };
    compose(counted('primary'), counted('secondary')).subscribe({
      next: (event) => {
        events.push(event);
        heard.push(`${asyncScheduler.now()} ${wordOf(event)}`);
      },
      error: (failed: unknown) => heard.push(`${asyncScheduler.now()} failed ${String(failed)}`),
      complete: () => heard.push(`${asyncScheduler.now()} completed`),
    });
    flush();
  });
  return { heard, events, subscriptions };
};
