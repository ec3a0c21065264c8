import { expectTypeOf } from 'expect-type';
import type {
  Backfilled,
  Bbo,
  CaughtUp,
  Connected,
  Depth,
  Disconnected,
  Diverged,
  FeedErrorData,
  FeedEvent,
  Kline,
  Lagging,
  Latency,
  Level,
  LinkEvent,
  MarketEvent,
  Quote,
  Recovered,
  Refused,
  StandbyLost,
  Subscribed,
  Switched,
  Topic,
  Trade,
  Undecodable,
  Unexpected,
  Unsubscribed,
} from '../../lib/index.js';
import { isMarketEvent } from '../../lib/index.js';
import { aQuote } from '../../lib/testing/index.js';

/** Compiles only as long as every kind of event has its case. */
const nameOf = (event: FeedEvent): string => {
  switch (event.kind) {
    case 'trade':
      return `${event.symbol} ${event.price}`;
    case 'quote':
      return `${event.symbol} ${event.last}`;
    case 'depth':
      return `${event.symbol} ${event.bids.length}`;
    case 'bbo':
      return `${event.symbol} ${event.bid?.price}`;
    case 'kline':
      return `${event.symbol} ${event.interval}`;
    case 'connected':
      return `after ${event.attempt}`;
    case 'disconnected':
      return event.cause._tag;
    case 'subscribed':
    case 'unsubscribed':
      return `${event.topics.length} topics`;
    case 'unexpected':
      return event.topic.symbol;
    case 'refused':
      return event.reason;
    case 'undecodable':
      return event.frame;
    case 'latency':
      return `${event.roundTrip} ms`;
    case 'backfilled':
    case 'recovered':
      return event.outcome;
    case 'switched':
      return `${event.from} to ${event.to}`;
    case 'standbyLost':
      return event.cause.message;
    case 'diverged':
      return `${event.prices.primary} ${event.prices.secondary}`;
    case 'lagging':
    case 'caughtUp':
      return `${event.lag} ms`;
  }
};

describe('the type of a feed event', () => {
  it('is narrowed by its kind', () => {
    expect(nameOf(aQuote({ symbol: '700.HK', last: 400 }))).toBe('700.HK 400');
    expectTypeOf<Extract<FeedEvent, { kind: 'trade' }>>().toEqualTypeOf<Trade>();
    expectTypeOf<Extract<FeedEvent, { kind: 'kline' }>>().toEqualTypeOf<Kline>();
    expectTypeOf<Extract<FeedEvent, { kind: 'disconnected' }>>().toEqualTypeOf<Disconnected>();
  });

  it('is of the market or of the link', () => {
    expectTypeOf<MarketEvent>().toEqualTypeOf<Trade | Quote | Depth | Bbo | Kline>();
    expectTypeOf<LinkEvent>().toEqualTypeOf<
      | Connected
      | Disconnected
      | Subscribed
      | Unsubscribed
      | Refused
      | Unexpected
      | Undecodable
      | Latency
      | Backfilled
      | Recovered
      | Switched
      | StandbyLost
      | Diverged
      | Lagging
      | CaughtUp
    >();
    expectTypeOf<FeedEvent>().toEqualTypeOf<MarketEvent | LinkEvent>();
    const event = aQuote() as FeedEvent;
    if (isMarketEvent(event)) expectTypeOf(event).toEqualTypeOf<MarketEvent>();
    else expectTypeOf(event).toEqualTypeOf<LinkEvent>();
  });

  it('says of the market who, what and when', () => {
    expectTypeOf<MarketEvent['provider']>().toBeString();
    expectTypeOf<MarketEvent['symbol']>().toBeString();
    expectTypeOf<MarketEvent['time']>().toBeNumber();
    expectTypeOf<FeedEvent['receivedAt']>().toBeNumber();
  });

  it('cannot be changed by one of many readers', () => {
    const quote = aQuote();
    // @ts-expect-error another subscriber reads it too
    quote.last = 1;
    expectTypeOf<Depth['bids']>().toEqualTypeOf<readonly Level[]>();
  });

  it('says of the link what a gap needs', () => {
    expectTypeOf<Connected['resumed']>().toEqualTypeOf<
      { readonly from: number; readonly to: number; readonly lost?: number | undefined } | undefined
    >();
    expectTypeOf<Disconnected['cause']>().toEqualTypeOf<FeedErrorData>();
    expectTypeOf<Disconnected['retryAt']>().toBeNumber();
    expectTypeOf<Refused['topics']>().toEqualTypeOf<readonly Topic[]>();
    expectTypeOf<Undecodable['problems']>().toEqualTypeOf<readonly string[]>();
  });

  it('says of a bar how far it can be trusted', () => {
    expectTypeOf<Pick<Kline, 'closed' | 'revision' | 'coverage' | 'source' | 'missedVolume'>>().toEqualTypeOf<{
      readonly closed: boolean;
      readonly revision: number;
      readonly coverage: number;
      readonly source: 'trades' | 'quotes' | 'provider' | 'backfill' | 'empty';
      readonly missedVolume: number;
    }>();
  });
});
