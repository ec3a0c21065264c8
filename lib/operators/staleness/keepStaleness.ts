import { calendarBy } from '../../model/calendar/CalendarChoice.js';
import {
  feedNameOf,
  isInDoubt,
  isMarketEvent,
  isNamed,
  type Connected,
  type Disconnected,
  type FeedEvent,
  type Switched,
} from '../../model/feedEvent.js';
import { leftBy } from '../../model/leftBy.js';
import { linkTable } from '../../model/link.js';
import type { MarketEvent } from '../../model/marketEvent.js';
import type { EventFacts } from '../../model/ownEvents.js';
import { dueQueue } from '../dueQueue.js';
import { isLost, newLink, type Link, type Watched } from './linkWatch.js';
import { thresholdOf } from './threshold.js';
import { stalenessSettings, type StalenessOptions } from './StalenessOptions.js';
import {
  believe,
  blame,
  cut,
  dueAt,
  excuse,
  hear,
  isExcused,
  isIdleAt,
  newWatch,
  shiftWatch,
  stateAt,
  type SymbolState,
} from './symbolWatch.js';

interface StalenessFacts {
  readonly kind: 'staleness';
  readonly provider: string;
  /** The name of the feed, where its events carry one. */
  readonly feed?: string | undefined;
  /** When the last event of the symbol came, or of the feed, by the RxJS clock, epoch milliseconds. */
  readonly since: number;
  /** When this became so, the same way. */
  readonly receivedAt: number;
}

/** How far a symbol of a feed can be trusted from now on. */
export interface SymbolStaleness extends StalenessFacts {
  readonly scope: 'symbol';
  /** As its first event spelled it. */
  readonly symbol: string;
  readonly state: SymbolState;
}

/**
 * The link of a feed is lost, or all that trade there, two or more, are silent: until its next event each of its symbols that was
 * fresh is stale. `fresh` is that data come again; that is said of no symbol but those that have.
 */
export interface LinkStaleness extends StalenessFacts {
  readonly scope: 'link';
  readonly symbol?: undefined;
  readonly state: 'fresh' | 'stale';
}

/** How far a symbol, or a whole feed, can be trusted from now on. */
export type Staleness = SymbolStaleness | LinkStaleness;

/** The staleness of all symbols, as it is kept. Each call says when to look next, epoch ms; `Infinity` is never. */
export interface StalenessKeeper {
  /** Takes an event of the feed. */
  readonly accept: (event: FeedEvent, now: number) => number;
  /** Emits what has changed by the passing of time alone, and forgets who has been idle. */
  readonly look: (now: number) => number;
  /** The clock was set by so many ms, to `now`: what has elapsed stays, and the trading hours are those of the new time. */
  readonly shift: (by: number, now: number) => number;
}

/** Keeps staleness without RxJS: who uses it brings the clock. `staleness` does. Throws `InvalidOption`. */
export const keepStaleness = (options: StalenessOptions, emit: (change: Staleness) => void): StalenessKeeper => {
  const settings = stalenessSettings(options);
  const { adaptive, forgetAfter } = settings;
  const calendarOf = calendarBy(settings.calendar);
  const newThreshold = thresholdOf(settings);
  const links = new Map<string, Link>();
  const said = linkTable();
  let queue = dueQueue<Watched>();

  const linkOf = (event: EventFacts): Link => {
    const name = feedNameOf(event);
    let link = links.get(name);
    if (!link) links.set(name, (link = newLink(event)));
    return link;
  };

  const begin = (event: MarketEvent, link: Link, now: number): Watched => {
    const { provider, feed, symbol } = event;
    const watch = newWatch(calendarOf(symbol, feedNameOf(event)), newThreshold(), now);
    const watched: Watched = {
      provider,
      feed,
      symbol,
      link,
      watch,
      state: stateAt(watch, now),
      told: undefined,
      toldByLink: false,
      due: Infinity,
    };
    link.count[watched.state] += 1;
    return link.symbols.add(symbol, watched);
  };

  const judge = (watched: Watched, now: number): void => {
    const { link, watch, state } = watched;
    watched.state = stateAt(watch, now);
    if ((link.isDown || link.isSilent) && watched.state === 'fresh') {
      cut(watch);
      watched.state = 'stale';
    }
    if (watched.state !== state) {
      link.count[state] -= 1;
      link.count[watched.state] += 1;
    }
    // What is due later than it was is found out when it was due: no event has to search the queue.
    const due = dueAt(watch, forgetAfter, now);
    if (due < watched.due) queue.add(watched, (watched.due = due));
  };

  const forget = (watched: Watched): void => {
    watched.due = NaN;
    watched.link.count[watched.state] -= 1;
    watched.link.symbols.forget(watched.symbol);
  };

  const tell = (watched: Watched, now: number): void => {
    const { state, watch, told } = watched;
    if (state === 'stale' && (told === 'fresh' || told === 'stale') && isOfLink(watched, now)) {
      if (told === 'fresh') cutOff(watched);
      return;
    }
    if (state === told && !watched.toldByLink) return;
    blame(watch);
    watched.told = state;
    watched.toldByLink = false;
    const { provider, feed, symbol } = watched;
    emit({ kind: 'staleness', provider, feed, symbol, state, scope: 'symbol', since: watch.since, receivedAt: now });
  };

  const isOfLink = ({ link, watch }: Watched, now: number): boolean => link.isSilent || isExcused(watch, now);

  /** The `stale` of its link holds for it. */
  const cutOff = (watched: Watched): void => {
    cut(watched.watch);
    watched.told = 'stale';
    watched.toldByLink = true;
  };

  const tellLink = ({ provider, feed, since, isSilent }: Link, now: number): void =>
    emit({
      kind: 'staleness',
      provider,
      feed,
      state: isSilent ? 'stale' : 'fresh',
      scope: 'link',
      since,
      receivedAt: now,
    });

  /** Emits that a link is silent, once, where it is. */
  const loseLink = (link: Link, now: number): void => {
    if (link.isSilent || !isLost(link)) return;
    link.isSilent = true;
    for (const watched of link.symbols.values()) {
      if (watched.state === 'stale' && watched.told === 'fresh') cutOff(watched);
    }
    tellLink(link, now);
  };

  /** Data came. What was cut off is not heard again by that, nor silent of its own yet. */
  const hearLink = (link: Link, now: number): void => {
    link.isDown = false;
    link.since = now;
    if (!link.isSilent) return;
    link.isSilent = false;
    for (const watched of link.symbols.values()) {
      if (!watched.watch.isCut) continue;
      excuse(watched.watch, now);
      judge(watched, now);
    }
    tellLink(link, now);
  };

  const accept = (event: MarketEvent, now: number): void => {
    const link = linkOf(event);
    link.lastReceivedAt = event.receivedAt;
    hearLink(link, now);
    const watched = link.symbols.find(event.symbol) ?? begin(event, link, now);
    if (watched.told) hear(watched.watch, adaptive, now);
    if (event.kind === 'quote' && event.status) believe(watched.watch, event.status, now);
    judge(watched, now);
    tell(watched, now);
  };

  /** What another feed serves from now on is not expected of this one. */
  const leave = (event: Switched): void => {
    const { feed, to, isOf } = leftBy(event) ?? {};
    if (feed === undefined || feed === to) return;
    for (const watched of links.get(feed)?.symbols.values(isOf) ?? []) forget(watched);
  };

  const turn = (event: Connected | Disconnected, isDown: boolean, now: number): void => {
    const link = linkOf(event);
    // A repeated event says nothing of symbols that have had data since.
    if (said.next(event) === undefined && event.receivedAt < link.lastReceivedAt) return;
    link.isDown = isDown;
    for (const watched of link.symbols.values()) judge(watched, now);
    if (isDown) loseLink(link, now);
  };

  return {
    accept: (event, now) => {
      if (isMarketEvent(event)) {
        // A book in doubt is nothing that came.
        if (isNamed(event) && !isInDoubt(event)) accept(event, now);
      } else if (event.kind === 'disconnected') turn(event, true, now);
      else if (event.kind === 'connected') turn(event, false, now);
      else if (event.kind === 'switched') leave(event);
      return queue.next();
    },
    look: (now) => {
      const touched: Watched[] = [];
      for (let next = queue.take(now); next; next = queue.take(now)) {
        const { item, due } = next;
        if (item.due !== due) continue;
        item.due = Infinity;
        if (isIdleAt(item.watch, forgetAfter, now)) forget(item);
        else {
          judge(item, now);
          touched.push(item);
        }
      }
      for (const watched of touched) {
        const { link, state, watch } = watched;
        if (state === 'stale' && (link.isDown || !isExcused(watch, now))) loseLink(link, now);
        tell(watched, now);
      }
      return queue.next();
    },
    shift: (by, now) => {
      queue = dueQueue();
      const all = [...links.values()];
      for (const { symbols } of all) {
        for (const watched of symbols.values()) {
          shiftWatch(watched.watch, by, now);
          watched.due = Infinity;
          judge(watched, now);
        }
      }
      for (const link of all) {
        loseLink(link, now);
        for (const watched of link.symbols.values()) tell(watched, now);
      }
      return queue.next();
    },
  };
};
