import { asyncScheduler } from 'rxjs';
import type { Depth, FeedEvent, Quote, Trade } from '../../lib/index.js';
import { topicKey, type Topic } from '../../lib/model/topic.js';
import { topicOf } from '../../lib/model/topicOf.js';
import type { Control } from '../../lib/session/Control.js';
import { encoded } from '../../lib/session/encoded.js';
import { feedOver, type FeedSettings } from '../../lib/session/feedOf.js';
import { authenticate } from '../../lib/session/authenticate.js';
import { keepSubscribed } from '../../lib/session/keepSubscribed.js';
import type { Answer } from '../../lib/session/ledger.js';
import { Unauthorized } from '../../lib/model/errors.js';
import { nodePlatform } from '../../lib/transport/nodePlatform.js';
import { fakeNetwork, type FakeConnection } from '../../lib/testing/fakeNetwork.js';
import type { Observable } from 'rxjs';

/** What the vendor says of its market: the `n`-th event of a topic. */
export interface Said {
  readonly op: 'data';
  readonly topic: Topic;
  readonly n: number;
  /** Absent where the vendor sends no time. */
  readonly at?: number;
  readonly isSnapshot?: boolean;
  /** The number of the first, where one frame holds several. */
  readonly since?: number;
}

type Reply = { readonly op: 'login' | 'sub' | 'ending'; readonly why?: string };
interface Command {
  readonly op: 'login' | 'sub' | 'unsub';
  readonly topics?: readonly Topic[];
}
export interface StreamControl extends Control {
  readonly login?: 'accepted' | Unauthorized;
  readonly answer?: Answer;
  readonly isEnding?: boolean;
}
type Message = Quote | Trade | Depth | StreamControl;

const facts = { provider: 'stream' };

/** An event whose figure is its number: trades and books have it as a number, quotes and the rest do not. */
const eventOf = ({ topic: { channel, symbol }, n, at, isSnapshot = false }: Said, receivedAt: number): Message => {
  const market = { ...facts, symbol, time: at ?? receivedAt, receivedAt };
  if (channel === 'trade') return { kind: 'trade', ...market, price: n, ...{ id: n } };
  if (channel === 'quote') return { kind: 'quote', ...market, last: n };
  const type = isSnapshot ? 'snapshot' : 'update';
  return { kind: 'depth', ...market, type, bids: [{ price: 1, size: n }], asks: [], sequence: { first: n, last: n } };
};

/** The number of an event. */
export const numberOf = (event: FeedEvent): number =>
  event.kind === 'trade'
    ? event.price
    : event.kind === 'quote'
      ? event.last
      : event.kind === 'depth'
        ? (event.bids[0]?.size ?? NaN)
        : NaN;

const decode = (frame: string, receivedAt: number): Message | readonly Message[] => {
  const said = JSON.parse(frame) as Said | Reply;
  switch (said.op) {
    case 'data': {
      const { n, since = n } = said;
      return Array.from({ length: n - since + 1 }, (_, i) => eventOf({ ...said, n: since + i }, receivedAt));
    }
    case 'login':
      return { kind: 'control', login: said.why === undefined ? 'accepted' : new Unauthorized(said.why) };
    case 'ending':
      return { kind: 'control', isEnding: true };
    case 'sub':
      return { kind: 'control', answer: said.why === undefined ? {} : { refusal: said.why, scope: 'unknown' } };
  }
};

/** A feed of the vendor. */
export const streamFeed = (
  settings: Omit<FeedSettings, 'provider' | 'endpoint'> & Partial<FeedSettings>,
  batch = 50,
): Observable<FeedEvent> =>
  feedOver(nodePlatform)({ provider: 'stream', endpoint: 'wss://stream', ...settings }, ({ wanted, connect }) =>
    connect().pipe(
      encoded<Message, Command>(decode, (command) => JSON.stringify(command)),
      authenticate({
        login: (): Command => ({ op: 'login' }),
        loginResult: (message) => (message.kind === 'control' ? message.login : undefined),
      }),
      keepSubscribed(wanted, {
        provider: 'stream',
        batches: (topics) =>
          Array.from({ length: Math.ceil(topics.length / batch) }, (_, i) => topics.slice(i * batch, (i + 1) * batch)),
        subscribe: (topics): Command => ({ op: 'sub', topics }),
        unsubscribe: (topics): Command => ({ op: 'unsub', topics }),
        answer: (message) => (message.kind === 'control' ? message.answer : undefined),
        answersUnsubscribe: false,
        pace: 1,
      }),
    ),
  );

/** Whether a message says that the link ends soon. */
export const isEnding = (message: StreamControl): boolean => message.isEnding === true;

/** One connection as the vendor has it. */
export interface StreamLink {
  readonly connection: FakeConnection;
  /** Says something after its lag. */
  readonly say: (said: Said | Reply) => void;
  /** Closes after all that was said has arrived. */
  readonly close: () => void;
  readonly isOpen: () => boolean;
  readonly serves: (topic: Topic) => boolean;
}

export interface StreamOptions {
  /** How late the n-th connection is, in milliseconds, from 0. */
  readonly lag?: (index: number) => number;
  /** Whether the n-th connection may log in. */
  readonly admits?: (index: number) => boolean;
  /** Whether the last event of a topic is repeated to a connection that asks for it, as most vendors do. */
  readonly saysLast?: boolean;
  readonly refuses?: (topic: Topic, index: number) => boolean;
  /** Whether quotes have a time. */
  readonly isTimed?: boolean;
}

/** A vendor that says the same to all connections, to each with a lag of its own. */
export const streamVendor = ({
  lag = () => 0,
  admits = () => true,
  saysLast = false,
  refuses = () => false,
  isTimed = true,
}: StreamOptions = {}) => {
  const links: StreamLink[] = [];
  const counts = new Map<string, number>();
  const last = new Map<string, Said>();
  const commands: string[] = [];
  let most = 0;

  const { openSocket, connections } = fakeNetwork((connection) => {
    const index = connections.indexOf(connection);
    const served = new Map<string, Topic>();
    let due = 0;
    const later = (work: () => void): void => {
      due = Math.max(due, asyncScheduler.now() + lag(index));
      asyncScheduler.schedule(work, due - asyncScheduler.now());
    };
    const say = (said: Said | Reply): void => later(() => connection.say(JSON.stringify(said)));
    const take = ({ op, topics = [] }: Command): void => {
      if (op === 'login') return say(admits(index) ? { op } : { op, why: 'no' });
      commands.push(`${index} ${op} ${topics.map(topicKey).join(', ')}`);
      if (op === 'unsub') return topics.forEach((topic) => served.delete(topicKey(topic)));
      if (topics.some((topic) => refuses(topic, index))) return say({ op: 'sub', why: 'unknown' });
      topics.forEach((topic) => served.set(topicKey(topic), topic));
      say({ op: 'sub' });
      for (const topic of topics) {
        const said = last.get(topicKey(topic));
        if (said && (saysLast || topic.channel === 'depth')) say({ ...said, isSnapshot: true });
      }
    };
    connection.received$.subscribe((text) => take(JSON.parse(text) as Command));
    links.push({
      connection,
      say,
      close: () => later(() => connection.close(1001, 'goodbye')),
      isOpen: () => connection.state === 'open',
      serves: (topic) => connection.state === 'open' && served.has(topicKey(topic)),
    });
    connection.open();
    most = Math.max(most, connections.filter(({ state }) => state !== 'closed').length);
  });

  return {
    openSocket,
    connections,
    links,
    commands,
    /** How many sockets were open at a time. */
    most: () => most,
    open: () => connections.filter(({ state }) => state !== 'closed').length,
    count: (topic: Topic): number => counts.get(topicKey(topic)) ?? 0,
    /** The next events of a topic happen. */
    publish: (topic: Topic, times = 1): void => {
      const key = topicKey(topic);
      const before = counts.get(key) ?? 0;
      const n = before + times;
      counts.set(key, n);
      const said: Said = {
        op: 'data',
        topic,
        n,
        ...(times > 1 && { since: before + 1 }),
        ...(isTimed && { at: asyncScheduler.now() }),
      };
      last.set(key, said);
      for (const link of links) if (link.serves(topic)) link.say(said);
    },
  };
};

export const keyOf = (event: FeedEvent): string => ('symbol' in event ? topicKey(topicOf(event)) : event.kind);
