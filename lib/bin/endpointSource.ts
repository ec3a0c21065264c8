import { isMarketEvent, klines, type Interval, type Topic } from '../index.js';
import { frameDecoder as itickDecoder } from '../providers/itick/decodeFrame.js';
import { klineIntervals, markets, type ItickMarket } from '../providers/itick/protocol.js';
import { spelling } from '../providers/itick/symbols.js';
import { frameDecoder as tickflowDecoder } from '../providers/tickflow/decodeFrame.js';
import { endpoints, type TickflowEndpoint } from '../providers/tickflow/protocol.js';
import type { SourceKind } from './Plan.js';

/** A recorded address, and what its frames tell of the topics. */
export interface Recorded {
  readonly kind: SourceKind;
  /** The host that was recorded. */
  readonly url: string;
  /** The topics that a frame of ours asks for. */
  readonly asked: (frame: string) => readonly Topic[];
  /** The topics that a frame of the vendor's answers to. */
  readonly answered: (frame: string) => readonly Topic[];
}

/** Which vendor and market an address belongs to; undefined for a stranger's. */
export const recordedAt = (endpoint: string): Recorded | undefined => {
  const [, url = '', path = ''] = /^(.*?)\/((?:v1\/ws\/)?\w+)$/.exec(endpoint) ?? [];
  const market = markets.find((one) => one === path);
  if (market) return itickAt(market, url);
  const stream = endpoints.find((one) => `v1/ws/${one}` === path);
  return stream && tickflowAt(stream, url);
};

const itickAt = (market: ItickMarket, url: string): Recorded => {
  const decode = itickDecoder({
    feed: 'itick',
    spell: spelling([]),
    tickVolume: 'size',
    sizeUnit: undefined,
    redact: (text) => text,
  });
  return {
    kind: { name: `itick:${market}`, vendor: 'itick', market },
    url,
    asked: (frame) => {
      const { ac, params, types } = fieldsOf(frame);
      if (ac !== 'subscribe' || typeof params !== 'string' || typeof types !== 'string') return [];
      const symbols = params.split(',').map((symbol) => symbol.split('$').join('.'));
      return types.split(',').flatMap((type) => symbols.flatMap((symbol) => itickTopic(type, symbol)));
    },
    answered: (frame) => topicsAmong(decode(frame, 0)),
  };
};

const itickTopic = (type: string, symbol: string): readonly Topic[] => {
  if (type === 'tick') return [{ channel: 'trade', symbol }];
  if (type === 'quote' || type === 'depth') return [{ channel: type, symbol }];
  const interval = klineIntervals.get(type.replace(/^kline@/, ''));
  return interval ? klines(interval, symbol) : [];
};

const tickflowAt = (endpoint: TickflowEndpoint, url: string): Recorded => {
  const decode = tickflowDecoder({ feed: 'tickflow', spell: (symbol) => symbol, redact: (text) => text });
  return {
    kind: { name: endpoint === 'stream' ? 'tickflow' : 'tickflow:quotes', vendor: 'tickflow', endpoint },
    url,
    asked: (frame) => {
      const { op, channel, symbols } = fieldsOf(frame);
      if (op !== 'subscribe' || !Array.isArray(symbols)) return [];
      return symbols
        .filter((symbol) => typeof symbol === 'string')
        .map((symbol) => ({ channel: channel === 'depth' ? 'depth' : 'quote', symbol }));
    },
    answered: (frame) => topicsAmong(decode(frame, 0)),
  };
};

interface Message {
  readonly kind: string;
  readonly symbol?: string;
  readonly interval?: string;
}

const topicsAmong = (messages: Message | readonly Message[]): readonly Topic[] =>
  [messages].flat().flatMap(({ kind, symbol = '', interval }): readonly Topic[] => {
    if (kind === 'kline') return klines(interval as Interval, symbol);
    return isMarketEvent({ kind }) ? [{ channel: kind as 'trade' | 'quote' | 'depth', symbol }] : [];
  });

const fieldsOf = (frame: string): Readonly<Record<string, unknown>> => {
  try {
    return Object(JSON.parse(frame)) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
};
