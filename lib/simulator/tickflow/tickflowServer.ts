import { createSubscriptions } from '../subscriptions.js';
import { createGateway, every, type Conversation, type Peer, type VendorServer } from '../gateway.js';
import { parsed, withoutSecret } from '../texts.js';
import type { Instrument } from '../market/instrument.js';
import type { SimulatedMarket } from '../market/market.js';
import { depthItem, quoteItem, resolve, served, tickflowSymbol } from './items.js';
import { tickflowDefaults, type TickflowChannel, type TickflowRules } from './rules.js';
import { createTickflowRest } from './tickflowRest.js';

const STREAM = '/v1/ws/stream';
const LEGACY = '/v1/ws/quotes';

/** The market's word for each channel. */
const topicOf: Readonly<Record<TickflowChannel, string>> = { quotes: 'quote', depth: 'depth' };

const isChannel = (value: unknown): value is TickflowChannel => value === 'quotes' || value === 'depth';

const isStrings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** TickFlow's WebSocket server: a key in the query, channels of symbols, snapshots, Ping frames. */
export const createTickflowServer = (market: SimulatedMarket, options: TickflowRules): VendorServer => {
  const rules = { ...tickflowDefaults, ...options };
  const { apiKey, maxSymbols, channels, pingEvery, terse, session } = rules;
  const subscriptions = createSubscriptions<Peer>();
  const peers = new Set<Peer>();

  const items: Readonly<Record<TickflowChannel, (instrument: Instrument) => string>> = {
    quotes: (instrument) => quoteItem(instrument, session),
    depth: depthItem,
  };
  const frame = (op: TickflowChannel, rows: readonly string[]): string => `{"op":"${op}","data":[${rows.join(',')}]}`;

  /** Whether so many of them exist that no plan could take them; nothing is made up to find out. */
  const areTooMany = (symbols: ReadonlySet<string>): boolean => {
    let found = 0;
    for (const symbol of symbols) {
      if (market.exists(symbol, served) && tickflowSymbol(symbol) === symbol) found += 1;
      if (found > maxSymbols) return true;
    }
    return false;
  };

  const held = (peer: Peer, channel: TickflowChannel): Instrument[] =>
    [...subscriptions.of(peer)].filter(([, topics]) => topics.has(topicOf[channel])).map(([instrument]) => instrument);

  const converse = (peer: Peer, legacy: boolean): Conversation => {
    const fail = (message: string): void => peer.send(JSON.stringify({ op: 'error', message }));
    const confirm = (channel: TickflowChannel): void => {
      const symbols = held(peer, channel).map(({ listing }) => tickflowSymbol(listing.symbol));
      const total = symbols.length;
      peer.send(
        JSON.stringify(
          terse
            ? { op: 'subscribed', total }
            : legacy
              ? { op: 'subscribed', symbols, total }
              : { op: 'subscribed', channel, symbols, total },
        ),
      );
    };
    const subscribe = (channel: TickflowChannel, symbols: readonly string[]): void => {
      const before = new Set(held(peer, channel));
      const named = new Set(symbols);
      if (named.size > maxSymbols && areTooMany(named)) return fail(`exceeded max ${maxSymbols} symbols`);
      const added = [...named]
        .map((symbol) => resolve(market, symbol))
        .filter((found): found is Instrument => found !== undefined && !before.has(found));
      if (before.size + added.length > maxSymbols) return fail(`exceeded max ${maxSymbols} symbols`);
      for (const instrument of added) subscriptions.join(peer, instrument, topicOf[channel]);
      confirm(channel);
      if (added.length > 0) peer.send(frame(channel, added.map(items[channel])));
    };
    const unsubscribe = (channel: TickflowChannel, symbols: readonly string[]): void => {
      const named = new Set(symbols);
      for (const instrument of held(peer, channel)) {
        if (named.has(tickflowSymbol(instrument.listing.symbol)))
          subscriptions.leave(peer, instrument, topicOf[channel]);
      }
      confirm(channel);
    };

    let answered = true;
    peers.add(peer);
    peer.life.add(() => {
      peers.delete(peer);
      subscriptions.leaveAll(peer);
    });
    peer.life.add(
      every(pingEvery).subscribe(() => {
        if (answered) answered = !peer.ping();
        else peer.terminate();
      }),
    );

    return {
      pong: () => {
        answered = true;
      },
      receive: (text) => {
        const command = parsed(text);
        if (command === undefined) return fail('invalid message: expected value');
        const { op, symbols } = command;
        const channel = legacy ? 'quotes' : command['channel'];
        if (op !== 'subscribe' && op !== 'unsubscribe') return fail('invalid message: unknown op');
        if (!isStrings(symbols)) return fail('invalid message: symbols is not a list of strings');
        if (typeof channel !== 'string') return fail('invalid message: missing field `channel`');
        if (!isChannel(channel)) return fail(`unknown channel: ${channel.slice(0, 64)}`);
        if (!channels.includes(channel)) return fail(`no permission for channel: ${channel}`);
        return op === 'subscribe' ? subscribe(channel, symbols) : unsubscribe(channel, symbols);
      },
    };
  };

  const rest = createTickflowRest(market, rules);
  const gateway = createGateway({
    rest: rest.control,
    refusal: ({ searchParams }) =>
      searchParams.get('api_key') === apiKey
        ? undefined
        : { status: 401, body: '{"code":"UNAUTHORIZED","message":"invalid api key"}' },
    open: (peer, url) => converse(peer, url.pathname === LEGACY),
    redact: (text) => withoutSecret(text, apiKey),
    live: () => peers.size,
    topics: subscriptions.topics,
    kickCode: 1000,
  });

  return {
    ...gateway,
    rest,
    serves: ({ pathname }) => pathname === STREAM || pathname === LEGACY,
    publish: (changes) => {
      for (const channel of ['quotes', 'depth'] as const) {
        const rows = new Map<Peer, string[]>();
        for (const { instrument, quoted, booked } of changes) {
          const listeners = subscriptions.listeners(instrument)?.get(topicOf[channel]);
          if (listeners === undefined || !(channel === 'quotes' ? quoted : booked)) continue;
          const item = items[channel](instrument);
          for (const peer of listeners) {
            const mine = rows.get(peer);
            if (mine === undefined) rows.set(peer, [item]);
            else mine.push(item);
          }
        }
        rows.forEach((mine, peer) => peer.send(frame(channel, mine)));
      }
    },
  };
};
