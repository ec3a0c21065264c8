import { asyncScheduler, type Subscriber } from 'rxjs';
import type { Connected, Disconnected, FeedEvent, Switched } from '../model/feedEvent.js';
import { topicKey } from '../model/topic.js';
import { lateWords } from './doubts.js';
import { namesOf, noteTopics, standing, type LineState } from './lineState.js';

/** What a subscriber hears of the link that serves it, as if there were only one. */
export interface Output {
  readonly emit: (event: FeedEvent) => void;
  /** What was said last. */
  readonly said: () => 'connected' | 'disconnected' | undefined;
  /** Whether data could ever be served. */
  readonly wasLive: () => boolean;
  /** When a line was last heard before both were lost. */
  readonly lostAt: () => number;
  /** The link of a line is there, and the last one was heard until `from`. */
  readonly up: (line: LineState, from?: number) => void;
  /** Neither line has a link since `from`; something may be missing since `missing`, where that is earlier. */
  readonly down: (line: LineState, event: Disconnected, from: number, missing: number) => void;
  /** Neither line had a link in a time that is over; only now it is seen. */
  readonly hole: (line: LineState, loss: Disconnected | undefined, hole: Required<Connected>['resumed']) => void;
  /** What a line says that is no data, and no loss or return of its link. */
  readonly news: (line: LineState, event: FeedEvent) => void;
  /** A line takes over from another one. */
  readonly switched: (to: LineState, from: LineState, facts: Pick<Switched, 'symbols' | 'cause' | 'hole'>) => void;
  /** What a line that takes over has said of its topics of these symbols, and still holds. */
  readonly topics: (line: LineState, isOf: (symbol: string) => boolean, isAll: boolean) => void;
}

export const outputTo = (subscriber: Subscriber<FeedEvent>): Output => {
  let said: 'connected' | 'disconnected' | undefined;
  let wasLive = false;
  let lostAt = NaN;
  let missingFrom = Infinity;
  /** Keys of the topics that were said to be served. */
  const served = new Set<string>();

  const emit = (event: FeedEvent): void => {
    if (!subscriber.closed) subscriber.next(event);
  };
  const serve = (event: Extract<FeedEvent, { readonly kind: 'subscribed' }>): void => {
    // After a loss that was not seen they are served as before.
    const topics = event.topics.filter((topic) => !served.has(topicKey(topic)));
    for (const topic of topics) served.add(topicKey(topic));
    if (topics.length > 0 || event.topics.length === 0) emit({ ...event, topics });
  };
  const topics: Output['topics'] = (line, isOf, isAll) => {
    if (isAll) served.clear();
    for (const event of standing(line.served, isOf)) {
      for (const topic of event.topics) served.add(topicKey(topic));
      emit(event);
    }
    for (const event of standing(line.refused, isOf)) emit(event);
  };
  return {
    emit,
    said: () => said,
    wasLive: () => wasLive,
    lostAt: () => Math.min(lostAt, missingFrom),
    up: (line, from = lostAt) => {
      const { connected, upSince } = line;
      const own = connected?.resumed;
      const since = Math.min(Math.max(from, own?.from ?? -Infinity), missingFrom, upSince);
      missingFrom = Infinity;
      const resumed = wasLive ? { ...own, from: since, to: Math.max(upSince, own?.to ?? upSince) } : own;
      said = 'connected';
      wasLive = true;
      served.clear();
      if (connected) emit({ ...connected, resumed });
      else if (resumed) emit({ kind: 'connected', ...namesOf(line), receivedAt: upSince, attempt: 1, resumed });
    },
    down: (line, event, from, missing) => {
      said = 'disconnected';
      lostAt = from;
      missingFrom = missing;
      emit({ ...event, ...namesOf(line), receivedAt: asyncScheduler.now() });
    },
    hole: (line, loss, resumed) => {
      lateWords({ ...namesOf(line), receivedAt: asyncScheduler.now() }, loss, resumed).forEach(emit);
      topics(line, () => true, true);
    },
    news: (line, event) => {
      const news = noteTopics(line, event);
      if (!line.isServing) return;
      if (news?.kind === 'subscribed') return serve(news);
      for (const topic of news?.topics ?? []) served.delete(topicKey(topic));
      emit(news ?? event);
    },
    switched: (to, from, facts) => {
      const { provider, feed = provider } = namesOf(from);
      const receivedAt = asyncScheduler.now();
      emit({ kind: 'switched', ...namesOf(to), receivedAt, from: from.line, to: to.line, left: feed, ...facts });
    },
    topics,
  };
};
