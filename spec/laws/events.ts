import {
  ConnectionLost,
  flattenError,
  type Connected,
  type Depth,
  type Disconnected,
  type FeedEvent,
  type Kline,
  type Quote,
  type Subscribed,
  type Topic,
  type Trade,
  type Unsubscribed,
} from '../../lib/index.js';

/** Who says it. */
export interface Source {
  readonly provider?: string;
  readonly feed?: string;
}

const from = ({ provider = 'test', feed }: Source) => ({ provider, ...(feed !== undefined && { feed }) });

export const connectedAt = (
  receivedAt: number,
  resumed?: { readonly from: number; readonly to?: number },
  source: Source = {},
): Connected => ({
  kind: 'connected',
  ...from(source),
  receivedAt,
  attempt: 1,
  resumed: resumed && { to: receivedAt, ...resumed },
});

export const disconnectedAt = (receivedAt: number, source: Source = {}): Disconnected => ({
  kind: 'disconnected',
  ...from(source),
  receivedAt,
  cause: flattenError(new ConnectionLost(1006)),
  attempt: 1,
  retryAt: receivedAt + 500,
});

export const subscribedAt = (receivedAt: number, topics: readonly Topic[], source: Source = {}): Subscribed => ({
  kind: 'subscribed',
  ...from(source),
  receivedAt,
  topics,
});

export const unsubscribedAt = (receivedAt: number, topics: readonly Topic[], source: Source = {}): Unsubscribed => ({
  kind: 'unsubscribed',
  ...from(source),
  receivedAt,
  topics,
});

const market = (symbol: string, at: number) => ({ provider: 'test', symbol, time: at, receivedAt: at });

export const quoteAt = (symbol: string, at: number, last: number, more: Partial<Quote> = {}): Quote => ({
  ...market(symbol, at),
  kind: 'quote',
  last,
  ...more,
});

export const tradeAt = (symbol: string, at: number, price: number, more: Partial<Trade> = {}): Trade => ({
  ...market(symbol, at),
  kind: 'trade',
  price,
  ...more,
});

export const depthAt = (symbol: string, at: number, more: Partial<Depth> = {}): Depth => ({
  ...market(symbol, at),
  kind: 'depth',
  type: 'snapshot',
  bids: [],
  asks: [],
  ...more,
});

export const klineAt = (symbol: string, at: number, more: Partial<Kline> = {}): Kline => ({
  ...market(symbol, at),
  kind: 'kline',
  interval: '1m',
  openTime: at,
  closeTime: at + 60_000,
  open: 100,
  high: 100,
  low: 100,
  close: 100,
  volume: 0,
  closed: false,
  revision: 0,
  coverage: 1,
  source: 'provider',
  missedVolume: 0,
  ...more,
});

/** A moment of a day in Shanghai and Hong Kong, `2026-01-15 09:30:01`. */
export const inChina = (moment: string): number => Date.parse(`${moment.replace(' ', 'T')}+08:00`);

/** The same event, said by another feed. */
export const saidBy = <E extends FeedEvent>(event: E, source: Source): E => ({ ...event, ...from(source) });
