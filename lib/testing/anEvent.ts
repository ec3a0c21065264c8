import { flattenError } from '../model/errorData.js';
import { ConnectionLost } from '../model/errors.js';
import type { FeedEvent } from '../model/feedEvent.js';
import type { MarketEvent } from '../model/marketEvent.js';
import { aDepth, aKline, aQuote, aTrade } from './builders.js';

type Partly<E extends { readonly kind: string }> = E extends unknown ? Pick<E, 'kind'> & Partial<E> : never;

/** An event of a feed of which only the `kind` has to be said; the builders' defaults are the rest. */
export type FeedValue = Partly<FeedEvent>;

/** An event of the market of which only the `kind` has to be said. */
export type MarketValue = Partly<MarketEvent>;

const base = { provider: 'test', receivedAt: 0 } as const;

/** The market event that a value stands for. */
export const aMarketEvent = (value: MarketValue): MarketEvent => {
  switch (value.kind) {
    case 'trade':
      return aTrade(value);
    case 'quote':
      return aQuote(value);
    case 'depth':
      return aDepth(value);
    case 'kline':
      return aKline(value);
  }
};

/** The event that a value stands for. */
export const anEvent = (value: FeedValue): FeedEvent => {
  switch (value.kind) {
    case 'connected':
      return { ...base, attempt: 1, resumed: undefined, ...value };
    case 'disconnected':
      return { ...base, cause: flattenError(new ConnectionLost(1006)), attempt: 1, retryAt: 0, ...value };
    case 'subscribed':
    case 'unsubscribed':
      return { ...base, topics: [], ...value };
    case 'unexpected':
      return { ...base, topic: { channel: 'trade', symbol: 'AAPL.US' }, count: 1, ...value };
    case 'refused':
      return { ...base, topics: [], reason: 'refused', ...value };
    case 'undecodable':
      return { ...base, frame: '', problems: [], ...value };
    case 'latency':
      return { ...base, roundTrip: 0, ...value };
    default:
      return aMarketEvent(value);
  }
};
