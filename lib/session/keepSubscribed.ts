import {
  asyncScheduler,
  BehaviorSubject,
  defer,
  distinctUntilChanged,
  EMPTY,
  filter,
  finalize,
  first,
  ignoreElements,
  map,
  merge,
  mergeMap,
  of,
  repeat,
  Subject,
  switchMap,
  takeUntil,
  tap,
  timer,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import type { Refused, Subscribed, Unexpected, Unsubscribed } from '../model/feedEvent.js';
import { topicKey, type Topic } from '../model/topic.js';
import type { Session } from '../transport/Session.js';
import { answered } from './answered.js';
import { joinedBy } from './joinedBy.js';
import {
  askedFor,
  emptyLedger,
  overdue,
  sent,
  sparing,
  verifying,
  type Answer,
  type Command,
  type CommandRules,
  type Ledger,
} from './ledger.js';
import { planOf } from './plan.js';
import { checkRate, turn, type Rate } from './sends.js';
import { serviceOf } from './service.js';
import { refusing, serving, startingOver, type Rejection, type WantedTopics } from './wanted.js';

/** How one vendor is asked for topics. */
export interface SubscribeProtocol<In, Out> extends CommandRules {
  /** Goes into the events. */
  readonly provider: string;
  /** Makes the command that asks for topics, all of which fit into one. `id` counts the commands of a session from 1. */
  readonly subscribe: (topics: readonly Topic[], id: number) => Out;
  /** Makes the command that unsubscribes from topics. */
  readonly unsubscribe: (topics: readonly Topic[], id: number) => Out;
  /** Reads the vendor's answer to a command; undefined for any other message. */
  readonly answer: (message: In) => Answer | undefined;
  /**
   * Milliseconds between two commands, or how many messages the vendor takes in a time. So many then go out at once, and each
   * makes room for another `per` ms later; the login and the pings of `heartbeat` count, and pings wait for room as well.
   *
   * @defaultValue `100`
   */
  readonly pace?: number | Rate | undefined;
  /**
   * Milliseconds after which a command without an answer is taken for accepted.
   *
   * @defaultValue `5_000`
   */
  readonly answerTimeout?: number | undefined;
}

/** Events about the topics of a session. */
export type TopicNews = Subscribed | Unsubscribed | Refused | Unexpected;

/** A command that asks again, and a late answer, are waited for so many times `answerTimeout`. */
const PATIENCE = 3;
const MEMORY = 12;

/**
 * Keeps what a session is subscribed to equal to what is wanted: sends the difference, and after a reconnect, which starts
 * from nothing, all of it.
 *
 * One subscribe is in flight at a time, or `inFlight` of them where answers carry an id. A refused one is asked again
 * in halves until the refused topic is found. That topic becomes a `refused` among the messages, and the rest streams
 * on. A late answer still counts. The session is emitted before the first command is sent.
 *
 * `subscribed` means that the vendor serves topics: it has accepted them, or not answered in time, or their first data
 * are the next message. It needs `events` below. `unsubscribed` means that topics are no longer wanted, and
 * `unexpected` that data came unasked.
 *
 * @example
 * sessions$.pipe(keepSubscribed(wanted, { batches, subscribe, unsubscribe, answer, … }))
 */
export const keepSubscribed = <In, Out>(
  wanted: WantedTopics,
  protocol: SubscribeProtocol<In, Out>,
): OperatorFunction<Session<In, Out>, Session<In | TopicNews, Out>> =>
  switchMap((session: Session<In, Out>): Observable<Session<In | TopicNews, Out>> => {
    const news$ = new Subject<TopicNews>();
    const messages$ = session.messages$.pipe(joinedBy(news$));
    const upkeep$ = upkeep(session, wanted, protocol, news$).pipe(
      ignoreElements(),
      finalize(() => news$.complete()),
    );
    return merge(of({ ...session, messages$ }), upkeep$);
  });

const upkeep = <In, Out>(
  session: Session<In, Out>,
  wanted: WantedTopics,
  protocol: SubscribeProtocol<In, Out>,
  news$: Subject<TopicNews>,
): Observable<unknown> => {
  const { provider, subscribe, unsubscribe, answer, pace = 100, answerTimeout = 5_000 } = protocol;
  const { lookup } = wanted;
  let id = 0;
  wanted.set(startingOver(wanted.state));
  if (typeof pace !== 'number') session.sends?.limit(checkRate(pace));
  const nextCommand = planOf(protocol);
  const ledger$ = new BehaviorSubject(emptyLedger);
  const sent$ = new Subject<Command>();
  const service = serviceOf(provider, (news) => news$.next(news));
  /** Keys of the topics that were unsubscribed, and not asked for since. */
  const left = new Set<string>();

  const reject = (rejected: Rejection | undefined): Rejection | undefined => {
    if (!rejected) return undefined;
    const [state, rejection] = refusing(wanted.state, rejected);
    wanted.set(state);
    return rejection;
  };
  const update = (ledger: Ledger, accepted: readonly Topic[] = [], rejected?: Rejection): void => {
    const rejection = reject(rejected);
    const { state } = wanted;
    ledger$.next(ledger);
    if (rejection) {
      lookup.forget(rejection.topics);
      service.ends(rejection.topics);
    }
    // Emitted last: a subscriber may change the wanted topics at once, and the ledger has to be up to date by then.
    // A topic that was unsubscribed since its command was sent is asked for again.
    service.begins(
      accepted.filter((topic) => ledger.asked.has(topicKey(topic))),
      state,
    );
    if (rejection) news$.next({ kind: 'refused', provider, receivedAt: asyncScheduler.now(), ...rejection });
  };
  const send = (next: Command): void => {
    const command: Command = { ...next, id: (id += 1) };
    // Noted first: a peer in memory answers before `send` returns.
    ledger$.next(sent(ledger$.value, command, protocol));
    lookup.forget(command.topics);
    for (const topic of command.topics) left[command.op === 'unsubscribe' ? 'add' : 'delete'](topicKey(topic));
    sent$.next(command);
    session.send(command.op === 'subscribe' ? subscribe(command.topics, id) : unsubscribe(command.topics, id));
  };
  const receive = (reply: Answer): void => {
    const known = { product: protocol.product, hasData: lookup.hasData, wanted: wanted.current };
    const [ledger, rejection, accepted] = answered(ledger$.value, reply, known);
    update(ledger, accepted, rejection);
  };
  const patience = (): number => answerTimeout * PATIENCE * 2 ** Math.max(0, ledger$.value.ambiguous - 1);
  const timeOf = ({ again = false }: Command): number => (again ? patience() : answerTimeout);
  const fix = (): void => {
    const { state } = wanted;
    const ledger = sparing(ledger$.value, state, protocol.wireName);
    update(ledger);
    service.keepTo(state, ledger);
  };

  // From the first message on: messages from before the login are emitted with the session.
  lookup.listen({
    firstData: (topic, { receivedAt }) => {
      const state = serving(wanted.state, topic);
      if (state !== wanted.state) {
        wanted.set(state);
        // Of what was unsubscribed these are the last data: it is asked for again.
        update(left.delete(topicKey(topic)) ? ledger$.value : askedFor(ledger$.value, [topic]));
      }
      service.began(topic, receivedAt);
    },
    unexpected: service.unexpected,
  });

  return defer(() => {
    const answers$ = session.messages$.pipe(
      // Nearly all messages end here, before any further operator.
      filter((message) => answer(message) !== undefined),
      map(answer),
      tap((reply) => reply && receive(reply)),
    );
    // The vendor may have accepted them: they stay asked for until the unsubscribe that follows.
    const refusals$ = wanted.refusals$.pipe(tap((rejected) => update(ledger$.value, [], rejected)));
    const changes$ = wanted.topics$.pipe(tap(fix));
    const commands$ = ledger$.pipe(
      first((ledger) => nextCommand(ledger, wanted.state) !== undefined),
      switchMap(() => turn(session)),
      tap(() => {
        // The wanted topics may have changed during the wait.
        const command = nextCommand(ledger$.value, wanted.state);
        if (command) send(command);
      }),
      switchMap(() => (typeof pace === 'number' ? timer(pace) : of(0))),
      repeat(),
    );
    const overdue$ = sent$.pipe(
      mergeMap((command) => {
        const answered$ = ledger$.pipe(filter(({ pending }) => !pending.includes(command)));
        return timer(timeOf(command)).pipe(
          map(() => command),
          takeUntil(answered$),
        );
      }),
      tap((command) => update(...overdue(ledger$.value, command))),
    );
    /** Gives up on answers, some time after the last that came. */
    const after = (count: (ledger: Ledger) => unknown, wait: () => number, giveUp: (ledger: Ledger) => Ledger) =>
      ledger$.pipe(
        map(count),
        distinctUntilChanged(),
        switchMap((some) => (some ? timer(wait()) : EMPTY)),
        tap(() => update(giveUp(ledger$.value))),
      );
    const forgotten$ = after(
      ({ late }) => (late.length > 0 ? late : undefined),
      () => answerTimeout * MEMORY,
      (ledger) => ({ ...ledger, late: [] }),
    );
    const stale$ = after(
      ({ stale }) => (stale.length > 0 ? stale : undefined),
      patience,
      (ledger) => ({ ...ledger, stale: [] }),
    );
    const verified$ = after(
      (ledger) => (ledger.unsure ? ledger : undefined),
      () => answerTimeout * MEMORY,
      (ledger) => verifying(ledger, lookup.hasData),
    );
    return merge(answers$, refusals$, overdue$, forgotten$, stale$, verified$, changes$, commands$);
  });
};
