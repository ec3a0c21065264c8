import { flattenError } from '../../../lib/model/errorData.js';
import { ConnectionLost } from '../../../lib/model/errors.js';
import type { FeedEvent, LinkEvent } from '../../../lib/model/feedEvent.js';
import type { Topic } from '../../../lib/model/topic.js';
import type { Health, HealthOptions } from '../../../lib/operators/health/Health.js';
import { healthFold, type HealthEvent, type HealthFold } from '../../../lib/operators/health/healthFold.js';
import { aBbo, aDepth, aKline, aQuote, aTrade } from '../../../lib/testing/builders.js';

const provider = 'test';
const cause = flattenError(new ConnectionLost(1006));

/** Events of a feed `test`, by when they came. */
export const at = {
  connected: (receivedAt: number, from?: number, more: object = {}): FeedEvent => ({
    kind: 'connected',
    provider,
    receivedAt,
    attempt: 1,
    resumed: from === undefined ? undefined : { from, to: receivedAt, ...more },
  }),
  lost: (receivedAt: number, attempt = 1): FeedEvent => ({
    kind: 'disconnected',
    provider,
    receivedAt,
    cause,
    attempt,
    retryAt: receivedAt,
  }),
  served: (receivedAt: number, ...topics: readonly Topic[]): FeedEvent => ({
    kind: 'subscribed',
    provider,
    receivedAt,
    topics,
  }),
  left: (receivedAt: number, ...topics: readonly Topic[]): FeedEvent => ({
    kind: 'unsubscribed',
    provider,
    receivedAt,
    topics,
  }),
  refused: (receivedAt: number, ...topics: readonly Topic[]): FeedEvent => ({
    kind: 'refused',
    provider,
    receivedAt,
    topics,
    reason: 'no',
  }),
  said: (event: object): LinkEvent => ({ provider, receivedAt: 0, ...event }) as LinkEvent,
  trade: (receivedAt: number, id: number, more: object = {}): FeedEvent =>
    aTrade({ receivedAt, time: receivedAt, id, ...more }),
  quote: (receivedAt: number, volume: number, more: object = {}): FeedEvent =>
    aQuote({ receivedAt, time: receivedAt, volume, ...more }),
  update: (receivedAt: number, first: number, last = first): FeedEvent =>
    aDepth({ receivedAt, time: receivedAt, type: 'update', sequence: { first, last } }),
  snapshot: (receivedAt: number, last: number): FeedEvent =>
    aDepth({ receivedAt, time: receivedAt, sequence: { first: last, last } }),
  depth: (receivedAt: number): FeedEvent => aDepth({ receivedAt, time: receivedAt }),
  bbo: (receivedAt: number, more: object = {}): FeedEvent => aBbo({ receivedAt, time: receivedAt, ...more }),
  kline: (receivedAt: number, more: object = {}): FeedEvent => aKline({ receivedAt, ...more }),
};

/** What a vendor with numbered trades and books, and figures in its quotes, can detect. */
export const numbered = {
  provider,
  channels: { trade: 'ids', quote: 'figures', depth: 'sequence', bbo: 'none', kline: 'none' },
  link: 'pong',
  stamps: true,
} as const;

const always = {
  zone: 'UTC',
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  spans: [{ from: '00:00', to: '24:00' }],
};

/** A fold that has taken these events, around the clock if not said otherwise. */
export const folded = (events: readonly HealthEvent[], options: HealthOptions = {}): HealthFold => {
  const fold = healthFold({ calendar: always, capabilities: [numbered], ...options });
  events.forEach(fold.accept);
  return fold;
};

/** Its report at a moment. */
export const healthOf = (now: number, events: readonly HealthEvent[], options: HealthOptions = {}): Health =>
  folded(events, options).report(now);
