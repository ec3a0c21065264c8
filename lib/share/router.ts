import type { Subscriber } from 'rxjs';
import { isMarketEvent, type Connected, type Disconnected, type FeedEvent, type Refused } from '../model/feedEvent.js';
import type { MarketEvent } from '../model/marketEvent.js';
import type { Topic } from '../model/topic.js';
import { routes, type Listener, type Route } from './routes.js';

export type Watcher = Subscriber<FeedEvent>;

/** A watcher's place on one route. */
interface Seat {
  readonly route: Route;
  /** The watcher's own spelling. */
  readonly symbol: string;
  readonly listener: Listener;
}

/** Hands each event to those who watch its topic, news of the link to all, and late joiners what they have missed. */
export const router = () => {
  const { open, close, taken, of } = routes();
  const seatsOf = new Map<Watcher, readonly Seat[]>();
  let link: Connected | Disconnected | undefined;

  // The hot path: a lookup and a plain loop, so that an event costs the same however many symbols are watched. With a
  // `Subject` and a `filter` per watcher, each event would be shown to every watcher of everything.
  const deliver = (event: MarketEvent): void => {
    const route = taken(event);
    if (route === undefined) return;
    const heard = spelled(event, route.symbol);
    route.last = heard;
    route.refused = undefined;
    for (const listener of route.listeners) listener.next(heard);
  };

  const refuse = (event: Refused): void => {
    const refused = new Set(event.topics.map(of));
    for (const route of refused) if (route) route.refused = event;
    for (const [watcher, seats] of [...seatsOf]) if (seats.some(({ route }) => refused.has(route))) watcher.next(event);
  };

  const broadcast = (event: FeedEvent): void => {
    if (event.kind === 'connected' || event.kind === 'disconnected') link = event;
    for (const watcher of [...seatsOf.keys()]) watcher.next(event);
  };

  const replay = (watcher: Watcher, seats: readonly Seat[]): void => {
    if (link?.kind === 'connected') watcher.next(link);
    for (const { route, symbol } of seats) if (route.last) watcher.next(spelled(route.last, symbol));
    for (const refused of new Set(seats.map(({ route }) => route.refused))) if (refused) watcher.next(refused);
    if (link?.kind === 'disconnected') watcher.next(link);
  };

  return {
    route: (event: FeedEvent): void => {
      if (isMarketEvent(event)) deliver(event);
      else if (event.kind === 'refused' && event.topics.length > 0) refuse(event);
      else broadcast(event);
    },

    /** Seats a watcher of distinct topics, tells it what it has missed, and returns how it leaves. */
    admit: (watcher: Watcher, topics: readonly Topic[]): (() => void) => {
      const seats = topics.map((topic) => seat(watcher, topic.symbol, open(topic)));
      for (const { route, listener } of seats) route.listeners = [...route.listeners, listener];
      seatsOf.set(watcher, seats);
      replay(watcher, seats);
      return () => {
        seatsOf.delete(watcher);
        for (const { route, listener } of seats)
          route.listeners = route.listeners.filter((other) => other !== listener);
      };
    },

    /** Forgets what was said of topics that nobody wants any more. */
    forget: (topics: readonly Topic[]): void => topics.forEach(close),

    everyone: (): readonly Watcher[] => [...seatsOf.keys()],
  };
};

/** A watcher with a spelling of its own listens through an ear that respells; all others cost nothing extra. */
const seat = (watcher: Watcher, symbol: string, route: Route): Seat => {
  const listener =
    symbol === route.symbol ? watcher : { next: (event: MarketEvent) => watcher.next(spelled(event, symbol)) };
  return { route, symbol, listener };
};

const spelled = (event: MarketEvent, symbol: string): MarketEvent =>
  event.symbol === symbol ? event : { ...event, symbol };
