import { InvalidTopic } from '../../model/errors.js';
import type { Interval } from '../../model/interval.js';
import { parseSymbol } from '../../model/symbol.js';
import type { Topic } from '../../model/topic.js';

export const PROVIDER = 'binance';

/** Market data without an account (binance-spot-api-docs, faqs/market_data_only.md, read 2026-11-30). */
export const DEFAULT_URL = 'wss://data-stream.binance.vision';
export const DEFAULT_REST_URL = 'https://data-api.binance.vision';

/** The vendor pings every 20 s; three of its pings may be missed (web-socket-streams.md, "General WSS information"). */
export const SILENCE = 60_000;

/** The vendor takes five messages a second, our pongs among them (web-socket-streams.md, "WebSocket Limits"). */
export const PACE = { commands: 4, per: 1_000 };

/** The most streams of one connection (the same section). */
export const STREAMS_PER_SOCKET = 1_024;

/** How many streams go into one command; the vendor states no limit. */
export const STREAMS_PER_COMMAND = 200;

/** A connection is closed after 24 h; the next one is made at a moment between these, so that feeds do not all come at once. */
export const ROTATE_FROM = 12 * 3_600_000;
export const ROTATE_TO = 23 * 3_600_000;

/** What an address may use in a minute, in the weights of the vendor (rest-api.md, "IP Limits"; `rateLimits` of exchangeInfo). */
export const WEIGHT = { calls: 6_000, per: 60_000 };

/** What the vendor calls the channels it has, behind the `@` of a stream; of bars the interval follows. */
export const channels = {
  trade: 'aggTrade',
  quote: 'ticker',
  depth: 'depth@100ms',
  bbo: 'bookTicker',
  kline: 'kline_',
} as const;

/** The intervals that the vendor has: all of ours but one. */
export const hasInterval = (interval: Interval): boolean => interval !== '10m';

const VENUE = '.BA';
const CODE = /^[^\s/@,.$]{1,32}$/u;
/** The vendor writes a code in small letters in the names of streams: each has to come back from there. */
const isCode = (code: string): boolean => CODE.test(code) && code.toLowerCase().toUpperCase() === code;

/** The vendor's code of a symbol: `BTCUSDT` of `BTCUSDT.BA`. Throws `InvalidTopic` for what cannot be one. */
export const codeOf = (symbol: string): string => {
  const { code, venue } = parseSymbol(symbol);
  if (venue !== 'BA') throw new InvalidTopic(symbol, 'Binance has symbols of the venue BA, such as BTCUSDT.BA');
  if (!isCode(code)) {
    throw new InvalidTopic(symbol, 'a code of Binance is in capital letters and has no separator, as BTCUSDT.BA');
  }
  return code;
};

/** Our symbol of a code of the vendor's; undefined for what is none. */
export const symbolOf = (code: string): string | undefined => (isCode(code) ? `${code}${VENUE}` : undefined);

/** Throws `InvalidTopic` for what the vendor never serves. */
export const checkServed = (topic: Topic): void => {
  codeOf(topic.symbol);
  const { channel }: { readonly channel: string } = topic;
  if (!Object.hasOwn(channels, channel)) {
    throw new InvalidTopic(topic, `the channel is none of ${Object.keys(channels).join(', ')}, which Binance pushes`);
  }
  if (topic.channel === 'kline' && !hasInterval(topic.interval)) {
    const remedy = `ask for bars of 5m, and make them with resampleKlines('${topic.interval}')`;
    throw new InvalidTopic(topic, `Binance has no bars of ${topic.interval}; ${remedy}`);
  }
};

/** The stream of a topic that is served: `btcusdt@aggTrade`. */
export const streamOf = (topic: Topic): string => {
  const name = channels[topic.channel];
  const interval = topic.channel === 'kline' ? topic.interval : '';
  return `${codeOf(topic.symbol).toLowerCase()}@${name}${interval}`;
};
