import type { Subscriber } from 'rxjs';
import {
  feedNameOf,
  isMarketEvent,
  type Connected,
  type Disconnected,
  type FeedEvent,
  type Refused,
  type Subscribed,
  type Unsubscribed,
} from '../model/feedEvent.js';
import type { MarketEvent } from '../model/marketEvent.js';
import type { Topic } from '../model/topic.js';
import { routes, type Listener, type Route } from './routes.js';

export type Watcher = Subscriber<FeedEvent>;

/** A watcher's place on one route. */
interface Seat {
  readonly route: Route;
  /** In the watcher's own spelling. */
  readonly topic: Topic;
  readonly listener: Listener;
}

/** What a late joiner has to know of one feed; a shared feed may be made of several. */
interface Line {
  readonly link: Connected | Disconnected;
  /** The routes that the vendor serves in this session, and when it said so. */
  readonly served: Map<Route, Subscribed>;
}

/** Hands each event to those who watch its topic, news of the link to all, and late joiners what they have missed. */
export const router = () => {
  const { open, close, taken, of } = routes();
  const seatsOf = new Map<Watcher, readonly Seat[]>();
  const lines = new Map<string, Line>();

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
    const line = lines.get(feedNameOf(event));
    for (const route of refused) {
      if (!route) continue;
      route.refused = event;
      line?.served.delete(route);
    }
    for (const [watcher, seats] of [...seatsOf]) if (seats.some(({ route }) => refused.has(route))) watcher.next(event);
  };

  /** Each hears of its own topics only, in its own spelling. */
  const serve = (event: Subscribed | Unsubscribed): void => {
    const line = lines.get(feedNameOf(event));
    const told = new Set<Route>();
    for (const route of event.topics.map(of)) {
      if (!route) continue;
      told.add(route);
      if (event.kind === 'subscribed') {
        line?.served.set(route, event);
        route.refused = undefined;
      } else line?.served.delete(route);
    }
    for (const [watcher, seats] of [...seatsOf]) {
      const topics = seats.filter(({ route }) => told.has(route)).map(({ topic }) => topic);
      if (topics.length > 0) watcher.next({ ...event, topics });
    }
  };

  const broadcast = (event: FeedEvent): void => {
    if (event.kind === 'connected' || event.kind === 'disconnected') {
      lines.set(feedNameOf(event), { link: event, served: new Map() });
    }
    for (const watcher of [...seatsOf.keys()]) watcher.next(event);
  };

  const replay = (watcher: Watcher, seats: readonly Seat[]): void => {
    const known = [...lines.values()];
    for (const { link } of known) if (link.kind === 'connected') watcher.next(link);
    for (const { served } of known) {
      const said = new Map<Subscribed, Topic[]>();
      for (const { route, topic } of seats) {
        const event = served.get(route);
        if (event) said.set(event, [...(said.get(event) ?? []), topic]);
      }
      for (const [event, topics] of said) watcher.next({ ...event, topics });
    }
    for (const { route, topic } of seats) if (route.last) watcher.next(spelled(route.last, topic.symbol));
    for (const refused of new Set(seats.map(({ route }) => route.refused))) if (refused) watcher.next(refused);
    for (const { link } of known) if (link.kind === 'disconnected') watcher.next(link);
  };

  return {
    route: (event: FeedEvent): void => {
      if (isMarketEvent(event)) deliver(event);
      else if (event.kind === 'refused' && event.topics.length > 0) refuse(event);
      else if (event.kind === 'subscribed' || event.kind === 'unsubscribed') serve(event);
      else broadcast(event);
    },

    /** Seats a watcher of distinct topics, tells it what it has missed, and returns how it leaves. */
    admit: (watcher: Watcher, topics: readonly Topic[]): (() => void) => {
      const seats = topics.map((topic) => seat(watcher, topic, open(topic)));
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
const seat = (watcher: Watcher, topic: Topic, route: Route): Seat => {
  const { symbol } = topic;
  const listener =
    symbol === route.symbol ? watcher : { next: (event: MarketEvent) => watcher.next(spelled(event, symbol)) };
  return { route, topic, listener };
};

const spelled = (event: MarketEvent, symbol: string): MarketEvent =>
  event.symbol === symbol ? event : { ...event, symbol };
