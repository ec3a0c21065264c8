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
  of,
  repeat,
  Subject,
  switchMap,
  tap,
  timer,
  type Observable,
} from 'rxjs';
import type { Refused } from '../model/feedEvent.js';
import type { Topic } from '../model/topic.js';
import type { Session } from '../transport/Session.js';
import {
  answered,
  emptyLedger,
  nextCommand,
  sent,
  settled,
  wished,
  type Answer,
  type Command,
  type CommandRules,
  type Ledger,
  type Rejection,
} from './ledger.js';
import { joinedBy } from './joinedBy.js';
import type { Wish } from './wish.js';

/** How one vendor is asked for topics. */
export interface SubscribeProtocol<In, Out> extends CommandRules {
  /** Goes into the events. */
  readonly provider: string;
  /** Makes the command that asks for topics, all of which fit into one. */
  readonly subscribe: (topics: readonly Topic[]) => Out;
  /** Makes the command that withdraws topics. */
  readonly unsubscribe: (topics: readonly Topic[]) => Out;
  /** Reads the vendor's answer to a command; undefined for any other message. */
  readonly answer: (message: In) => Answer | undefined;
  /** Milliseconds between two commands. Defaults to 100. */
  readonly pace?: number | undefined;
  /** Milliseconds after which a command without an answer is taken for accepted. Defaults to 5 000. */
  readonly answerWithin?: number | undefined;
}

/**
 * Keeps what a session is subscribed to equal to the wish: sends the difference, and after a reconnect, which starts
 * from nothing, all of it.
 *
 * Answers carry no id, so one subscribe is in flight at a time; a refused one is asked again in halves until it is known
 * which topic the vendor minds. That topic becomes a `refused` among the messages, and the rest streams on. The session
 * is handed on before the first command is sent.
 *
 * @example
 * sessions$.pipe(keepSubscribed(wish, { batches, subscribe, unsubscribe, answer, … }))
 */
export const keepSubscribed = <In, Out>(wish: Wish, protocol: SubscribeProtocol<In, Out>) =>
  switchMap((session: Session<In, Out>): Observable<Session<In | Refused, Out>> => {
    const refusals$ = new Subject<Refused>();
    const messages$ = session.messages$.pipe(joinedBy(refusals$));
    const upkeep$ = upkeep(session, wish, protocol, refusals$).pipe(
      ignoreElements(),
      finalize(() => refusals$.complete()),
    );
    return merge(of({ ...session, messages$ }), upkeep$);
  });

const upkeep = <In, Out>(
  session: Session<In, Out>,
  wish: Wish,
  protocol: SubscribeProtocol<In, Out>,
  refusals$: Subject<Refused>,
): Observable<unknown> =>
  defer(() => {
    const { provider, subscribe, unsubscribe, answer, pace = 100, answerWithin = 5_000 } = protocol;
    // A new session starts from nothing: the vendor has forgotten what was withdrawn as well.
    wish.withdrawn.clear();
    const ledger$ = new BehaviorSubject<Ledger>(emptyLedger(wish.refused));

    const update = (ledger: Ledger, rejection?: Rejection): void => {
      wish.refused = ledger.refused;
      ledger$.next(ledger);
      // Said last: whoever hears it may change the wish at once, and the ledger has to be up to date by then.
      if (rejection) refusals$.next({ kind: 'refused', provider, receivedAt: asyncScheduler.now(), ...rejection });
    };
    const send = (command: Command): void => {
      // Noted first: a peer in memory answers before `send` returns.
      ledger$.next(sent(ledger$.value, command, protocol));
      session.send(command.op === 'subscribe' ? subscribe(command.topics) : unsubscribe(command.topics));
    };

    const answers$ = session.messages$.pipe(
      // Nearly all messages end here, so they are let through to no further operator.
      filter((message) => answer(message) !== undefined),
      map(answer),
      tap((said) => said && update(...answered(ledger$.value, said, protocol))),
    );
    const wishes$ = wish.topics$.pipe(tap((topics) => update(wished(ledger$.value, topics))));
    const commands$ = ledger$.pipe(
      map((ledger) => nextCommand(ledger, protocol)),
      first((command) => command !== undefined),
      tap(send),
      switchMap(() => timer(pace)),
      repeat(),
    );
    const overdue$ = ledger$.pipe(
      map(({ flight }) => flight[0]),
      distinctUntilChanged(),
      switchMap((command) => (command ? timer(answerWithin).pipe(map(() => command)) : EMPTY)),
      tap((command) => update(settled(ledger$.value, command))),
    );
    return merge(answers$, overdue$, wishes$, commands$);
  });
