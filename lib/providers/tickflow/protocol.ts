import { InvalidTopic } from '../../model/errors.js';
import { isMarketKind } from '../../model/kinds.js';
import type { Topic } from '../../model/topic.js';
import { hasChannel, TOP_OF_BOOK } from '../channels.js';

export const PROVIDER = 'tickflow';

/** Where the vendor's documentation sends everybody (docs.tickflow.org). */
export const DEFAULT_URL = 'wss://api.tickflow.org';

export const endpoints = ['stream', 'quotes'] as const;

/** `stream` serves quotes and depth; `quotes` is the older one and serves quotes only. */
export type TickflowEndpoint = (typeof endpoints)[number];

/** The vendor pings every 30 s; two and a half of its pings may be missed. */
export const SILENCE = 75_000;

/** How many symbols go into one command; the largest plan known allows 100 in all. */
export const SYMBOLS_PER_COMMAND = 100;

/** The most symbols that every plan with bars allows in one request of REST. */
export const SYMBOLS_PER_REQUEST = 100;

/** What the vendor calls the channels it has. */
export const channels = { quote: 'quotes', depth: 'depth' } as const;

/** Throws `InvalidTopic` for what an endpoint never serves, and says where to get it instead. */
export const checkServed =
  (endpoint: TickflowEndpoint) =>
  (topic: Topic): void => {
    if (!hasChannel(channels, topic)) {
      const remedy =
        topic.channel === 'bbo'
          ? TOP_OF_BOOK
          : isMarketKind(topic.channel)
            ? 'ask for quotes, and derive klines from them with toKlines()'
            : 'ask for quotes or depths';
      throw new InvalidTopic(topic, `TickFlow pushes no ${topic.channel}s; ${remedy}`);
    }
    if (endpoint === 'quotes' && topic.channel === 'depth') {
      throw new InvalidTopic(topic, 'the legacy endpoint "quotes" serves no depth; use endpoint "stream"');
    }
  };
