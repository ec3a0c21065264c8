import {
  BehaviorSubject,
  concat,
  EMPTY,
  map,
  merge,
  mergeMap,
  NEVER,
  of,
  Subject,
  switchMap,
  tap,
  type Observable,
} from 'rxjs';
import { quotes, type Topic } from '../../lib/model/topic.js';
import { chunks } from '../../lib/session/chunks.js';
import { keepSubscribed, type SubscribeProtocol } from '../../lib/session/keepSubscribed.js';
import type { Answer } from '../../lib/session/ledger.js';
import { whileWanted, type WantedTopics } from '../../lib/session/wanted.js';
import { marbles } from '../../lib/testing/marbles.js';
import type { Session } from '../../lib/transport/Session.js';
import { aSession } from './aSession.js';

const topicsOf = (letters: string): readonly Topic[] => quotes(...Array.from(letters, (letter) => `${letter}.US`));
const lettersOf = (topics: readonly Topic[]): string => topics.map(({ symbol }) => symbol.charAt(0)).join('');

/** What the vendor says in these pictures. Anything else is no answer. */
const answers: Readonly<Record<string, Answer>> = {
  y: {},
  n: { refusal: 'no' },
  a: { refusal: 'all of it', scope: 'topics' },
  q: { refusal: 'full', scope: 'quota' },
  b: { unserved: (topics) => topics.filter(({ symbol }) => symbol === 'B.US') },
  r: { note: ({ topics }, asked) => `${lettersOf(topics)} of ${lettersOf(asked)}` },
};

/** Three topics a command: `+ABC` asks for them, `-ABC` withdraws them. */
const protocol: SubscribeProtocol<string, string> = {
  provider: 'test',
  batches: (topics) => chunks(topics, 3),
  subscribe: (topics) => `+${lettersOf(topics)}`,
  unsubscribe: (topics) => `-${lettersOf(topics)}`,
  answer: (message) => answers[message],
  answersUnsubscribe: false,
  pace: 2,
};

/** What is refused in each of these sessions, while this is wanted. */
const refusals = (
  sessions$: Observable<Session>,
  lists$: Observable<string>,
  overrides: Partial<SubscribeProtocol<string, string>> = {},
): Observable<string> =>
  whileWanted(lists$.pipe(map(topicsOf)), (wanted) => sessions$.pipe(refusedBy(wanted, { ...protocol, ...overrides })));

const refusedBy =
  (wanted: WantedTopics, rules: SubscribeProtocol<string, string>) =>
  (sessions$: Observable<Session>): Observable<string> =>
    sessions$.pipe(
      keepSubscribed(wanted, rules),
      switchMap(({ messages$ }) => messages$),
      mergeMap((said) =>
        typeof said !== 'string' && said.kind === 'refused' ? of(`${lettersOf(said.topics)}: ${said.reason}`) : EMPTY,
      ),
    );

const single = (session: Session): Observable<Session> => merge(of(session), NEVER);

describe('keepSubscribed', () => {
  it(
    'asks for what is wanted, then for what is new, and unsubscribes from what has gone',
    marbles(({ hot, expectObservable }) => {
      const lists = hot('a---b---c----', { a: 'AB', b: 'ABC', c: 'C' });
      const peer = hot('  -y---y-------');
      const unsub = '     ^-----------!';
      const sent = '      a---b---c----';
      const { session, sent$ } = aSession(peer);
      expectObservable(sent$).toBe(sent, { a: '+AB', b: '+C', c: '-AB' });
      expectObservable(refusals(single(session), lists), unsub).toBe('-');
    }),
  );

  it(
    'sends nothing for a list that says the same again',
    marbles(({ hot, expectObservable }) => {
      const lists = hot('a---b---', { a: 'AB', b: 'BA' });
      const peer = hot('  -y------');
      const unsub = '     ^------!';
      const sent = '      a-------';
      const { session, sent$ } = aSession(peer);
      expectObservable(sent$).toBe(sent, { a: '+AB' });
      expectObservable(refusals(single(session), lists), unsub).toBe('-');
    }),
  );

  it('hands the session on before it asks for anything', () => {
    const log: string[] = [];
    const { session } = aSession<string>(NEVER, { send: (command) => log.push(command) });
    const handedOn$ = whileWanted(topicsOf('A'), (wanted: WantedTopics) =>
      of(session).pipe(keepSubscribed(wanted, protocol)),
    );
    handedOn$
      .pipe(tap(() => log.push('handed on')))
      .subscribe()
      .unsubscribe();
    expect(log).toEqual(['handed on', '+A']);
  });

  it(
    'hands on all that is said, answers too, and says what comes of them',
    marbles(({ hot, expectObservable }) => {
      const peer = hot(' -y---x-n-');
      const unsub = '    ^--------!';
      const expected = ' -(ys)x-(nr)';
      const subscribed = { kind: 'subscribed', provider: 'test', receivedAt: 1, topics: topicsOf('A') };
      const refused = { kind: 'refused', provider: 'test', receivedAt: 7, topics: [], reason: 'no' };
      const said$ = whileWanted(topicsOf('A'), (wanted) =>
        single(aSession(peer).session).pipe(
          keepSubscribed(wanted, protocol),
          switchMap(({ messages$ }) => messages$),
        ),
      );
      expectObservable(said$, unsub).toBe(expected, { y: 'y', s: subscribed, x: 'x', n: 'n', r: refused });
    }),
  );

  it(
    'asks in batches, each when the one before is answered and the pace allows',
    marbles(({ hot, expectObservable }) => {
      const peer = hot(' -y---y----');
      const unsub = '    ^--------!';
      const sent = '     a-b--c----';
      const { session, sent$ } = aSession(peer);
      expectObservable(sent$).toBe(sent, { a: '+ABC', b: '+DEF', c: '+GH' });
      expectObservable(refusals(single(session), of('ABCDEFGH')), unsub).toBe('-');
    }),
  );

  it(
    'withdraws without waiting for an answer to anything',
    marbles(({ hot, expectObservable }) => {
      const lists = hot('a---b---c-', { a: 'ABCD', b: 'CD', c: 'D' });
      const unsub = '     ^--------!';
      const sent = '      a---b---c-';
      const { session, sent$ } = aSession<string>(NEVER);
      expectObservable(sent$).toBe(sent, { a: '+ABC', b: '-AB', c: '-C' });
      expectObservable(refusals(single(session), lists), unsub).toBe('-');
    }),
  );

  it(
    'tells the answer to a withdrawal from one that means something, where the vendor gives it',
    marbles(({ hot, expectObservable }) => {
      const lists = hot(' a----b------', { a: 'A', b: 'B' });
      const peer = hot('   --y-----yn--');
      const unsub = '      ^----------!';
      const sent = '       a----b-c----';
      const refused = '    ---------r--';
      const { session, sent$ } = aSession(peer);
      expectObservable(sent$).toBe(sent, { a: '+A', b: '-A', c: '+B' });
      const refused$ = refusals(single(session), lists, { answersUnsubscribe: true });
      expectObservable(refused$, unsub).toBe(refused, { r: 'B: no' });
    }),
  );

  it(
    'takes silence for acceptance when the time for an answer is over',
    marbles(({ expectObservable }) => {
      const unsub = '   ^-------!';
      const sent = '    a----b---';
      const { session, sent$ } = aSession<string>(NEVER);
      expectObservable(sent$).toBe(sent, { a: '+ABC', b: '+D' });
      expectObservable(refusals(single(session), of('ABCD'), { answerTimeout: 5 }), unsub).toBe('-');
    }),
  );

  it(
    'waits five seconds for an answer, and 100 ms between two commands, by default',
    marbles(({ hot, expectObservable }) => {
      const lists = hot('a 9ms b               ', { a: 'ABCD', b: 'BCD' });
      const sent = '      a 99ms b 4899ms c     ';
      const unsub = '     ^ 9s              !   ';
      const { session, sent$ } = aSession<string>(NEVER);
      expectObservable(sent$).toBe(sent, { a: '+ABC', b: '-A', c: '+D' });
      expectObservable(refusals(single(session), lists, { pace: undefined }), unsub).toBe('-');
    }),
  );

  it(
    'stops with its session, and asks for all of it in the next',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const sessions = cold('1----2------');
      const first = hot('    -y----y-----');
      const second = hot('   --------y---');
      const unsub = '        ^----------!';
      const sentFirst = '    a-b---------';
      const sentSecond = '   -----a--b---';
      const firstSubs = '    ^----!      ';
      const values = { a: '+ABC', b: '+D' };
      const [one, two] = [aSession(first), aSession(second)];
      expectObservable(one.sent$).toBe(sentFirst, values);
      expectObservable(two.sent$).toBe(sentSecond, values);
      const sessions$ = sessions.pipe(map((name) => (name === '1' ? one : two).session));
      expectObservable(refusals(sessions$, of('ABCD')), unsub).toBe('-');
      expectSubscriptions(first.subscriptions).toBe([firstSubs, firstSubs]);
    }),
  );

  describe('when a command is refused', () => {
    it(
      'asks again in halves until it is known which topic the vendor minds',
      marbles(({ hot, expectObservable }) => {
        //                  ABC AB  A   B   C
        const peer = hot(' -n--n---y---n---y--');
        const unsub = '    ^-----------------!';
        const sent = '     a-b-c---d---e------';
        const refused = '  ------------b------';
        const { session, sent$ } = aSession(peer);
        expectObservable(sent$).toBe(sent, { a: '+ABC', b: '+AB', c: '+A', d: '+B', e: '+C' });
        expectObservable(refusals(single(session), of('ABC')), unsub).toBe(refused, { b: 'B: no' });
      }),
    );

    it(
      'takes the vendor at its word when that is about the whole command',
      marbles(({ hot, expectObservable }) => {
        const peer = hot(' -a---y--');
        const unsub = '    ^------!';
        const sent = '     a-b-----';
        const refused = '  -r------';
        const { session, sent$ } = aSession(peer);
        expectObservable(sent$).toBe(sent, { a: '+ABC', b: '+D' });
        expectObservable(refusals(single(session), of('ABCD')), unsub).toBe(refused, { r: 'ABC: all of it' });
      }),
    );

    it(
      'fills a quota to the last place, and then refuses the rest as a whole',
      marbles(({ hot, expectObservable }) => {
        //                  ABC AB  C   DEF
        const peer = hot(' -q--y---q---q---');
        const unsub = '    ^--------------!';
        const sent = '     a-b-c---d-------';
        const refused = '  --------c---d---';
        const { session, sent$ } = aSession(peer);
        expectObservable(sent$).toBe(sent, { a: '+ABC', b: '+AB', c: '+C', d: '+DEF' });
        const refused$ = refusals(single(session), of('ABCDEF'));
        expectObservable(refused$, unsub).toBe(refused, { c: 'C: full', d: 'DEF: full' });
      }),
    );

    it(
      'says so although nothing was asked, and names no topic',
      marbles(({ hot, expectObservable }) => {
        const peer = hot(' -y---n--');
        const unsub = '    ^------!';
        const refused = '  -----r--';
        expectObservable(refusals(single(aSession(peer).session), of('A')), unsub).toBe(refused, { r: ': no' });
      }),
    );

    it(
      'mourns no topic that was withdrawn meanwhile',
      marbles(({ hot, expectObservable }) => {
        const lists = hot(' a-b-----', { a: 'A', b: '' });
        const peer = hot('   ----n---');
        const unsub = '      ^------!';
        const { session } = aSession(peer);
        expectObservable(refusals(single(session), lists), unsub).toBe('-');
      }),
    );

    it(
      'is up to date by the time that is heard, so that who hears it may change what is wanted at once',
      marbles(({ hot, expectObservable }) => {
        const peer = hot(' -n-----');
        const unsub = '    ^------!';
        const sent = '     a-b----';
        const refused = '  -r-----';
        const lists = new BehaviorSubject('A');
        const { session, sent$ } = aSession(peer);
        expectObservable(sent$).toBe(sent, { a: '+A', b: '+B' });
        const refused$ = refusals(single(session), lists).pipe(tap(() => lists.next('B')));
        expectObservable(refused$, unsub).toBe(refused, { r: 'A: no' });
      }),
    );
  });

  describe('when a command is accepted in part', () => {
    it(
      'takes what the vendor does not list for refused',
      marbles(({ hot, expectObservable }) => {
        const peer = hot(' -b------');
        const unsub = '    ^------!';
        const refused = '  -r------';
        const reason = 'B: the vendor does not list it among what it serves';
        expectObservable(refusals(single(aSession(peer).session), of('ABC')), unsub).toBe(refused, { r: reason });
      }),
    );

    it(
      'hands on a note that names no topic',
      marbles(({ hot, expectObservable }) => {
        const peer = hot(' -y-r----');
        const unsub = '    ^------!';
        const refused = '  ---r----';
        const { session } = aSession(peer);
        expectObservable(refusals(single(session), of('ABCD')), unsub).toBe(refused, { r: ': D of ABCD' });
      }),
    );
  });

  describe('a refused topic', () => {
    it(
      'is not asked for again in the next session',
      marbles(({ cold, hot, expectObservable }) => {
        const sessions = cold('1----2---');
        const peer = hot('     -a---y---');
        const unsub = '        ^-------!';
        const sent = '         a-b--b---';
        const refused = '      -r-------';
        const { session, sent$ } = aSession(peer);
        expectObservable(sent$).toBe(sent, { a: '+ABC', b: '+D' });
        const refused$ = refusals(sessions.pipe(map(() => session)), of('ABCD'));
        expectObservable(refused$, unsub).toBe(refused, { r: 'ABC: all of it' });
      }),
    );

    it(
      'is asked for again when it comes wanted again',
      marbles(({ hot, expectObservable }) => {
        const lists = hot(' a----b----c--', { a: 'A', b: '', c: 'A' });
        const peer = hot('   -n---------y-');
        const unsub = '      ^-----------!';
        const sent = '       a---------a--';
        const refused = '    -r-----------';
        const { session, sent$ } = aSession(peer);
        expectObservable(sent$).toBe(sent, { a: '+A' });
        expectObservable(refusals(single(session), lists), unsub).toBe(refused, { r: 'A: no' });
      }),
    );

    it(
      'is asked for again also when it left and came back between two sessions',
      marbles(({ cold, hot, expectObservable }) => {
        const lists = hot('   a----b--c------', { a: 'A', b: '', c: 'A' });
        const phases = cold('  s--p-------s---');
        const peer = hot('     -n----------y--');
        const unsub = '        ^-------------!';
        const sent = '         a----------a---';
        const refused = '      -r-------------';
        const { session, sent$ } = aSession(peer);
        expectObservable(sent$).toBe(sent, { a: '+A' });
        const refused$ = whileWanted(lists.pipe(map(topicsOf)), (wanted) =>
          phases.pipe(
            switchMap((phase) => (phase === 's' ? single(session).pipe(refusedBy(wanted, protocol)) : NEVER)),
          ),
        );
        expectObservable(refused$, unsub).toBe(refused, { r: 'A: no' });
      }),
    );
  });

  it(
    'forgets with each session what was withdrawn in the one before',
    marbles(({ cold, hot, flush }) => {
      const sizes: number[] = [];
      const lists = hot('a-b----', { a: topicsOf('AB'), b: topicsOf('A') });
      const sessions = cold('s---s--');
      const subscription = whileWanted(lists, (wanted) =>
        merge(
          sessions.pipe(
            map(() => aSession<string>(NEVER).session),
            keepSubscribed(wanted, protocol),
          ),
          cold('---x-x').pipe(tap(() => sizes.push(wanted.state.unsubscribed.size))),
        ),
      ).subscribe();
      flush();
      subscription.unsubscribe();
      expect(sizes).toEqual([1, 0]);
    }),
  );

  it('completes what a session says with the session', () => {
    const log: string[] = [];
    const peer = new Subject<string>();
    const sessions = new Subject<Session>();
    const over$ = whileWanted(topicsOf('A'), (wanted) =>
      sessions.pipe(
        keepSubscribed(wanted, protocol),
        mergeMap(({ messages$ }) => concat(messages$, of('over'))),
      ),
    );
    const subscription = over$.subscribe((said) => log.push(said as string));
    sessions.next(aSession(peer).session);
    peer.complete();
    sessions.next(aSession<string>(NEVER).session);
    subscription.unsubscribe();
    expect(log).toEqual(['over']);
  });
});
