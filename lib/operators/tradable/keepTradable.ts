import {
  feedNameOf,
  isMarketEvent,
  isNamed,
  type FeedEvent,
  type Refused,
  type Subscribed,
  type Switched,
  type Unsubscribed,
} from '../../model/feedEvent.js';
import { leftBy } from '../../model/leftBy.js';
import { linkTable, soundLink } from '../../model/link.js';
import type { MarketEvent } from '../../model/marketEvent.js';
import { topicKey, type Topic } from '../../model/topic.js';
import { bookValidity, type BookValidity } from '../depth/bookValidity.js';
import { perSource, type SourceEvent } from '../perSource.js';
import { keepStaleness, type Staleness } from '../staleness/keepStaleness.js';
import type { SymbolState } from '../staleness/symbolWatch.js';
import type { Tradable, TradableOptions, TradableReason } from './TradableOptions.js';

/** Whether each symbol of a stream is tradable, as it is kept. Each call says when to look next, epoch ms; `Infinity` is never. */
export interface TradableKeeper {
  /** Takes an event of the feed. */
  readonly accept: (event: FeedEvent, now: number) => number;
  /** Emits what has changed by the passing of time alone. */
  readonly look: (now: number) => number;
  /** The clock was set by so many ms, to `now`. */
  readonly shift: (by: number, now: number) => number;
  /** What was last said of a symbol of a feed; undefined of one that was not heard of. */
  readonly of: (event: Pick<Tradable, 'provider' | 'feed' | 'symbol'>) => Tradable | undefined;
}

/** One symbol of one feed. */
interface Entry {
  readonly provider: string;
  readonly feed: string | undefined;
  readonly symbol: string;
  state: SymbolState | undefined;
  /** Topics that are served; that were before the link was lost, and are not again; and that are refused. By key. */
  readonly served: Set<string>;
  readonly awaited: Set<string>;
  readonly refused: Set<string>;
  book: BookValidity | undefined;
  /** Whether the best prices that the vendor sends are in doubt. */
  isInDoubt: boolean;
  isGone: boolean;
  /** Whether another line serves it. */
  isStandby: boolean;
  /** The last that was said, and its reasons, a bit each. */
  told: Tradable | undefined;
  mask: number;
}

const REASONS: readonly TradableReason[] = [
  'disconnected',
  'standby',
  'gap',
  'refused',
  'unsubscribed',
  'silent',
  'stale',
  'lagging',
  'closed',
  'halted',
  'book',
];

const DEFAULT_AFTER = 10_000;
const BIT = Object.fromEntries(REASONS.map((reason, at) => [reason, 1 << at])) as Record<TradableReason, number>;

/** Keeps what `tradable` says without RxJS: the caller brings the clock, and may ask. Throws `InvalidOption`. */
export const keepTradable = (
  { after = DEFAULT_AFTER, ...options }: TradableOptions,
  emit: (change: Tradable) => void,
): TradableKeeper => {
  const entries = perSource<Entry>(newEntry);
  const links = linkTable();
  const dirty = new Set<Entry>();
  /** Names of feeds. */
  const lagging = new Set<string>();

  const hearStaleness = (change: Staleness): void => {
    if (change.scope === 'symbol') {
      const entry = entries.of(change);
      entry.state = change.state;
      dirty.add(entry);
      return;
    }
    if (change.state !== 'stale') return;
    for (const entry of entries.allOf(feedNameOf(change))) {
      if (entry.state !== 'fresh') continue;
      entry.state = 'stale';
      dirty.add(entry);
    }
  };
  const fresh = keepStaleness({ ...options, after }, hearStaleness);

  const reasonsOf = (entry: Entry): number => {
    const { state, book } = entry;
    if (entry.isGone) return BIT.unsubscribed;
    const feed = feedNameOf(entry);
    const isDown = links.of(feed)?.state === 'down';
    return (
      (isDown ? BIT.disconnected : entry.awaited.size > 0 ? BIT.gap : 0) |
      (entry.isStandby ? BIT.standby : 0) |
      (lagging.has(feed) ? BIT.lagging : 0) |
      (entry.refused.size > 0 ? BIT.refused : 0) |
      (state === undefined ? BIT.silent : state === 'fresh' ? 0 : BIT[state]) |
      (book?.isValid() === false || entry.isInDoubt ? BIT.book : 0)
    );
  };

  const judge = (entry: Entry, now: number): void => {
    const mask = reasonsOf(entry);
    if (entry.told && mask === entry.mask) return;
    const { provider, feed, symbol } = entry;
    const reasons = REASONS.filter((reason) => mask & BIT[reason]);
    entry.mask = mask;
    entry.told = { kind: 'tradable', provider, feed, symbol, tradable: mask === 0, reasons, receivedAt: now };
    emit(entry.told);
  };
  const judgeDirty = (now: number): void => {
    const touched = [...dirty];
    dirty.clear();
    for (const entry of touched) judge(entry, now);
  };

  const hearMarket = (event: MarketEvent): void => {
    const entry = entries.of(event);
    if (event.kind === 'depth') (entry.book ??= bookValidity()).accept(event);
    else if (event.kind === 'bbo') entry.isInDoubt = !event.valid;
    if (entry.told === undefined || reasonsOf(entry) !== entry.mask) dirty.add(entry);
  };

  const hearTopics = (event: Subscribed | Unsubscribed | Refused): void => {
    const { provider, feed } = event;
    for (const topic of event.topics) {
      const entry = entries.of({ provider, feed, symbol: topic.symbol });
      hearTopic(entry, event.kind, topic);
      dirty.add(entry);
    }
  };

  const hearTurn = (feed: string, isDown: boolean): void => {
    for (const entry of entries.allOf(feed)) {
      if (isDown) {
        for (const key of entry.served) entry.awaited.add(key);
        entry.served.clear();
        entry.book?.invalidate();
      }
      dirty.add(entry);
    }
  };

  const hearSwitch = (event: Switched): void => {
    const left = leftBy(event);
    if (!left) return;
    const serve = (feed: string, isStandby: boolean): void => {
      for (const entry of entries.allOf(feed, left.isOf)) {
        entry.isStandby = isStandby;
        dirty.add(entry);
      }
    };
    serve(left.feed, true);
    serve(left.to, false);
  };

  const hearLag = (feed: string, isBehind: boolean): void => {
    if (isBehind) lagging.add(feed);
    else lagging.delete(feed);
    for (const entry of entries.allOf(feed)) dirty.add(entry);
  };

  const hear = (said: FeedEvent, now: number): void => {
    if (isMarketEvent(said)) {
      if (isNamed(said)) hearMarket(said);
      return;
    }
    const event = soundLink(said, now);
    const isNews = links.next(event) !== undefined;
    switch (event.kind) {
      case 'subscribed':
      case 'unsubscribed':
      case 'refused':
        return hearTopics(event);
      case 'connected':
      case 'disconnected':
        return isNews ? hearTurn(feedNameOf(event), event.kind === 'disconnected') : undefined;
      case 'switched':
        return hearSwitch(event);
      case 'lagging':
      case 'caughtUp':
        return hearLag(feedNameOf(event), event.kind === 'lagging');
    }
  };

  return {
    accept: (event, now) => {
      const next = fresh.accept(event, now);
      hear(event, now);
      if (dirty.size > 0) judgeDirty(now);
      return next;
    },
    look: (now) => {
      const next = fresh.look(now);
      judgeDirty(now);
      return next;
    },
    shift: (by, now) => {
      const next = fresh.shift(by, now);
      judgeDirty(now);
      return next;
    },
    of: (event) => entries.find(event)?.told,
  };
};

const newEntry = ({ provider, feed, symbol }: SourceEvent): Entry => ({
  provider,
  feed,
  symbol,
  state: undefined,
  served: new Set(),
  awaited: new Set(),
  refused: new Set(),
  book: undefined,
  isInDoubt: false,
  isGone: false,
  isStandby: false,
  told: undefined,
  mask: 0,
});

const hearTopic = (entry: Entry, kind: (Subscribed | Unsubscribed | Refused)['kind'], topic: Topic): void => {
  const key = topicKey(topic);
  entry.awaited.delete(key);
  entry.refused.delete(key);
  entry.isGone = false;
  if (kind === 'subscribed') {
    entry.served.add(key);
    // A book is wanted: it counts before its first snapshot.
    if (topic.channel === 'depth') entry.book ??= bookValidity();
    return;
  }
  entry.served.delete(key);
  if (topic.channel === 'depth') entry.book = undefined;
  if (topic.channel === 'bbo') entry.isInDoubt = false;
  if (kind === 'refused') entry.refused.add(key);
  else entry.isGone = entry.served.size + entry.awaited.size + entry.refused.size === 0;
};
