import type { Capabilities } from '../../model/capabilities.js';
import type { Calendar } from '../../model/calendar/Calendar.js';
import type { MarketEvent } from '../../model/marketEvent.js';
import type { Topic } from '../../model/topic.js';
import { bySymbol } from '../bySymbol.js';
import { evidenceOf, type Shown } from './evidence.js';
import type { Holes, OpenHole } from './holes.js';
import type { TradingClock } from './tradingClock.js';

/** The trading hours of some topics of a feed, and when those began to be watched. */
interface Hours {
  readonly calendar: Calendar;
  readonly clock: TradingClock;
  topics: number;
  /** By the clock, of all topics together. */
  begun: number;
}

/** A topic that is watched; changed in place. */
interface Watched extends Shown {
  readonly hours: Hours;
  /** When it began, and when it was last heard, by the clock of its hours. */
  readonly begun: number;
  heard: number;
  /** The session of the link in which it was last served. */
  session: number;
  /** Since when it has been without data, epoch milliseconds; undefined where that is since the last loss of the link. */
  lostAt: number | undefined;
}

/** The topics of one symbol by channel; of bars by interval. */
interface OfSymbol {
  readonly symbol: string;
  readonly topics: Map<string, Watched>;
}

/** A topic by its symbol, and its key within that. */
export type TopicOfSymbol = readonly [symbol: string, key: string];

/** What is known of the topics of one feed. */
export interface Topics {
  /** Data of a topic came. */
  readonly look: (event: MarketEvent) => void;
  readonly serve: (topics: readonly Topic[], at: number) => void;
  /** Topics are not wanted any more, or were rejected. */
  readonly leave: (topics: readonly Topic[], at: number) => void;
  /** Another feed serves some symbols from then on; returns what it has to serve. */
  readonly handOver: (isOf: (symbol: string) => boolean, at: number) => readonly TopicOfSymbol[];
  /** Serves what another feed served until `from`; there were no data up to `to`. */
  readonly takeOver: (topics: readonly TopicOfSymbol[], from: number, to: number) => void;
  /** The link was lost then; in the hole are also those that have not come back from a loss before. */
  readonly lose: (hole: OpenHole, at: number) => void;
  /** The link is back: its topics are served at once, or each when that is said. It may have been lost earlier than was said. */
  readonly resume: (at: number, areServed: boolean, lostAt?: number) => void;
  /** What was lost is whole again. */
  readonly repair: (time: number) => void;
  readonly report: (now: number) => TopicFigures;
  /** How many events have not been looked at. */
  unlooked: number;
}

export interface TopicFigures {
  readonly served: number;
  readonly awaited: number;
  readonly stale: number;
  readonly inSession: boolean;
  /** Trading time of all, and what of it is clean, and lost in known holes. */
  readonly watched: number;
  readonly clean: number;
  readonly lost: number;
}

export interface TopicSettings {
  readonly provider: string;
  readonly feed: string;
  readonly holes: Holes;
  readonly calendarOf: (symbol: string, feed: string) => Calendar;
  readonly clockOf: (calendar: Calendar) => TradingClock;
  readonly channels: Capabilities['channels'] | undefined;
  readonly staleAfter: number;
}

export const newTopics = (settings: TopicSettings): Topics => {
  const { feed, calendarOf, clockOf, channels, staleAfter } = settings;
  const symbols = bySymbol<OfSymbol>();
  const allHours: Hours[] = [];
  /** Of topics that are not watched any more. */
  let watchedBefore = 0;
  const shares = { clean: 0, lost: 0 };
  const check = evidenceOf({ ...settings, shares });
  /** Counts the sessions of the link. */
  let session = 0;
  /** When it was last lost, and when it was back, epoch milliseconds. */
  let lostAt = Infinity;
  let backAt = -Infinity;
  let hole: OpenHole | undefined;
  /** Mostly one symbol speaks several times in a row. */
  let last: { readonly symbol: string; readonly of: OfSymbol } | undefined;

  const hoursOf = (symbol: string): Hours => {
    const calendar = calendarOf(symbol, feed);
    const found = allHours.find((hours) => hours.calendar === calendar);
    if (found) return found;
    const hours: Hours = { calendar, clock: clockOf(calendar), topics: 0, begun: 0 };
    allHours.push(hours);
    return hours;
  };

  const ofSymbol = (symbol: string): OfSymbol => {
    if (last?.symbol === symbol) return last.of;
    const of = symbols.find(symbol) ?? symbols.add(symbol, { symbol, topics: new Map() });
    last = { symbol, of };
    return of;
  };

  const begin = (symbol: string, key: string, at: number): Watched => {
    const { topics: those } = ofSymbol(symbol);
    const [other] = those.values();
    const hours = other?.hours ?? hoursOf(symbol);
    const begun = hours.clock.at(at);
    hours.topics += 1;
    hours.begun += begun;
    const watched: Watched = {
      hours,
      begun,
      heard: begun,
      session,
      lostAt: undefined,
      proved: NaN,
      number: NaN,
      run: 0,
      figure: undefined,
      unlooked: topics.unlooked,
      hole: undefined,
      holeTime: 0,
    };
    those.set(key, watched);
    return watched;
  };

  /** The topic is served again: its hole has ended. */
  const regain = (watched: Watched, at: number): void => {
    const { clock } = watched.hours;
    const back = clock.at(at);
    const time = Math.max(0, back - clock.at(Math.min(at, watched.lostAt ?? lostAt)));
    watched.session = session;
    watched.lostAt = undefined;
    watched.hole = hole;
    watched.holeTime = time;
    watched.proved += time;
    watched.heard = Math.max(watched.heard, back);
    shares.lost += time;
  };

  const each = (act: (watched: Watched, key: string) => void): void => {
    for (const of of symbols.values()) of.topics.forEach(act);
  };

  /** A topic is not watched any more. */
  const end = ({ symbol, topics: those }: OfSymbol, key: string, watched: Watched, at: number): void => {
    if (watched.session !== session) regain(watched, at);
    const { hours, begun } = watched;
    hours.topics -= 1;
    hours.begun -= begun;
    watchedBefore += Math.max(0, hours.clock.at(at) - begun);
    those.delete(key);
    if (those.size > 0) return;
    symbols.forget(symbol);
    last = undefined;
  };

  const topics: Topics = {
    unlooked: 0,
    look: (event) => {
      const { symbol, receivedAt } = event;
      const key = event.kind === 'kline' ? barsOf(event.interval) : event.kind;
      const watched = ofSymbol(symbol).topics.get(key) ?? begin(symbol, key, receivedAt);
      if (watched.session !== session) regain(watched, backAt);
      const now = watched.hours.clock.at(receivedAt);
      check(watched, event, now, topics.unlooked);
      if (now > watched.heard) watched.heard = now;
      watched.unlooked = topics.unlooked;
    },
    serve: (served, at) => {
      for (const topic of served) {
        const watched = ofSymbol(topic.symbol).topics.get(keyOf(topic));
        if (!watched) begin(topic.symbol, keyOf(topic), at);
        else if (watched.session !== session) regain(watched, at);
      }
    },
    leave: (left, at) => {
      for (const topic of left) {
        const of = symbols.find(topic.symbol);
        const watched = of?.topics.get(keyOf(topic));
        if (of && watched) end(of, keyOf(topic), watched, at);
      }
    },
    handOver: (isOf, at) =>
      [...symbols.values(isOf)].flatMap((of) =>
        [...of.topics].map(([key, watched]): TopicOfSymbol => {
          end(of, key, watched, at);
          return [of.symbol, key];
        }),
      ),
    takeOver: (left, from, to) => {
      for (const [symbol, key] of left) {
        if (ofSymbol(symbol).topics.has(key)) continue;
        const { hours, begun } = begin(symbol, key, from);
        shares.lost += Math.max(0, hours.clock.at(to) - begun);
      }
    },
    lose: (of, at) => {
      of.isCountable &&= symbols.size() > 0;
      each((watched, key) => {
        if (key !== 'trade' || channels?.trade !== 'ids') of.isCountable = false;
        // What has not come back since the loss before has been without data since then.
        if (watched.session !== session) watched.lostAt ??= lostAt;
        else if (watched.hole !== of) of.awaited += 1;
      });
      hole = of;
      lostAt = at;
      session += 1;
    },
    resume: (at, areServed, from = lostAt) => {
      backAt = at;
      lostAt = Math.min(lostAt, from);
      if (areServed) each((watched) => watched.session === session || regain(watched, at));
    },
    repair: (time) => {
      shares.lost -= time;
      shares.clean += time;
    },
    report: (now) => {
      let { lost } = shares;
      let [served, awaited, stale] = [0, 0, 0];
      each((watched) => {
        const { clock } = watched.hours;
        const time = clock.at(now);
        if (watched.session !== session) {
          awaited += 1;
          lost += Math.max(0, time - clock.at(watched.lostAt ?? lostAt));
        } else {
          served += 1;
          // Of events that were not looked at it may have been one.
          if (time - watched.heard >= staleAfter && watched.unlooked === topics.unlooked) stale += 1;
        }
      });
      const watched = allHours.reduce(
        (all, { clock, topics: count, begun }) => all + count * clock.at(now) - begun,
        watchedBefore,
      );
      const inSession = allHours.some((hours) => hours.topics > 0 && hours.clock.isOpen(now));
      return { served, awaited, stale, inSession, watched, clean: shares.clean, lost };
    },
  };
  return topics;
};

const keyOf = (topic: Topic): string => (topic.channel === 'kline' ? barsOf(topic.interval) : topic.channel);

const barsOf = (interval: string): string => `kline@${interval}`;
