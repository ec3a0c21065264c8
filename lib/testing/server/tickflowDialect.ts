import type { Depth, MarketEvent, Quote } from '../../model/marketEvent.js';
import { canonicalSymbol } from '../../model/symbol.js';
import { depths, quotes, topicKey, type Topic } from '../../model/topic.js';
import { symbolsIn, type Client, type Dialect, type TickflowScript } from './Dialect.js';

interface TickflowCommand {
  readonly op: 'subscribe' | 'unsubscribe';
  /** Absent on the legacy endpoint. */
  readonly channel?: string;
  readonly symbols: readonly string[];
}

const channels = { quotes: 'quote', depth: 'depth' } as const;

/** TickFlow: a key in the address, each command answered with all that its channel serves, pings of its own. */
export const tickflowDialect = ({ apiKey = 'demo', unserved = [], maxSymbols = Infinity }: TickflowScript): Dialect => {
  const absent = new Set(unserved.map(topicKey));

  const confirm = (client: Client, channel: string | undefined): void => {
    const symbols = served(client, channel).map(({ symbol }) => wireSymbol(symbol));
    client.say(JSON.stringify({ op: 'subscribed', channel, symbols, total: symbols.length }));
  };
  const subscribe = (client: Client, topics: readonly Topic[], channel: string | undefined): void => {
    // It drops silently what it does not have.
    const found = topics.filter((topic) => !absent.has(topicKey(topic)));
    if (symbolsIn([...served(client, channel), ...found]) > maxSymbols) {
      client.say(JSON.stringify({ op: 'error', message: `exceeded max ${maxSymbols} symbols` }));
      return;
    }
    client.subscribe(found);
    confirm(client, channel);
  };

  return {
    pingEvery: 30_000,
    frame: (event) => {
      const text = frameOf(event);
      return () => text;
    },
    meet: (client) => {
      if (client.url.searchParams.get('api_key') === apiKey) {
        // The upgrade is the login.
        client.loggedIn();
        client.open();
      } else client.refuse(401, '{"code":"UNAUTHORIZED","message":"invalid api key"}');
    },
    read: (text) => {
      const command = JSON.parse(text) as TickflowCommand;
      return { asks: command.op === 'subscribe', topics: topicsOf(command) };
    },
    receive: (client, text) => {
      const command = JSON.parse(text) as TickflowCommand;
      const topics = topicsOf(command);
      if (command.op === 'subscribe') return subscribe(client, topics, command.channel);
      client.unsubscribe(topics);
      confirm(client, command.channel);
    },
  };
};

const topicsOf = ({ channel, symbols }: TickflowCommand): readonly Topic[] =>
  channel === 'depth' ? depths(symbols) : quotes(symbols);

/** What a client gets on a channel. */
const served = (client: Client, channel = 'quotes'): readonly Topic[] =>
  [...client.topics.values()].filter((topic) => topic.channel === channels[channel as keyof typeof channels]);

/** Hong Kong codes have five digits. */
const wireSymbol = (symbol: string): string =>
  /^\d+\.HK$/.test(symbol) ? canonicalSymbol(symbol).padStart('00000.HK'.length, '0') : symbol;

const frameOf = (event: MarketEvent): string => {
  switch (event.kind) {
    case 'quote':
      return JSON.stringify({ op: 'quotes', data: [quoteItem(event)] });
    case 'depth':
      return JSON.stringify({ op: 'depth', data: [depthItem(event)] });
    default:
      throw new Error(`TickFlow pushes no ${event.kind}s`);
  }
};

const about = ({ symbol, time }: MarketEvent): object => ({
  symbol: wireSymbol(symbol),
  // In seconds where its readers would take milliseconds for seconds.
  timestamp: time === 0 ? undefined : time < 1e11 ? time / 1_000 : time,
});

const quoteItem = (event: Quote): object => ({
  ...about(event),
  last_price: event.last,
  prev_close: event.previousClose,
  open: event.open,
  high: event.high,
  low: event.low,
  volume: event.volume,
  amount: event.turnover,
  session: event.status,
});

const depthItem = (event: Depth): object => ({
  ...about(event),
  bid_prices: event.bids.map(({ price }) => price),
  bid_volumes: event.bids.map(({ size }) => size),
  ask_prices: event.asks.map(({ price }) => price),
  ask_volumes: event.asks.map(({ size }) => size),
});
