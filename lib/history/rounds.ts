import {
  asyncScheduler,
  catchError,
  concat,
  defer,
  EMPTY,
  filter,
  ignoreElements,
  merge,
  Observable,
  repeat,
  switchMap,
  tap,
  throwError,
  timeout,
  timer,
} from 'rxjs';
import { ABNORMAL } from '../model/closeCodes.js';
import { ConnectionLost, HandshakeRefused, HeartbeatMissed, Unauthorized } from '../model/errors.js';
import type { FeedEvent } from '../model/feedEvent.js';
import { isRecoverable } from '../model/isRecoverable.js';
import type { Depth, Quote } from '../model/marketEvent.js';
import { steadyClock } from '../model/steadyClock.js';
import { topicKey, type Topic } from '../model/topic.js';
import { topicOf } from '../model/topicOf.js';
import type { Ready } from '../session/messages.js';
import { emptyLedger } from '../session/ledger.js';
import { serviceOf } from '../session/service.js';
import { refusing, serving, startingOver, type WantedTopics } from '../session/wanted.js';
import { bucketOfHistory } from './budget.js';
import { ANSWER } from './calls.js';
import { isHistoryRefused, isHistoryUnavailable, isOfCredential, isTooFast, type HistoryRefused } from './errors.js';
import type { History } from './History.js';

/** What is known of a topic, across all outages of a feed. */
interface TopicPast {
  /** Whether the vendor has ever had it. */
  readonly isKnown: boolean;
  /** How many times in a row it was among what the vendor refused. */
  readonly refusals: number;
  /** Whether it is asked for apart from the others and seldom, as a refusal costs a request for each of them. */
  readonly isApart: boolean;
}

/** What a polled feed remembers across its outages. */
export interface Memory {
  readonly past: Map<string, TopicPast>;
  failures: number;
}

export const newMemory = (): Memory => ({ past: new Map(), failures: 0 });

export interface Rounds {
  readonly feed: string;
  readonly every: number;
  readonly wanted: WantedTopics;
  readonly memory: Memory;
}

type PolledChannel = 'quote' | 'depth';

const channels: readonly PolledChannel[] = ['quote', 'depth'];
const strange: TopicPast = { isKnown: false, refusals: 0, isApart: false };
/** What was had before is given up when it was refused so many times in a row. */
const PATIENCE = 3;
/** In each round of so many, what was refused is asked for as well. */
const AGAIN = 10;
const FORBIDDEN = 403;
const NOT_NAMED = 'the answer of the vendor does not name it; check the symbol';

/** Why a topic can never be had of a history; undefined if it can. */
export const reasonAgainst = (history: History, { channel }: Topic): string | undefined => {
  if (channel !== 'quote' && channel !== 'depth') {
    const remedy = channel === 'bbo' ? 'it with orderBook() and topOfBook()' : 'bars from quotes with toKlines()';
    return `a polled feed has quotes and depths, and no channel ${channel}; derive ${remedy}`;
  }
  return askOf(history, channel) ? undefined : `the history of ${history.provider} has no ${channel}s`;
};

const askOf = (
  { quotes, depths }: History,
  channel: PolledChannel,
): ((symbols: readonly string[]) => Observable<Quote | Depth>) | undefined => (channel === 'quote' ? quotes : depths);

/**
 * Asks for the wanted topics in rounds until one fails; a session, for `reconnect`. It begins with the first answer, and
 * remembers no figures of the one before.
 */
export const askingInRounds = (history: History, rounds: Rounds): Observable<Ready | FeedEvent> =>
  new Observable((subscriber) => {
    const { provider } = history;
    const { feed, every, wanted, memory } = rounds;
    const { past } = memory;
    const bucket = bucketOfHistory(history);
    const clock = steadyClock(() => asyncScheduler.now());
    const emit = (event: Ready | FeedEvent): void => subscriber.next(event);
    const service = serviceOf(provider, emit);
    /** Keys of what has been asked for, and the last figures of what came. */
    const asked = new Set<string>();
    const figures = new Map<string, string>();
    /** The channels that the vendor answers, and those it forbids. */
    const answering = new Set<PolledChannel>();
    const forbidden = new Map<PolledChannel, HistoryRefused>();
    const heard = { wall: NaN, steady: NaN };
    let dueAt = -Infinity;
    let count = 0;

    const pastOf = (topic: Topic): TopicPast => past.get(topicKey(topic)) ?? strange;
    const isWanted = (topic: Topic): boolean => wanted.state.byKey.has(topicKey(topic));
    const topicsOf = (channel: PolledChannel, isApart = false): readonly Topic[] =>
      askOf(history, channel)
        ? wanted.current.filter((topic) => topic.channel === channel && pastOf(topic).isApart === isApart)
        : [];

    const hear = (): void => {
      const isFirst = Number.isNaN(heard.wall);
      Object.assign(heard, { wall: asyncScheduler.now(), steady: clock() });
      if (!isFirst) return;
      emit({ kind: 'ready', lastReceivedAt: () => heard.wall, silentFor: () => clock() - heard.steady });
    };
    const refuse = (topics: readonly Topic[], reason: string): void => {
      if (topics.length === 0) return;
      const [state, rejection] = refusing(wanted.state, { topics, reason });
      if (!rejection) return;
      wanted.set(state);
      wanted.lookup.forget(rejection.topics);
      service.ends(rejection.topics);
      for (const topic of rejection.topics) figures.delete(topicKey(topic));
      emit({ kind: 'refused', provider, receivedAt: asyncScheduler.now(), ...rejection });
    };
    const keepTo = (): void => {
      const { state } = wanted;
      service.keepTo(state, emptyLedger);
      for (const known of [asked, figures, past]) {
        for (const key of [...known.keys()]) if (!state.byKey.has(key)) known.delete(key);
      }
      for (const topic of new Map(state.topics.map((one) => [one.channel, one])).values()) {
        const reason = reasonAgainst(history, topic);
        const topics = reason === undefined ? [] : state.topics.filter(({ channel }) => channel === topic.channel);
        refuse(topics, reason ?? '');
      }
    };

    const accept = (event: Quote | Depth): void => {
      hear();
      const named = event.feed === feed ? event : { ...event, feed };
      if (!wanted.lookup.admits(named)) return;
      const key = topicKey(topicOf(named));
      const said = figuresOf(named);
      if (figures.get(key) === said) return;
      figures.set(key, said);
      emit(named);
    };

    /** The vendor answered for a channel; `refusal` if it refused some of the symbols. */
    const judge = (
      channel: PolledChannel,
      topics: readonly Topic[],
      found: ReadonlySet<string>,
      refusal?: HistoryRefused,
    ): void => {
      hear();
      answering.add(channel);
      const absent = topics.filter((topic) => isWanted(topic) && !found.has(topicKey(topic)));
      for (const key of found) past.set(key, { ...strange, isKnown: true });
      if (!refusal) {
        for (const topic of absent) past.set(topicKey(topic), { ...strange, isKnown: pastOf(topic).isKnown });
        return refuse(
          absent.filter((topic) => !wanted.lookup.hasData(topic)),
          NOT_NAMED,
        );
      }
      const gone = absent.filter((topic) => {
        const { isKnown, refusals } = pastOf(topic);
        const isApart = !isKnown || refusals + 1 >= PATIENCE;
        past.set(topicKey(topic), { isKnown, refusals: refusals + 1, isApart });
        return isApart;
      });
      refuse(gone, wordsOf(refusal));
    };

    const ask = (channel: PolledChannel, due: () => readonly Topic[], isApart = false): Observable<never> =>
      defer(() => (due().length === 0 ? EMPTY : bucket.turn())).pipe(
        switchMap(() => {
          const topics = rotated(due(), memory.failures);
          const found = new Set<string>();
          for (const topic of topics) asked.add(topicKey(topic));
          const symbols = topics.map(({ symbol }) => symbol);
          if (symbols.length === 0) return EMPTY;
          return defer(() => askOf(history, channel)?.(symbols) ?? EMPTY).pipe(
            timeout({ each: ANSWER, with: () => throwError(() => new HeartbeatMissed(ANSWER)) }),
            tap({
              next: (event) => {
                found.add(topicKey(topicOf(event)));
                accept(event);
              },
              complete: () => {
                bucket.answered();
                judge(channel, topics, found);
              },
            }),
            ignoreElements(),
            catchError((error: unknown) => {
              if (!isHistoryRefused(error) || isTooFast(error)) throw error;
              if (isOfCredential(error)) {
                if (error.status !== FORBIDDEN) throw error;
                answering.delete(channel);
                if (!isApart) forbidden.set(channel, error);
                return EMPTY;
              }
              // If all that came until now is refused, something else is wrong.
              if (!isApart && found.size === 0 && topics.some((topic) => pastOf(topic).isKnown)) throw error;
              judge(channel, topics, found, error);
              return EMPTY;
            }),
          );
        }),
      );

    /** A plan may have one channel and not the other. If it has none, the credential is refused. */
    const judgeForbidden = defer(() => {
      for (const [channel, error] of forbidden) {
        if (answering.size === 0) throw error;
        const topics = topicsOf(channel);
        for (const topic of topics) past.set(topicKey(topic), { ...pastOf(topic), isApart: true });
        refuse(topics, wordsOf(error));
      }
      forbidden.clear();
      return EMPTY;
    });

    const isNew = (topic: Topic): boolean => !asked.has(topicKey(topic));
    const toAsk = (): readonly Topic[] => channels.flatMap((channel) => topicsOf(channel));
    const hasNew = (): boolean => toAsk().some(isNew);

    /** All that is wanted, when that is due or all of it is new; else what is new. */
    const round$ = defer(() => {
      const isFull = clock() >= dueAt || toAsk().every(isNew);
      if (isFull) {
        dueAt = clock() + every;
        count += 1;
      }
      const order = rotated(channels, memory.failures);
      const due = (channel: PolledChannel) => () => topicsOf(channel).filter((topic) => isFull || isNew(topic));
      const apart = (channel: PolledChannel) => () => (isFull && count % AGAIN === 0 ? topicsOf(channel, true) : []);
      return concat(
        ...order.map((channel) => ask(channel, due(channel))),
        ...order.map((channel) => ask(channel, apart(channel), true)),
        judgeForbidden,
      );
    });

    wanted.set(startingOver(wanted.state));
    wanted.lookup.listen({
      firstData: (topic, { receivedAt }) => {
        wanted.set(serving(wanted.state, topic));
        service.began(topic, receivedAt);
      },
      unexpected: service.unexpected,
    });
    subscriber.add(wanted.topics$.subscribe(keepTo));
    const next$ = () => merge(timer(Math.max(0, dueAt - clock())), wanted.topics$.pipe(filter(hasNew)));
    return round$.pipe(repeat({ delay: next$ })).subscribe({
      error: (error: unknown) => {
        memory.failures += 1;
        if (isHistoryRefused(error) && isTooFast(error)) bucket.slowDown(error.retryAfter);
        subscriber.error(causeOf(error));
      },
    });
  });

/** What is new in an event: all but when it was received. A vendor that sends no time has that of the receipt. */
const figuresOf = ({ receivedAt, time, ...rest }: Quote | Depth): string =>
  JSON.stringify([time === receivedAt ? 0 : time, rest]);

/** With each failure another one is the first: what fails each time must not keep the others from being asked for. */
const rotated = <A>(list: readonly A[], by: number): readonly A[] => {
  const at = by % (list.length || 1);
  return [...list.slice(at), ...list.slice(0, at)];
};

const wordsOf = ({ reason, message }: HistoryRefused): string => reason || message;

/** What a failure of a history is for a feed. What is none of ours is a defect, and stays what it is. */
const causeOf = (error: unknown): unknown => {
  if (isHistoryRefused(error)) {
    const { status, retryAfter, message } = error;
    if (isOfCredential(error)) return new Unauthorized(wordsOf(error), status);
    return isTooFast(error)
      ? new HandshakeRefused(status ?? 429, retryAfter, wordsOf(error))
      : new ConnectionLost(ABNORMAL, message);
  }
  if (!isHistoryUnavailable(error)) return error;
  const { status, reason } = error;
  const refused = status === undefined ? undefined : new HandshakeRefused(status, undefined, reason);
  return refused && isRecoverable(refused) ? refused : new ConnectionLost(ABNORMAL, reason);
};
