import { calendarBy } from '../../model/calendar/CalendarChoice.js';
import {
  feedNameOf,
  isInDoubt,
  isMarketEvent,
  isNamed,
  type Connected,
  type Disconnected,
  type FeedEvent,
} from '../../model/feedEvent.js';
import { linkTable } from '../../model/link.js';
import type { MarketEvent } from '../../model/marketEvent.js';
import { bySymbol, type BySymbol } from '../bySymbol.js';
import { dueQueue } from '../dueQueue.js';
import { thresholdOf } from './threshold.js';
import { stalenessSettings, type StalenessOptions } from './StalenessOptions.js';
import {
  believe,
  cut,
  dueAt,
  hear,
  isIdleAt,
  newWatch,
  shiftWatch,
  stateAt,
  type SymbolState,
  type SymbolWatch,
} from './symbolWatch.js';

/** How far a symbol of a feed can be trusted from now on. */
export interface Staleness {
  readonly kind: 'staleness';
  readonly provider: string;
  /** The name of the feed, where its events carry one. */
  readonly feed?: string | undefined;
  /** As its first event spelled it. */
  readonly symbol: string;
  readonly state: SymbolState;
  /** Whose trouble it is: `link` when all that trade there, two or more, are stale at once, or it is disconnected. */
  readonly scope: 'symbol' | 'link';
  /** When the last event of the symbol came, by the RxJS clock, epoch milliseconds. */
  readonly since: number;
  /** When this became so, the same way. */
  readonly receivedAt: number;
}

/** The staleness of all symbols, as it is kept. Each call says when to look next, epoch ms; `Infinity` is never. */
export interface StalenessKeeper {
  /** Takes an event of the feed. */
  readonly accept: (event: FeedEvent, now: number) => number;
  /** Emits what has changed by the passing of time alone, and forgets who has been idle. */
  readonly look: (now: number) => number;
  /** The clock was set by so many ms, to `now`: what has elapsed stays, and the trading hours are those of the new time. */
  readonly shift: (by: number, now: number) => number;
}

interface Link {
  readonly symbols: BySymbol<Watched>;
  /** How many symbols are in each state. */
  readonly count: Record<SymbolState, number>;
  /** Disconnected, and without a `connected` or data since. */
  isDown: boolean;
  /** Whether the last changes emitted for its symbols said that it is silent. */
  wasSilent: boolean;
  /** `receivedAt` of its last market event. */
  lastReceivedAt: number;
}

interface Watched {
  readonly provider: string;
  readonly feed: string | undefined;
  readonly symbol: string;
  readonly link: Link;
  readonly watch: SymbolWatch;
  state: SymbolState;
  /** What was last emitted for it; not the event itself, which would be one more object to fetch for each event. */
  told: SymbolState | undefined;
  toldScope: Staleness['scope'];
  due: number;
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

  const linkOf = (feed: string): Link => {
    let link = links.get(feed);
    if (!link) links.set(feed, (link = newLink()));
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
      toldScope: 'symbol',
      due: Infinity,
    };
    link.count[watched.state] += 1;
    return link.symbols.add(symbol, watched);
  };

  const judge = (watched: Watched, now: number): void => {
    const { link, watch, state } = watched;
    watched.state = stateAt(watch, now);
    if (link.isDown && watched.state === 'fresh') {
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
    const { link, state } = watched;
    const scope = state === 'stale' && isSilent(link) ? 'link' : 'symbol';
    if (state === watched.told && scope === watched.toldScope) return;
    watched.told = state;
    watched.toldScope = scope;
    const { provider, feed, symbol, watch } = watched;
    emit({ kind: 'staleness', provider, feed, symbol, state, scope, since: watch.since, receivedAt: now });
  };

  /** When a link falls silent or speaks again, every stale symbol of it is emitted again. */
  const tellLink = (link: Link, now: number): void => {
    if (link.wasSilent === isSilent(link)) return;
    link.wasSilent = !link.wasSilent;
    for (const watched of link.symbols.values()) tell(watched, now);
  };

  const accept = (event: MarketEvent, now: number): void => {
    const link = linkOf(feedNameOf(event));
    link.lastReceivedAt = event.receivedAt;
    const watched = link.symbols.find(event.symbol) ?? begin(event, link, now);
    if (watched.told) hear(watched.watch, adaptive, now);
    if (event.kind === 'quote' && event.status) believe(watched.watch, event.status, now);
    link.isDown = false;
    judge(watched, now);
    tellLink(link, now);
    tell(watched, now);
  };

  const turn = (event: Connected | Disconnected, isDown: boolean, now: number): void => {
    const link = linkOf(feedNameOf(event));
    // A repeated event says nothing of symbols that have had data since.
    if (said.next(event) === undefined && event.receivedAt < link.lastReceivedAt) return;
    link.isDown = isDown;
    for (const watched of link.symbols.values()) judge(watched, now);
    tellLink(link, now);
  };

  return {
    accept: (event, now) => {
      if (isMarketEvent(event)) {
        // A book in doubt is nothing that came.
        if (isNamed(event) && !isInDoubt(event)) accept(event, now);
      } else if (event.kind === 'disconnected') turn(event, true, now);
      else if (event.kind === 'connected') turn(event, false, now);
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
        tellLink(watched.link, now);
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
        tellLink(link, now);
        for (const watched of link.symbols.values()) tell(watched, now);
      }
      return queue.next();
    },
  };
};

const newLink = (): Link => ({
  symbols: bySymbol(),
  count: { fresh: 0, stale: 0, closed: 0, halted: 0 },
  isDown: false,
  wasSilent: false,
  lastReceivedAt: -Infinity,
});

/** One silent symbol alone proves nothing of the link. */
const isSilent = ({ isDown, count }: Link): boolean => isDown || (count.fresh === 0 && count.stale > 1);
