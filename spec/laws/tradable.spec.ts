import fc from 'fast-check';
import { calendars } from '../../lib/model/calendar/calendars.js';
import { flattenError } from '../../lib/model/errorData.js';
import { ConnectionLost } from '../../lib/model/errors.js';
import { feedNameOf, isMarketEvent, type FeedEvent } from '../../lib/model/feedEvent.js';
import { depths, quotes, topicKey, type Topic } from '../../lib/model/topic.js';
import { keepBook } from '../../lib/operators/depth/keepBook.js';
import { keepStaleness } from '../../lib/operators/staleness/keepStaleness.js';
import { keepTradable } from '../../lib/operators/tradable/keepTradable.js';
import type { Tradable } from '../../lib/operators/tradable/TradableOptions.js';
import { aDepth, aQuote } from '../../lib/testing/builders.js';

const AFTER = 50;
const SYMBOLS = ['A.US', 'B.US'] as const;
const FEEDS = ['one', 'two'] as const;
const cause = flattenError(new ConnectionLost(1006));

interface Step {
  readonly event: FeedEvent;
  readonly now: number;
}

const facts = fc.record({ provider: fc.constantFrom(...FEEDS) });
const symbol = fc.constantFrom(...SYMBOLS);
const topics = symbol.chain((of) => fc.constantFrom<readonly Topic[]>(quotes(of), depths(of)));
const sequence = fc.integer({ min: 1, max: 6 }).map((last) => ({ first: last, last }));

/** Events in any order, also such as no vendor sends. */
const events: fc.Arbitrary<FeedEvent> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({ provider: facts, of: symbol })
      .map(({ provider, of }) => aQuote({ ...provider, symbol: of })),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({ provider: facts, of: symbol, type: fc.constantFrom('snapshot' as const, 'update' as const), sequence })
      .map(({ provider, of, type, sequence: numbers }) => aDepth({ ...provider, symbol: of, type, sequence: numbers })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ provider: facts, of: symbol, status: fc.constantFrom('normal' as const, 'halted' as const) })
      .map(({ provider, of, status }) => aQuote({ ...provider, symbol: of, status })),
  },
  facts.map((of): FeedEvent => ({ ...of, receivedAt: 0, kind: 'connected', attempt: 1, resumed: undefined })),
  facts.map((of): FeedEvent => ({ ...of, receivedAt: 0, kind: 'disconnected', cause, attempt: 1, retryAt: 0 })),
  fc
    .record({ of: facts, topics })
    .map(({ of, topics: list }): FeedEvent => ({ ...of, receivedAt: 0, kind: 'subscribed', topics: list })),
  fc
    .record({ of: facts, topics })
    .map(({ of, topics: list }): FeedEvent => ({ ...of, receivedAt: 0, kind: 'unsubscribed', topics: list })),
  fc
    .record({ of: facts, topics })
    .map(({ of, topics: list }): FeedEvent => ({ ...of, receivedAt: 0, kind: 'refused', topics: list, reason: '' })),
);

/** Each event is received at a moment of its own: two that are equal to the letter are one that arrived twice. */
const histories = fc
  .array(fc.record({ event: events, wait: fc.integer({ min: 1, max: 80 }) }), { maxLength: 40 })
  .map((steps) => {
    let now = 1_000;
    return steps.map(({ event, wait }): Step => {
      now += wait;
      return { event: { ...event, receivedAt: now }, now };
    });
  });

/** What the separate operators say of a symbol after all this, put together by hand. */
const byHand = (history: readonly Step[], provider: string, of: string): readonly string[] | undefined => {
  const isOwn = ({ event }: Step): boolean => feedNameOf(event) === provider;
  const own = history.filter(isOwn).map(({ event }) => event);
  const keys = new Map<string, 'served' | 'awaited' | 'refused' | 'gone'>();
  let isDown = false;
  let isKnown = false;
  for (const event of own) {
    if (event.kind === 'connected') isDown = false;
    else if (event.kind === 'disconnected') {
      isDown = true;
      for (const [key, state] of keys) if (state === 'served') keys.set(key, 'awaited');
    } else if (event.kind === 'subscribed' || event.kind === 'unsubscribed' || event.kind === 'refused') {
      const state = { subscribed: 'served', unsubscribed: 'gone', refused: 'refused' } as const;
      for (const topic of event.topics) {
        if (topic.symbol !== of) continue;
        isKnown = true;
        keys.set(topicKey(topic), state[event.kind]);
      }
    } else if (isMarketEvent(event) && event.symbol === of) isKnown = true;
  }
  if (!isKnown) return undefined;
  const states = [...keys.values()];
  if (states.length > 0 && states.every((state) => state === 'gone')) return ['unsubscribed'];

  let state: string = 'silent';
  const staleness = keepStaleness({ after: AFTER, calendar: calendars.always }, (change) => {
    if (feedNameOf(change) !== provider) return;
    if (change.scope === 'symbol' && change.symbol === of) state = change.state;
    if (change.scope === 'link' && change.state === 'stale' && state === 'fresh') state = 'stale';
  });
  let dueAt = Infinity;
  for (const { event, now } of history) {
    while (dueAt <= now) dueAt = staleness.look(dueAt);
    dueAt = staleness.accept(event, now);
  }

  const reasons: string[] = isDown ? ['disconnected'] : states.includes('awaited') ? ['gap'] : [];
  if (states.includes('refused')) reasons.push('refused');
  if (state !== 'fresh') reasons.push(state);
  if (isBookMissing(own, of)) reasons.push('book');
  return reasons;
};

/** Whether there is a book, or one is wanted, that is not valid. */
const isBookMissing = (own: readonly FeedEvent[], of: string): boolean => {
  let keeper: ReturnType<typeof keepBook> | undefined;
  let isValid = false;
  for (const event of own) {
    if (event.kind === 'depth' && event.symbol === of) {
      keeper ??= keepBook();
      isValid = keeper.apply(event)?.valid ?? isValid;
    } else if (event.kind === 'disconnected') {
      keeper?.invalidate(0);
      isValid = false;
    } else if ('topics' in event && event.topics.some((topic) => topic.symbol === of && topic.channel === 'depth')) {
      if (event.kind === 'subscribed') keeper ??= keepBook();
      else [keeper, isValid] = [undefined, false];
    }
  }
  return keeper !== undefined && !isValid;
};

describe('the law of tradable', () => {
  it('is what the link, the topics, staleness and the book say one by one, after each event, and is said once', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const said = new Map<string, Tradable>();
        let dueAt = Infinity;
        const keeper = keepTradable({ after: AFTER, calendar: calendars.always }, (change) => {
          const key = `${feedNameOf(change)} ${change.symbol}`;
          expect(change.reasons).not.toEqual(said.get(key)?.reasons);
          expect(change.tradable).toBe(change.reasons.length === 0);
          said.set(key, change);
        });
        history.forEach(({ event, now }, at) => {
          while (dueAt <= now) dueAt = keeper.look(dueAt);
          dueAt = keeper.accept(event, now);
          const past = history.slice(0, at + 1);
          for (const provider of FEEDS) {
            for (const of of SYMBOLS) {
              expect(said.get(`${provider} ${of}`)?.reasons).toEqual(byHand(past, provider, of));
              expect(keeper.of({ provider, symbol: of })).toBe(said.get(`${provider} ${of}`));
            }
          }
        });
      }),
    );
  });
});
