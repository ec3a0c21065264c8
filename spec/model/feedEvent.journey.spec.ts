import {
  bbos,
  depths,
  klines,
  quotes,
  trades,
  type Depth,
  type FeedErrorData,
  type FeedEvent,
  type FeedEventKind,
  type Kline,
  type Quote,
  type QuoteStatus,
  type Trade,
} from '../../lib/index.js';
import { expectToTravel } from './journey.js';

/** Every field is said. */
type Full<E> = { readonly [K in keyof E]-?: Exclude<E[K], undefined> };
type Fully<K extends FeedEventKind> = Full<Extract<FeedEvent, { readonly kind: K }>>;

const link = { provider: 'itick', feed: 'itick:stock', receivedAt: 1_700_000_000_123 };
const market = { ...link, symbol: '00700.HK', time: 1_700_000_000_001, vendorTime: '2099-01-01T00:00:00Z' };
const topics = [
  ...trades('700.HK'),
  ...quotes('700.HK'),
  ...depths('700.HK'),
  ...bbos('700.HK'),
  ...klines('10m', '700.HK'),
];

const cause: FeedErrorData = { _tag: 'ConnectionLost', message: 'the connection was lost', code: 1006, reason: 'gone' };

const events: { readonly [K in FeedEventKind]: Fully<K> } = {
  connected: { ...link, kind: 'connected', attempt: 2, resumed: { from: 1_700_000_000_000, to: 1_700_000_000_123 } },
  disconnected: { ...link, kind: 'disconnected', cause, attempt: 1, retryAt: 1_700_000_000_500 },
  subscribed: { ...link, kind: 'subscribed', topics },
  unsubscribed: { ...link, kind: 'unsubscribed', topics },
  refused: { ...link, kind: 'refused', topics, reason: 'not in your "plan" 🦉' },
  unexpected: { ...link, kind: 'unexpected', topic: { channel: 'kline', symbol: 'X.HK', interval: '5m' }, count: 3 },
  undecodable: { ...link, kind: 'undecodable', frame: '{"half \ud83e', problems: ['data.ld: not a number'] },
  latency: { ...link, kind: 'latency', roundTrip: 12.5, clockOffset: -3.25 },
  backfilled: {
    ...link,
    kind: 'backfilled',
    symbol: '00700.HK',
    interval: '1m',
    from: 1_700_000_000_000,
    to: 1_700_000_180_000,
    outcome: 'partial',
    bars: 2,
    missing: [1_700_000_120_000],
    proof: { volume: 'short', unexplained: 0.5, overlap: { compared: 2, agreed: 1 } },
    attempts: 5,
    reason: 'the vendor has no row for it',
  },
  recovered: {
    ...link,
    kind: 'recovered',
    symbol: 'BTCUSDT.BA',
    fromId: 3_187_401_000,
    toId: 3_187_411_999,
    outcome: 'partial',
    trades: 10_000,
    attempts: 2,
    reason: 'the hole is larger than 10000 trades',
  },
  switched: {
    ...link,
    kind: 'switched',
    symbols: ['00700.HK', 'AAPL.US'],
    from: 'primary',
    to: 'secondary',
    left: 'tickflow',
    cause: { _tag: 'Stale', message: 'silent for 3000 ms' },
    hole: { from: 1_700_000_000_000, to: 1_700_000_000_123 },
  },
  standbyLost: { ...link, kind: 'standbyLost', cause },
  diverged: { ...link, kind: 'diverged', symbol: '00700.HK', prices: { primary: 10.05, secondary: 5.025 }, for: 5_000 },
  lagging: { ...link, kind: 'lagging', lag: 2_000.5 },
  caughtUp: { ...link, kind: 'caughtUp', lag: 58_000, from: 1_700_000_000_000 },
  trade: {
    ...market,
    kind: 'trade',
    id: 9_007_199_254_740_991,
    price: -37.63,
    size: 1e-8,
    volume: 5e10,
    sizeUnit: 'lots',
    volumeOnly: true,
    aggressor: 'seller',
    tradingPhase: 'after_hours',
  },
  quote: {
    ...market,
    kind: 'quote',
    last: 10,
    open: 10.02,
    high: 10.05,
    low: 9.95,
    previousClose: 9.9,
    volume: 32_800,
    turnover: 1e9,
    sizeUnit: 'shares',
    rolling: { hours: 24, open: 9, high: 11, low: 8.5, volume: 1e-8, turnover: 1e9, trades: 7 },
    status: 'halted',
  },
  bbo: {
    ...market,
    kind: 'bbo',
    bid: { price: 9.8, size: 120, orders: 3 },
    ask: { price: 9.9 },
    valid: false,
    sizeUnit: 'lots',
    sequence: 9_007_199_254_740_991,
  },
  depth: {
    ...market,
    kind: 'depth',
    type: 'update',
    bids: [{ price: 9.8, size: 120, orders: 3 }],
    asks: [{ price: 9.9 }, { price: 10, size: 0 }],
    sizeUnit: 'lots',
    sequence: { previous: 4, last: 7 },
  },
  kline: {
    ...market,
    kind: 'kline',
    interval: '10m',
    openTime: 1_700_000_000_000,
    closeTime: 1_700_000_600_000,
    open: 1,
    high: 4,
    low: 0.5,
    close: 2,
    volume: 100,
    turnover: 200,
    vwap: 1.5,
    buyVolume: 60,
    sellVolume: 40,
    trades: 12,
    closed: true,
    revision: 1,
    coverage: 1 / 3,
    source: 'quotes',
    missedVolume: 40,
    left: { feed: 'itick', volumeOf: 'itick' },
  },
};

const causes: { readonly [Tag in FeedErrorData['_tag']]: Full<Extract<FeedErrorData, { readonly _tag: Tag }>> } = {
  Unauthorized: { _tag: 'Unauthorized', message: 'm', reason: 'no such token', status: 401 },
  HandshakeRefused: { _tag: 'HandshakeRefused', message: 'm', status: 503, retryAfter: 31_536_000_000, reason: 'busy' },
  ConnectionLost: { _tag: 'ConnectionLost', message: 'm', code: 1006, reason: 'gone', remedy: 'check the url' },
  ConnectTimeout: { _tag: 'ConnectTimeout', message: 'm', within: 10_000 },
  AuthTimeout: { _tag: 'AuthTimeout', message: 'm', within: 10_000 },
  HeartbeatMissed: { _tag: 'HeartbeatMissed', message: 'm', silence: 40_001 },
  SequenceGap: { _tag: 'SequenceGap', message: 'm', symbol: 'A.BA', last: 4, sequence: { first: 6, last: 7 } },
  TokenUnavailable: { _tag: 'TokenUnavailable', message: 'm', reason: 'no network' },
  KickedRepeatedly: { _tag: 'KickedRepeatedly', message: 'm', kicks: 4 },
  FeedInUse: { _tag: 'FeedInUse', message: 'm', endpoint: 'wss://api.itick.org', connections: 1 },
  InvalidTopic: { _tag: 'InvalidTopic', message: 'm', value: { channel: 'news' }, problem: 'no such channel' },
  InvalidOption: { _tag: 'InvalidOption', message: 'm', option: 'pace', value: -1, problem: 'it is 0 or more' },
};

describe('every field of an event survives structured clone and JSON', () => {
  it.each(Object.values(events).map((event) => [event.kind, event] as const))('of %s', (_, event) => {
    expectToTravel(event);
  });

  it.each(Object.entries(causes))('of disconnected by %s', (_, data) => {
    expectToTravel({ ...events.disconnected, cause: data });
  });

  it('of switched by an error', () => expectToTravel({ ...events.switched, symbols: 'all', cause }));

  it('of connected for the first time', () => expectToTravel({ ...events.connected, resumed: undefined }));
});

describe('every word of an event survives structured clone and JSON', () => {
  const statuses: readonly QuoteStatus[] = [
    'pre_market',
    'regular',
    'lunch_break',
    'after_hours',
    'closed',
    'normal',
    'halted',
    'delisted',
  ];
  const sources: readonly Kline['source'][] = ['trades', 'quotes', 'provider', 'empty'];

  it.each<readonly [string, FeedEvent]>([
    ...statuses.map((status): [string, Quote] => [`quote ${status}`, { ...events.quote, status }]),
    ...sources.map((source): [string, Kline] => [`kline of ${source}`, { ...events.kline, source }]),
    ['trade of a buyer', { ...events.trade, aggressor: 'buyer' } satisfies Trade],
    ['snapshot', { ...events.depth, type: 'snapshot', bids: [], asks: [] } satisfies Depth],
    ['trade with a number for a stamp', { ...events.trade, vendorTime: 1.795e18 } satisfies Trade],
  ])('%s', (_, event) => expectToTravel(event));
});
