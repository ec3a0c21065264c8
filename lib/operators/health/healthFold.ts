import { calendarBy } from '../../model/calendar/CalendarChoice.js';
import type { Calendar } from '../../model/calendar/Calendar.js';
import { sessionDays } from '../../model/calendar/sessionDays.js';
import { checkTimeout } from '../../model/check.js';
import { feedNameOf, type FeedEvent } from '../../model/feedEvent.js';
import type { MarketEvent } from '../../model/marketEvent.js';
import type { BufferEvent } from '../throttling/BufferEvent.js';
import type { BufferHealth, Health, HealthHole, HealthOptions, OneFeedHealth } from './Health.js';
import { figuresOf } from './figures.js';
import { holeOf } from './holes.js';
import { takeLinks } from './links.js';
import { newTally, takeMarket, type Tally } from './tally.js';
import { tradingClock, type TradingClock } from './tradingClock.js';

/** What health is made of: a feed, and what buffers say of themselves. */
export type HealthEvent = FeedEvent | BufferEvent;

/**
 * Counts a stream once, for all that show its health: `feedHealth`, `observeFeed` and `rxtape inspect`. It has no clock and
 * holds no events: equal events and moments make equal numbers.
 */
export interface HealthFold {
  readonly accept: (event: HealthEvent) => void;
  /** How all is at a moment. `perSecond` is since the report before, where that is given. */
  readonly report: (now: number, before?: Health) => Health;
  /** The last thousand holes of each feed, in order. */
  readonly holes: () => readonly HealthHole[];
}

/** Throws `InvalidOption`. */
export const healthFold = ({ capabilities = [], calendar, staleAfter = 30_000 }: HealthOptions = {}): HealthFold => {
  checkTimeout('staleAfter', staleAfter);
  if (calendar && typeof calendar !== 'function') sessionDays(calendar);
  const calendarOf = calendarBy(calendar);
  const clocks = new Map<Calendar, TradingClock>();
  const clockOf = (of: Calendar): TradingClock => {
    const clock = clocks.get(of) ?? tradingClock(of);
    clocks.set(of, clock);
    return clock;
  };
  const tallies = new Map<string, Tally>();
  const takeLink = takeLinks(tallies);
  const buffer: { -readonly [K in keyof BufferHealth]: BufferHealth[K] } = {
    waiting: 0,
    isSlow: false,
    slowTimes: 0,
    dropped: 0,
  };
  // Mostly one feed speaks many times in a row.
  let last: Tally | undefined;

  const tallyOf = (event: FeedEvent): Tally => {
    const feed = feedNameOf(event);
    if (last?.feed === feed) return last;
    const channels = capabilities.find(({ provider }) => provider === event.provider)?.channels;
    const { provider } = event;
    last = tallies.get(feed) ?? newTally({ provider, feed, calendarOf, clockOf, channels, staleAfter });
    tallies.set(feed, last);
    return last;
  };

  const take = (event: MarketEvent, kind: 0 | 1 | 2 | 3 | 4): void => {
    const tally = tallyOf(event);
    takeMarket(tally, tally.market[kind], event);
  };

  return {
    accept: (event) => {
      switch (event.kind) {
        case 'trade':
          return take(event, 0);
        case 'quote':
          return take(event, 1);
        case 'depth':
          return take(event, 2);
        case 'bbo':
          return take(event, 3);
        case 'kline':
          return take(event, 4);
        case 'slowConsumer':
        case 'slowConsumerCleared':
          buffer.waiting = event.waiting;
          buffer.isSlow = event.kind === 'slowConsumer';
          if (buffer.isSlow) buffer.slowTimes += 1;
          return;
        case 'dropped':
          buffer.dropped += event.count;
          return;
        default:
          takeLink(tallyOf(event), event);
      }
    },
    report: (now, before) => {
      const all = [...tallies.values()];
      const seconds = before && now > before.at ? (now - before.at) / 1_000 : undefined;
      const feeds = all.map((tally): OneFeedHealth => {
        const { provider, feed, state, market } = tally;
        const past = before?.feeds.find((other) => other.feed === feed);
        // Of a feed that only its data are known of, as one behind a standby.
        const isHeard = state === 'connecting' && market.some(({ count }) => count > 0);
        return { provider, feed, state: isHeard ? 'live' : state, ...figuresOf([tally], now, seconds, past) };
      });
      return { at: now, ...figuresOf(all, now, seconds, before), feeds, buffer: { ...buffer } };
    },
    holes: () =>
      [...tallies.values()]
        .flatMap(({ holes }) => holes.list)
        .sort((one, other) => one.from - other.from)
        .map(holeOf),
  };
};
