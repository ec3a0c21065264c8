import { isInDoubt } from '../../model/feedEvent.js';
import type { MarketEvent } from '../../model/marketEvent.js';
import { isTime } from '../../model/moment.js';
import { tellsLag } from '../../model/stamps.js';
import { addDelay, LAGS, newDelays, type Delays } from './delays.js';
import type { CountedLoss, CountedSwitch, OneFeedHealth } from './Health.js';
import { newHoles, type Holes, type OpenHole } from './holes.js';
import { newTopics, type Topics, type TopicSettings } from './topics.js';

export const MARKET_KINDS = ['trade', 'quote', 'depth', 'bbo', 'kline'] as const;

/** What has been counted of one kind; changed in place. */
export interface KindTally {
  readonly kind: (typeof MARKET_KINDS)[number];
  count: number;
  heardAt: number;
  readonly lag: Delays;
}

/** What is counted by what it is of: by a text that names it. */
export type Counts<A> = Map<string, { readonly of: A; count: number }>;

export const countOf = <A>(counts: Counts<A>, key: string, of: A, more = 1): void => {
  const counted = counts.get(key);
  if (counted) counted.count += more;
  else counts.set(key, { of, count: more });
};

/** What has been counted of one feed; changed in place. */
export interface Tally {
  readonly provider: string;
  readonly feed: string;
  /** Of the market, in the order of `MARKET_KINDS`, and all others by kind. */
  readonly market: readonly [KindTally, KindTally, KindTally, KindTally, KindTally];
  readonly others: Map<string, number>;
  clockOffset: number | undefined;
  readonly roundTrip: Delays;
  state: OneFeedHealth['state'];
  /** When it took over from another line of a standby. */
  servesSince: number;
  readonly disconnects: Counts<Omit<CountedLoss, 'count'>>;
  readonly switches: Counts<Omit<CountedSwitch, 'count'>>;
  readonly holes: Holes;
  /** The hole of the link that lasts. */
  hole: OpenHole | undefined;
  readonly topics: Topics;
  readonly refused: Set<string>;
  refusals: number;
  unexpected: number;
  isLagging: boolean;
  /** How many events may be looked at before the time goes on, and of which moment that was said. */
  room: number;
  roomAt: number;
}

/** What comes faster is counted and not looked at: looking up its topic would cost a tenth of reading it from the socket. */
const A_MILLISECOND = 10;
const BURST = 5_000;

export const newTally = (settings: Omit<TopicSettings, 'holes'>): Tally => {
  const holes = newHoles();
  return {
    provider: settings.provider,
    feed: settings.feed,
    market: [kindTally('trade'), kindTally('quote'), kindTally('depth'), kindTally('bbo'), kindTally('kline')],
    others: new Map(),
    clockOffset: undefined,
    roundTrip: newDelays(LAGS),
    state: 'connecting',
    servesSince: -Infinity,
    disconnects: new Map(),
    switches: new Map(),
    holes,
    hole: undefined,
    topics: newTopics({ ...settings, holes }),
    refused: new Set(),
    refusals: 0,
    unexpected: 0,
    isLagging: false,
    room: BURST,
    roomAt: -Infinity,
  };
};

const kindTally = (kind: KindTally['kind']): KindTally => ({
  kind,
  count: 0,
  heardAt: -Infinity,
  lag: newDelays(LAGS),
});

/** Counts an event of the market, with what is counted of its kind. */
export const takeMarket = (tally: Tally, of: KindTally, event: MarketEvent): void => {
  const { receivedAt, time } = event;
  of.count += 1;
  if (receivedAt > of.heardAt) of.heardAt = receivedAt;
  if (tellsLag(event)) addDelay(of.lag, receivedAt - time + (tally.clockOffset ?? 0));
  if (receivedAt !== tally.roomAt) {
    tally.room = Math.min(BURST, tally.room + Math.max(0, receivedAt - tally.roomAt) * A_MILLISECOND);
    tally.roomAt = receivedAt;
  }
  // Each number counts; a figure tells of those before it.
  const isNumbered = event.kind === 'trade' ? event.id !== undefined : event.kind === 'depth' && event.sequence;
  if (isNumbered) return look(tally, event);
  if (tally.room < 1) {
    tally.topics.unlooked += 1;
    return;
  }
  tally.room -= 1;
  look(tally, event);
};

const look = (tally: Tally, event: MarketEvent): void => {
  // What is no word about its topic: a book in doubt, and bars of a history.
  if (isInDoubt(event) || (event.kind === 'kline' && event.source === 'backfill')) return;
  if (!isTime(event.receivedAt) || typeof event.symbol !== 'string') return;
  tally.topics.look(event);
};
