import { newLink, type Link } from '../../model/link.js';
import type { Kline } from '../../model/marketEvent.js';
import { bySymbol, type BySymbol } from '../bySymbol.js';
import { newPresence, type Presence } from './link.js';
import { newFeedClock, type FeedClock } from './timing.js';

/** One feed, its link and its symbols. */
export interface Source<S> {
  name: string;
  /** When the link was live. */
  readonly presence: Presence;
  /** When each topic was served, as far as the feed says so, by key. */
  readonly topics: Map<string, Presence>;
  readonly symbols: BySymbol<S>;
  clock: FeedClock;
  /** How far the clock that closes bars, in whose times presences are, is ahead of that of receipt. */
  readonly ahead: () => number;
  link: Link;
  /** How often the link was lost. */
  losses: number;
  /** Where the bars of its forgotten symbols end. */
  floor: number;
}

/** When the data were served of which bars can be made; absent where the feed says nothing of it. */
export interface Served {
  trades?: Presence | undefined;
  quotes?: Presence | undefined;
  provider?: Presence | undefined;
  readonly empty?: undefined;
}

export type Kind = Exclude<keyof Served, 'empty'>;

interface Present {
  readonly served: Served;
  readonly madeOf: keyof Served;
  readonly source: Pick<Source<unknown>, 'presence'>;
}

export const newSource = <S>(name: string, heardAt: number, ahead: () => number): Source<S> => ({
  name,
  presence: newPresence(heardAt),
  topics: new Map(),
  symbols: bySymbol(),
  clock: newFeedClock(),
  ahead,
  link: newLink(name),
  losses: 0,
  floor: -Infinity,
});

/** The presence that a bar's coverage goes by: that of its topic, or of the link where the feed tells nothing of topics. */
export const presenceOf = ({ source, served, madeOf }: Present, of: Kline['source']): Presence => {
  const kind = of === 'empty' || of === 'backfill' ? madeOf : of;
  // By name, as a look-up by a variable is slow for each bar.
  const own = kind === 'trades' ? served.trades : kind === 'quotes' ? served.quotes : served[kind];
  return own ?? source.presence;
};
