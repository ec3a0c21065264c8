import { Subscription } from 'rxjs';
import { createSubscriptions } from '../subscriptions.js';
import { after, createGateway, type Peer, type VendorServer } from '../gateway.js';
import { parsed, withoutSecret, type Json } from '../texts.js';
import type { BarLength } from '../market/bars.js';
import type { Change } from '../market/instrument.js';
import type { SimulatedMarket } from '../market/market.js';
import { clusters, type Cluster } from '../market/venues.js';
import { resolveProducts } from './commands.js';
import { itickFrames } from './frames.js';
import { createItickRest } from './itickRest.js';
import { itickDefaults, type ItickRules } from './rules.js';

const HELLO = '{"code":1,"msg":"Connected Successfully"}';
const KLINE = 'kline@';

const clusterOf = (url: URL): Cluster | undefined => clusters.find((cluster) => url.pathname === `/${cluster}`);

/** iTick's WebSocket server: six clusters, a login, products by type, an application ping. */
export const createItickServer = (market: SimulatedMarket, options: ItickRules): VendorServer => {
  const rules = { ...itickDefaults, ...options };
  const { token, maxSymbols, maxConnections, kickCode, heartbeatTimeout, ackAfter, echoToken, refuseTypes } = rules;
  const frames = itickFrames(rules);
  const subscriptions = createSubscriptions<Peer>();
  const members = new Map<Cluster, Peer[]>(clusters.map((cluster) => [cluster, []]));

  /** Counts a login; the oldest connection above the plan's number goes. */
  const enter = (peer: Peer, cluster: Cluster): void => {
    const inside = members.get(cluster) ?? [];
    inside.push(peer);
    peer.life.add(() => {
      if (inside.includes(peer)) inside.splice(inside.indexOf(peer), 1);
      subscriptions.leaveAll(peer);
    });
    while (inside.length > maxConnections) inside.shift()?.close(kickCode);
  };

  const converse = (peer: Peer, cluster: Cluster, given: string | null): ((text: string) => void) => {
    let authenticated = false;
    let deadline = Subscription.EMPTY;

    const stayAwake = (): void => {
      deadline.unsubscribe();
      deadline = after(heartbeatTimeout).subscribe(() => peer.close(1000));
      peer.life.add(deadline);
    };
    const answer = (resAc: string, code: 0 | 1, msg: string, more: Json = {}): void => {
      const frame = JSON.stringify({ code, resAc, msg, ...more });
      if (ackAfter === 0) peer.send(frame);
      else peer.life.add(after(ackAfter).subscribe(() => peer.send(frame)));
    };
    const login = (credential: unknown): void => {
      if (credential !== token) {
        peer.send('{"code":0,"resAc":"auth","msg":"auth failed"}');
        peer.close(1000);
        return;
      }
      if (!authenticated) enter(peer, cluster);
      authenticated = true;
      answer('auth', 1, 'authenticated', echoToken ? { data: { params: token } } : {});
    };
    const subscribe = (command: Json): void => {
      const products = resolveProducts(command, cluster, market, maxSymbols);
      if (products === undefined) return answer('subscribe', 0, 'cannot be resolved action');
      if (products === 'too many') return answer('subscribe', 0, 'exceeding the maximum subscription limit');
      const { instruments, channels, types } = products;
      if (types.some((type) => refuseTypes.includes(type))) {
        const included = ['quote', 'tick', 'depth'].filter((type) => !refuseTypes.includes(type));
        return answer('subscribe', 0, `package only supports subscribing to ${included.join(',')}`);
      }
      const held = new Set([...subscriptions.of(peer).keys(), ...instruments]);
      if (held.size > maxSymbols) return answer('subscribe', 0, 'exceeding the maximum subscription limit');
      for (const instrument of instruments)
        for (const channel of channels) subscriptions.join(peer, instrument, channel);
      answer('subscribe', 1, 'subscribe Successfully');
    };
    const unsubscribe = (command: Json): void => {
      const products = resolveProducts(command, cluster, market, maxSymbols);
      if (products === undefined || products === 'too many')
        return answer('unsubscribe', 0, 'cannot be resolved action');
      for (const instrument of products.instruments) {
        for (const channel of products.channels) subscriptions.leave(peer, instrument, channel);
      }
      answer('unsubscribe', 1, 'unsubscribe Successfully');
    };

    peer.send(HELLO);
    stayAwake();
    if (given !== null) login(given);

    return (text) => {
      const command = parsed(text) ?? {};
      const { ac, params } = command;
      if (ac === 'auth') login(params);
      else if (ac === 'ping') {
        stayAwake();
        peer.send(JSON.stringify({ resAc: 'pong', data: { params } }));
      } else if (ac !== 'subscribe' && ac !== 'unsubscribe') answer('subscribe', 0, 'cannot be resolved action');
      else if (!authenticated) answer(ac, 0, 'not authenticated');
      else if (ac === 'subscribe') subscribe(command);
      else unsubscribe(command);
    };
  };

  /** The frames of one channel that a change gives rise to. */
  const framesOf = ({ instrument, executions, quoted, booked }: Change, channel: string): readonly string[] => {
    switch (channel) {
      case 'trade':
        return executions.map((execution) => frames.tick(instrument, execution));
      case 'quote':
        return quoted ? [frames.quote(instrument)] : [];
      case 'depth':
        return booked ? [frames.depth(instrument)] : [];
      default:
        return executions.length > 0 ? [frames.kline(instrument, channel.slice(KLINE.length) as BarLength)] : [];
    }
  };

  const rest = createItickRest(market, rules);
  const gateway = createGateway({
    rest: rest.control,
    refusal: () => undefined,
    open: (peer, url, { headers }) => {
      const header = typeof headers['token'] === 'string' ? headers['token'] : null;
      const receive = converse(peer, clusterOf(url) ?? 'stock', header ?? url.searchParams.get('token'));
      return { receive };
    },
    redact: (text) => {
      const command = parsed(text);
      return command?.['ac'] === 'auth' ? JSON.stringify({ ...command, params: '***' }) : withoutSecret(text, token);
    },
    live: () => [...members.values()].reduce((sum, { length }) => sum + length, 0),
    topics: subscriptions.topics,
    kickCode,
  });

  return {
    ...gateway,
    rest,
    serves: (url) => clusterOf(url) !== undefined,
    publish: (changes) => {
      for (const change of changes) {
        for (const [channel, peers] of subscriptions.listeners(change.instrument) ?? []) {
          for (const text of framesOf(change, channel)) {
            const frame = peers.size === 1 ? text : Buffer.from(text);
            for (const peer of peers) peer.send(frame);
          }
        }
      }
    },
  };
};
