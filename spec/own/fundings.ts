import * as session from '../../lib/session/index.js';
import { InvalidTopic, type Feed, type MarketFacts, type Topic, type Trade } from '../../lib/index.js';

/** What one side of a perpetual pays to the other. */
export interface Funding extends MarketFacts {
  readonly kind: 'funding';
  readonly rate: number;
}

/** News of the link as a whole. */
export interface Maintenance {
  readonly kind: 'maintenance';
  readonly provider: string;
  readonly feed?: string | undefined;
  readonly receivedAt: number;
  readonly note: string;
}

declare module '../../lib/index.js' {
  interface OwnEvents {
    funding: Funding;
    maintenance: Maintenance;
    /** No event: its key is not its kind. */
    wrong: Maintenance;
  }
}

/** Asks for the funding rates of the symbols. */
export const fundings = (...symbols: readonly string[]): Topic[] =>
  symbols.map((symbol) => ({ channel: 'funding', symbol }));

interface Control extends session.Control {
  readonly answer?: session.Answer;
}
type Message = Funding | Maintenance | Trade | Control;

interface Request {
  readonly op: 'sub' | 'unsub';
  readonly topics: readonly string[];
}

const provider = 'perps';
const channels = ['trade', 'funding'];

const decode: session.Decode<Message> = (frame, receivedAt) => {
  const {
    op,
    code = '',
    value = 0,
    note = '',
  } = JSON.parse(frame) as Partial<Record<'op' | 'code' | 'note', string>> & {
    readonly value?: number;
  };
  const facts = { provider, symbol: code, time: receivedAt, receivedAt };
  if (op === 'trade') return { kind: 'trade', ...facts, price: value };
  if (op === 'funding') return { kind: 'funding', ...facts, rate: value };
  if (op === 'maintenance') return { kind: 'maintenance', provider, receivedAt, note };
  return { kind: 'control', answer: op === 'ok' ? {} : { refusal: note, scope: 'topics' } };
};

const subscribing: session.SubscribeProtocol<Message, Request> = {
  provider,
  batches: (topics) => session.chunks(topics, 1),
  subscribe: (topics) => ({ op: 'sub', topics: topics.map(({ channel, symbol }) => `${channel} ${symbol}`) }),
  unsubscribe: (topics) => ({ op: 'unsub', topics: topics.map(({ channel, symbol }) => `${channel} ${symbol}`) }),
  answer: (message) => (message.kind === 'control' ? message.answer : undefined),
  answersUnsubscribe: false,
  pace: 1,
};

export interface PerpsOptions extends session.FeedOptions {
  readonly topics: session.Topics;
  readonly url: string;
}

/** A provider with a channel and events of its own, for a vendor that serves everybody. */
export const perps = ({ url, ...options }: PerpsOptions): Feed =>
  session.feedOf(
    {
      ...options,
      provider,
      endpoint: url,
      check: (topic) => {
        if (!channels.includes(topic.channel)) throw new InvalidTopic(topic, `it is none of ${channels.join(', ')}`);
      },
    },
    ({ wanted, connect }) =>
      connect().pipe(
        session.encoded(decode, (request: Request) => JSON.stringify(request)),
        session.keepSubscribed(wanted, subscribing),
      ),
  );
