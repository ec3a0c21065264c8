import { asyncScheduler, Observable, timer, type Subscription } from 'rxjs';
import { InvalidOption } from '../model/errors.js';
import { isMarketEvent, isOwnData, type Connected, type Disconnected, type FeedEvent } from '../model/feedEvent.js';
import type { EventFacts } from '../model/ownEvents.js';
import { topicKey, type Topic } from '../model/topic.js';
import { inOrder } from '../share/inOrder.js';
import type { Feed } from '../share/shareFeed.js';
import { doubts, lateWords, type Doubt } from './doubts.js';
import { listenInOrder } from './listenInOrder.js';
import type { Timed } from './sameness.js';
import { otherOf, PATIENCE, type Side } from './sides.js';
import { twins } from './twins.js';

interface Runner {
  isUp: boolean;
  isOver: boolean;
  heardAt: number;
  /** Its last loss. */
  loss: Disconnected | undefined;
  /** The topics that it serves, by key. */
  readonly served: Map<string, Topic>;
  /** Keys of those that were refused to it. */
  readonly refused: Set<string>;
}

/**
 * The same provider twice as one feed: of two equal events the first one wins, the other one is dropped.
 *
 * Two connections seldom lose the same event at the same time, and seldom are slow at the same time. Equal executions are
 * removed across the lines by count: two equal ones of one line stay two. The order of the vendor is kept within a topic. The
 * loss of one line is invisible while the other one lives; without any there is one `disconnected`, and one `connected` whose
 * `resumed` spans the time in which neither was there. The same is said, later, of a time in which a line seemed to be there and was
 * not. All events carry the name of the feed that was heard first.
 *
 * It takes two connections, and so a credential that may have two. Fails with `InvalidOption` as soon as it sees two
 * providers: their executions cannot be compared. One feed that fails leaves the other one; after both it fails with the last error.
 *
 *     a$    c-1-2-x------c-5-
 *     b$    c--1-2--3-4----5-    x `disconnected`
 *     race  c-1-2---3-4--- 5-
 *
 * @example
 * race(binance({ topics }), binance({ topics }))
 */
export const race = (a$: Feed, b$: Feed): Feed =>
  new Observable((subscriber) => {
    const runners: readonly [Runner, Runner] = [newRunner(), newRunner()];
    let names: EventFacts | undefined;
    const providers: [string | undefined, string | undefined] = [undefined, undefined];
    /** Whether it was said that there is a link, or that there is none. */
    let said: 'connected' | 'disconnected' | undefined;
    /** Whether there was ever a link, and so something to lose. */
    let wasLive = false;
    /** When neither may have been there, though it seemed so, before both were lost. */
    let missingFrom = Infinity;
    let releasing: Subscription | undefined;
    const { enter } = inOrder();
    const doubt = doubts();

    const emit = (event: FeedEvent): void => {
      if (subscriber.closed) return;
      const { feed } = names ?? event;
      subscriber.next(event.feed === feed ? event : { ...event, feed });
    };
    const pair = twins<Timed>({
      emit: (event) => emit(event as FeedEvent),
      preferred: undefined,
      onRepeat: doubt.overlap,
      onHold: () => {
        if (releasing && !releasing.closed) return;
        releasing = timer(PATIENCE).subscribe(() => enter(pair.release, asyncScheduler.now() - PATIENCE));
        subscriber.add(releasing);
      },
    });

    const fail = (error: unknown): void => subscriber.error(error);

    const up = (side: Side, event: FeedEvent): void => {
      const runner = runners[side];
      if (runner.isUp) return;
      const lastHeard = Math.max(runner.heardAt, runners[otherOf(side)].heardAt);
      runner.isUp = true;
      runner.heardAt = event.receivedAt;
      pair.up(side);
      const { receivedAt } = event;
      if (said === 'connected') {
        const other = otherOf(side);
        if (runners[other].isUp) return doubt.begin(other, lastHeard, receivedAt);
        return sayHole(side, { from: lastHeard, to: receivedAt }, runners[other].loss);
      }
      said = 'connected';
      const own = event.kind === 'connected' ? event.resumed : undefined;
      const from = Math.min(Math.max(lastHeard, own?.from ?? -Infinity), missingFrom, receivedAt);
      missingFrom = Infinity;
      const resumed = wasLive ? { from, to: receivedAt } : own;
      wasLive = true;
      if (event.kind === 'connected') emit({ ...event, resumed });
      else if (resumed) emit(connectedOf(event, resumed));
    };
    /** Something is missing though the line that is left was there all the time: that of the other one was only believed. */
    const sayHole = (left: Side, hole: Doubt, loss: Disconnected | undefined): void => {
      const receivedAt = asyncScheduler.now();
      const facts = { provider: names?.provider ?? '', receivedAt };
      lateWords(facts, loss, hole).forEach(emit);
      const topics = [...runners[left].served.values()];
      if (topics.length > 0) emit({ kind: 'subscribed', ...facts, topics });
    };
    const down = (side: Side): void => {
      const [runner, other] = [runners[side], runners[otherOf(side)]];
      const hole = doubt.take(side);
      if (hole && other.isUp) sayHole(otherOf(side), hole, runner.loss);
      else if (hole) missingFrom = Math.min(missingFrom, hole.from);
      if (runner.isUp) pair.down(side);
      runner.isUp = false;
      runner.served.clear();
      runner.refused.clear();
      // One of which nothing was heard yet may still come.
      const isComing = !other.isOver && other.loss === undefined;
      const loss = runner.isOver ? other.loss : runner.loss;
      if (other.isUp || isComing || loss === undefined || said === 'disconnected') return;
      said = 'disconnected';
      pair.reset();
      emit({ ...loss, receivedAt: asyncScheduler.now() });
    };

    const hear = (side: Side, event: FeedEvent): void => {
      if (subscriber.closed) return;
      names ??= event;
      if (providers[side] === undefined) {
        providers[side] = event.provider;
        const [one, two] = providers;
        if (one !== undefined && two !== undefined && one !== two) {
          return fail(new InvalidOption('race', providers, 'both feeds are of one provider; `standby` takes two'));
        }
      }
      const runner = runners[side];
      if (event.kind === 'disconnected') {
        runner.loss = event;
        return down(side);
      }
      if (runner.isUp) doubt.heard(side, event.receivedAt);
      if (isMarketEvent(event) || isOwnData(event)) {
        runner.heardAt = event.receivedAt;
        if (!runner.isUp) up(side, event);
        return pair.said(side, event);
      }
      if (event.kind === 'connected') return up(side, event);
      runner.heardAt = event.receivedAt;
      news(side, event);
    };

    /** What is said of topics holds while it holds for one of the two. */
    const news = (side: Side, event: FeedEvent): void => {
      const [runner, other] = [runners[side], runners[otherOf(side)]];
      switch (event.kind) {
        case 'subscribed': {
          const isServed = event.topics.map((topic) => other.served.has(topicKey(topic)));
          for (const topic of event.topics) {
            runner.served.set(topicKey(topic), topic);
            runner.refused.delete(topicKey(topic));
          }
          const topics = event.topics.filter((_, i) => !isServed[i]);
          if (topics.length > 0) emit({ ...event, topics });
          return;
        }
        case 'unsubscribed': {
          for (const topic of event.topics) runner.served.delete(topicKey(topic));
          const topics = event.topics.filter((topic) => !other.served.has(topicKey(topic)));
          if (topics.length > 0) emit({ ...event, topics });
          return;
        }
        case 'refused': {
          for (const key of event.topics.map(topicKey)) {
            runner.refused.add(key);
            runner.served.delete(key);
          }
          const isRefused = (key: string): boolean => !other.isUp || other.refused.has(key);
          const topics = event.topics.filter((topic) => isRefused(topicKey(topic)));
          if (topics.length > 0 || event.topics.length === 0) emit({ ...event, topics });
          return;
        }
        default:
          emit(event);
      }
    };

    const end = (side: Side, ...failed: readonly [unknown?]): void => {
      runners[side].isOver = true;
      if (runners[otherOf(side)].isOver) return failed.length > 0 ? fail(failed[0]) : subscriber.complete();
      down(side);
    };

    const begin = (side: Side, feed$: Feed): void => {
      const next = (event: FeedEvent): void => hear(side, event);
      const error = (thrown: unknown): void => end(side, thrown);
      listenInOrder(feed$, { next, error, complete: () => end(side) }, enter, subscriber);
    };
    begin(0, a$);
    if (!subscriber.closed) begin(1, b$);
  });

const newRunner = (): Runner => ({
  isUp: false,
  isOver: false,
  heardAt: -Infinity,
  loss: undefined,
  served: new Map(),
  refused: new Set(),
});

/** Of a feed that says nothing of its link, the first data show it. */
const connectedOf = ({ provider, feed, receivedAt }: EventFacts, resumed: Connected['resumed']): Connected => ({
  kind: 'connected',
  provider,
  feed,
  receivedAt,
  attempt: 1,
  resumed,
});
