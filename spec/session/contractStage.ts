import { asyncScheduler, BehaviorSubject, endWith, ignoreElements, interval, takeUntil, type Observable } from 'rxjs';
import { Unauthorized } from '../../lib/model/errors.js';
import type { FeedEvent, Undecodable } from '../../lib/model/feedEvent.js';
import type { Quote } from '../../lib/model/marketEvent.js';
import { quotes, topicKey, type Topic } from '../../lib/model/topic.js';
import { authenticate } from '../../lib/session/authenticate.js';
import type { Control } from '../../lib/session/Control.js';
import { encoded } from '../../lib/session/encoded.js';
import { feedOver, type FeedSettings } from '../../lib/session/feedOf.js';
import { keepSubscribed } from '../../lib/session/keepSubscribed.js';
import type { Answer } from '../../lib/session/ledger.js';
import { undecodable } from '../../lib/session/undecodable.js';
import type { ContractStage } from '../../lib/testing/contract/stage.js';
import { fakeNetwork } from '../../lib/testing/fakeNetwork.js';
import { nodePlatform } from '../../lib/transport/nodePlatform.js';

interface Command {
  readonly op: 'login' | 'sub' | 'unsub';
  readonly key?: string;
  readonly codes?: readonly string[];
}
interface ToldControl extends Control {
  readonly login?: 'accepted' | Unauthorized;
  readonly answer?: Answer;
}
type Message = Quote | Undecodable | ToldControl;

const provider = 'small';
const credential = 'small-secret';

const decode = (frame: string, receivedAt: number): Message => {
  const bad = (): Message => undecodable(provider, frame, ['no message'], receivedAt);
  let said: { readonly op?: string; readonly code?: string; readonly at?: number; readonly ok?: boolean };
  try {
    said = JSON.parse(frame) as typeof said;
  } catch {
    return bad();
  }
  const { op, code = '', at = 0, ok = false } = said;
  if (op === 'price') return { kind: 'quote', provider, symbol: code, receivedAt, time: at, last: at };
  if (op === 'login') return { kind: 'control', login: ok ? 'accepted' : new Unauthorized('bad key') };
  if (op === 'sub') return { kind: 'control', answer: ok ? {} : { refusal: 'unknown code', scope: 'unknown' } };
  return bad();
};

const codes = (topics: readonly Topic[]): readonly string[] => topics.map(({ symbol }) => symbol);

/**
 * A small provider and its vendor, whose sessions may succeed each other or share the topics. The contract counts
 * sockets and commands, so the vendor counts none of those that only take over from, or stand beside, another one.
 */
export const contractStage = (settings: Partial<FeedSettings>): (() => ContractStage) => {
  return () => {
    const live$ = new BehaviorSubject(0);
    const asked: string[] = [];
    const unsubscribed: string[] = [];
    const served = new Map<object, Set<string>>();
    const [one, two, unserved] = quotes('AAPL.US', '700.HK', 'NOPE.US') as [Topic, Topic, Topic];
    let attempts = 0;

    const { openSocket, connections } = fakeNetwork((connection) => {
      if (live$.value === 0) attempts += 1;
      const own = new Set<string>();
      const isElsewhere = (code: string): boolean =>
        [...served.values()].some((other) => other !== own && other.has(code));
      const say = (message: object): void => connection.say(JSON.stringify(message));
      let loggedIn = false;
      const answer = ({ op, key, codes: some = [] }: Command): void => {
        const news = some.filter((code) => !isElsewhere(code));
        if (op === 'login') {
          loggedIn = key === credential;
          if (loggedIn) {
            served.set(connection, own);
            live$.next(live$.value + 1);
          }
          return say({ op, ok: loggedIn });
        }
        if (op === 'unsub') {
          some.forEach((code) => own.delete(code));
          unsubscribed.push(...quotes(...news).map(topicKey));
          return;
        }
        if (some.includes(unserved.symbol)) return say({ op, ok: false });
        asked.push(...quotes(...news).map(topicKey));
        some.forEach((code) => own.add(code));
        say({ op, ok: true });
      };
      connection.received$.subscribe({
        next: (text) => answer(JSON.parse(text) as Command),
        complete: () => {
          served.delete(connection);
          if (loggedIn) live$.next(live$.value - 1);
        },
      });
      interval(20)
        .pipe(takeUntil(connection.received$.pipe(ignoreElements(), endWith('over'))))
        .subscribe(() => own.forEach((code) => say({ op: 'price', code, at: asyncScheduler.now() })));
      connection.open();
    });

    const feed: ContractStage['feed'] = (topics, key = credential): Observable<FeedEvent> =>
      feedOver(nodePlatform)(
        { provider, endpoint: 'wss://small', topics, credential: key, openSocket, backoff: () => 10, ...settings },
        ({ wanted, secret, connect }) =>
          connect().pipe(
            encoded<Message, Command>(decode, (command) => JSON.stringify(command)),
            authenticate({
              login: (): Command => ({ op: 'login', key: secret }),
              loginResult: (message) => (message.kind === 'control' ? message.login : undefined),
            }),
            keepSubscribed(wanted, {
              provider,
              batches: (topics) => (topics.length > 0 ? [topics] : []),
              subscribe: (topics): Command => ({ op: 'sub', codes: codes(topics) }),
              unsubscribe: (topics): Command => ({ op: 'unsub', codes: codes(topics) }),
              answer: (message) => (message.kind === 'control' ? message.answer : undefined),
              answersUnsubscribe: false,
              pace: 5,
            }),
          ),
      );
    return {
      vendor: {
        live$,
        asked,
        unsubscribed,
        get live() {
          return live$.value;
        },
        get attempts() {
          return attempts;
        },
        drop: () => connections.forEach((connection) => connection.drop()),
        close: () => connections.forEach((connection) => connection.close()),
        say: (frame) => connections.forEach((connection) => connection.say(frame)),
      },
      feed,
      credential,
      topics: [one, two],
      unserved,
      stray: '{"op":"price","code":"MSFT.US","at":1}',
    };
  };
};
