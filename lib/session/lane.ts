import type { SymbolData } from '../model/feedEvent.js';
import { isMarketKind } from '../model/kinds.js';
import { topicKey, type Topic } from '../model/topic.js';
import { Subscription } from 'rxjs';
import type { Ready } from './messages.js';
import { isServedNews } from './servedNews.js';
import type { Track } from './tracks.js';
import type { WantedTopics } from './wanted.js';

/** A session, and what is known of it. */
export interface Lane {
  readonly wanted: WantedTopics;
  readonly work: Subscription;
  readonly served: Map<string, Topic>;
  readonly refused: Set<string>;
  ready: Ready | undefined;
  readyAt: number;
  /** Whether the vendor has said that it ends. */
  isEnding: boolean;
}

/** A session that begins. */
export const newLane = (wanted: WantedTopics): Lane => ({
  wanted,
  work: new Subscription(),
  served: new Map(),
  refused: new Set(),
  ready: undefined,
  readyAt: 0,
  isEnding: false,
});

/** What a session serves. */
export const note = ({ served, refused }: Lane, event: { readonly kind: string }): void => {
  if (!isServedNews(event)) return;
  for (const topic of event.topics) {
    const key = topicKey(topic);
    if (event.kind === 'subscribed') served.set(key, topic);
    else served.delete(key);
    if (event.kind === 'refused') refused.add(key);
    else refused.delete(key);
  }
};

/** What is new in the news of the successor at the switch; `told` are the topics of which something was new. */
export const newsAfter = <E extends { readonly kind: string }>(
  before: Lane,
  { served, refused }: Lane,
  event: E,
  told: Set<string>,
): E | undefined => {
  if (!isServedNews(event) || event.topics.length === 0) return event;
  const [now, then] =
    event.kind === 'refused' ? [refused, before.wanted.state.refused] : ([served, before.served] as const);
  const topics = event.topics.filter((topic) => {
    const key = topicKey(topic);
    return now.has(key) && !then.has(key) && !told.has(key) && told.add(key);
  });
  return topics.length > 0 ? { ...event, topics } : undefined;
};

/** Whether what was held is of a topic that was withdrawn while the switch emitted what came before. */
export const isUnwanted = ({ wanted }: Lane, { key }: Track<SymbolData>, { kind }: SymbolData): boolean =>
  isMarketKind(kind) && !wanted.state.byKey.has(key);
