import { asyncScheduler } from 'rxjs';
import { after, every, type Conversation, type Peer } from '../gateway.js';
import type { Instrument } from '../market/instrument.js';
import type { Subscriptions } from '../subscriptions.js';
import { invalid, isStreamName, readCommand, readStream, type Command, type CommandError } from './commands.js';
import type { Instruments } from './instruments.js';
import type { BinanceRules } from './rules.js';

/** One connection: its streams in the order of subscription, and whether payloads are wrapped. */
export interface Line {
  readonly peer: Peer;
  readonly streams: Set<string>;
  combined: boolean;
}

interface LineOptions {
  readonly rules: Required<BinanceRules>;
  readonly instruments: Instruments;
  readonly subscriptions: Subscriptions<Line>;
  /** A client is subscribed to this from now on. */
  readonly joined: (instrument: Instrument, channel: string) => void;
  /** A connection has sent too much. */
  readonly overran: () => void;
}

/** A frame takes as long as it takes on its way; a twentieth of a limit's time is left for that. */
const DELIVERY = 0.95;

/** Counts what happens in a time; true when it is too much. */
export const counter = ({ count, per }: { readonly count: number; readonly per: number }): (() => boolean) => {
  const times: number[] = [];
  return () => {
    const now = asyncScheduler.now();
    while (times[0] !== undefined && times[0] <= now - per * DELIVERY) times.shift();
    if (count < Infinity) times.push(now);
    return times.length > count;
  };
};

/** The streams in an address: `/ws/a/b`, `/stream?streams=a/b`. */
export const streamsIn = ({ pathname, searchParams }: URL): readonly string[] => {
  const named = pathname.startsWith('/ws')
    ? decoded(pathname.slice('/ws'.length))
    : (searchParams.get('streams') ?? '');
  return named.split('/').filter((name) => name !== '');
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** What Binance does with one connection. */
export const converse = (line: Line, url: URL, options: LineOptions): Conversation => {
  const { rules, instruments, subscriptions, joined, overran } = options;
  const { peer, streams } = line;

  const add = (names: readonly string[]): void => {
    for (const name of names) {
      if (streams.has(name)) continue;
      streams.add(name);
      const stream = readStream(name);
      const traded = stream && instruments.find(stream.symbol);
      if (stream === undefined || traded === undefined) continue;
      subscriptions.join(line, traded.ledger.instrument, stream.channel);
      joined(traded.ledger.instrument, stream.channel);
    }
  };
  const remove = (names: readonly string[]): void => {
    for (const name of names) {
      if (!streams.delete(name)) continue;
      const stream = readStream(name);
      const traded = stream && instruments.find(stream.symbol);
      if (stream && traded) subscriptions.leave(line, traded.ledger.instrument, stream.channel);
    }
  };

  const fail = ({ code, msg, id }: CommandError): void => {
    const written = id === undefined ? '' : `,"id":${id}`;
    const error = `"code":${code},"msg":${JSON.stringify(msg)}`;
    peer.send(rules.errorForm === 'flat' ? `{${error}${written}}` : `{"error":{${error}}${written}}`);
  };
  /** Errors of the page have no id, but for one; those with an error object have it where the id could be read. */
  const failed = (error: CommandError, id: string): void => fail(rules.errorForm === 'flat' ? error : { id, ...error });
  const confirm = (id: string, result: unknown = null): void =>
    peer.send(`{"result":${JSON.stringify(result)},"id":${id}}`);

  const change = ({ method, params, id }: Command): void => {
    if (!params.every(isStreamName)) return failed(invalid('not a stream name'), id);
    const names: readonly string[] = params;
    const isMore = method === 'SUBSCRIBE';
    if (isMore && new Set([...streams, ...names]).size > rules.maxStreams) {
      return failed(invalid(`more than ${rules.maxStreams} streams`), id);
    }
    if (isMore) add(names);
    else remove(names);
    confirm(id);
  };
  const property = ({ method, params: [name, value], id }: Command): void => {
    if (typeof name !== 'string') return failed(invalid('property name must be a string'), id);
    if (name !== 'combined') return fail({ code: 0, msg: 'Unknown property', id });
    if (method === 'GET_PROPERTY') return confirm(id, line.combined);
    if (typeof value !== 'boolean') return failed({ code: 1, msg: 'Invalid value type: expected Boolean' }, id);
    line.combined = value;
    confirm(id);
  };

  const isTooMuch = counter(rules.messages);
  /** False when the connection has sent too much, and is over. */
  const isAllowed = (): boolean => {
    if (!isTooMuch()) return true;
    overran();
    peer.close(1008, 'Too many requests');
    return false;
  };

  let pings = 0;
  /** The payloads that have been sent since the last Pong that answers one. */
  const unanswered = new Map<string, { readonly unsubscribe: () => void }>();
  const answered = (): void => {
    unanswered.forEach((deadline) => deadline.unsubscribe());
    unanswered.clear();
  };
  const ping = (): void => {
    pings += 1;
    const payload = String(pings);
    if (!peer.ping(payload)) return answered();
    unanswered.set(
      payload,
      after(rules.pongWithin).subscribe(() => peer.close(1008, 'Pong timeout')),
    );
  };

  peer.life.add(answered);
  peer.life.add(every(rules.pingEvery).subscribe(ping));
  peer.life.add(after(rules.lifetime).subscribe(() => peer.close(rules.endCode)));
  add(streamsIn(url));

  return {
    pinged: () => void isAllowed(),
    pong: (payload) => {
      if (isAllowed() && unanswered.has(payload)) answered();
    },
    receive: (text) => {
      if (!isAllowed()) return;
      const command = readCommand(text);
      if ('code' in command) return fail(command);
      switch (command.method) {
        case 'LIST_SUBSCRIPTIONS':
          return confirm(command.id, [...streams]);
        case 'SUBSCRIBE':
        case 'UNSUBSCRIBE':
          return change(command);
        default:
          return property(command);
      }
    },
  };
};
