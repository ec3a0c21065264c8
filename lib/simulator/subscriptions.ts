import type { Instrument } from './market/instrument.js';

/** Which peers are subscribed, by instrument and channel (`quote`, `trade`, `depth`, `kline@1m`). */
export interface Subscriptions<P> {
  /** Whether it is new. */
  readonly join: (peer: P, instrument: Instrument, channel: string) => boolean;
  readonly leave: (peer: P, instrument: Instrument, channel: string) => void;
  readonly leaveAll: (peer: P) => void;
  /** What a peer listens to: channels by instrument, in the order of subscription. */
  readonly of: (peer: P) => ReadonlyMap<Instrument, ReadonlySet<string>>;
  /** The peers that are subscribed to an instrument, by channel. */
  readonly listeners: (instrument: Instrument) => ReadonlyMap<string, ReadonlySet<P>> | undefined;
  /** All that is subscribed to, as `channel symbol`, sorted. */
  readonly topics: () => readonly string[];
}

const nothing: ReadonlyMap<Instrument, ReadonlySet<string>> = new Map();

/** Map of maps of sets, without empty ones left behind. */
const insert = <A, B, C>(map: Map<A, Map<B, Set<C>>>, a: A, b: B, c: C): boolean => {
  const inner = map.get(a) ?? new Map<B, Set<C>>();
  const set = inner.get(b) ?? new Set<C>();
  if (set.has(c)) return false;
  map.set(a, inner.set(b, set.add(c)));
  return true;
};
const remove = <A, B, C>(map: Map<A, Map<B, Set<C>>>, a: A, b: B, c: C): void => {
  const inner = map.get(a);
  const set = inner?.get(b);
  set?.delete(c);
  if (set?.size === 0) inner?.delete(b);
  if (inner?.size === 0) map.delete(a);
};

export const createSubscriptions = <P>(): Subscriptions<P> => {
  const byInstrument = new Map<Instrument, Map<string, Set<P>>>();
  const byPeer = new Map<P, Map<Instrument, Set<string>>>();

  const leave: Subscriptions<P>['leave'] = (peer, instrument, channel) => {
    remove(byInstrument, instrument, channel, peer);
    remove(byPeer, peer, instrument, channel);
  };
  return {
    join: (peer, instrument, channel) =>
      insert(byPeer, peer, instrument, channel) && insert(byInstrument, instrument, channel, peer),
    leave,
    leaveAll: (peer) => {
      for (const [instrument, channels] of byPeer.get(peer) ?? nothing) {
        for (const channel of [...channels]) leave(peer, instrument, channel);
      }
    },
    of: (peer) => byPeer.get(peer) ?? nothing,
    listeners: (instrument) => byInstrument.get(instrument),
    topics: () =>
      [...byInstrument]
        .flatMap(([{ listing }, channels]) => [...channels.keys()].map((channel) => `${channel} ${listing.symbol}`))
        .sort(),
  };
};
