import { asyncScheduler, map, merge, NEVER, of, Subject, switchMap, takeUntil, timer } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import type { MarketEvent } from '../../lib/model/marketEvent.js';
import { quotes, type Topic } from '../../lib/model/topic.js';
import { chunks } from '../../lib/session/chunks.js';
import type { Control } from '../../lib/session/Control.js';
import { events } from '../../lib/session/events.js';
import { keepSubscribed, type SubscribeProtocol } from '../../lib/session/keepSubscribed.js';
import type { Answer } from '../../lib/session/ledger.js';
import { whileWanted, type WantedTopics } from '../../lib/session/wanted.js';
import { aQuote, marbles } from '../../lib/testing/index.js';
import type { Session } from '../../lib/transport/Session.js';
import { aSession } from './aSession.js';

interface Reply extends Control {
  readonly answer: Answer;
}
type Said = Reply | MarketEvent;
type Protocol = SubscribeProtocol<Said, string>;

/** Quotes of `A.US` and `B.US` for `AB`. */
export const topicsOf = (letters: string): readonly Topic[] =>
  quotes(...Array.from(letters, (letter) => `${letter}.US`));
export const lettersOf = (topics: readonly Topic[]): string => topics.map(({ symbol }) => symbol.charAt(0)).join('');

/** What happens, and when: a new list, a quote of a symbol, a find that it does not exist, an answer, or a new session. */
export type Step =
  | readonly [at: number, what: 'want' | 'data' | 'refuse', letters: string]
  | readonly [at: number, what: 'answer', answer: Answer]
  | readonly [at: number, what: 'session'];

const protocol: Protocol = {
  provider: 'test',
  batches: (topics) => chunks(topics, 10),
  subscribe: (topics) => `+${lettersOf(topics)}`,
  unsubscribe: (topics) => `-${lettersOf(topics)}`,
  answer: (message) => (message.kind === 'control' ? message.answer : undefined),
  answersUnsubscribe: false,
  pace: 1,
  answerTimeout: 100,
};

const wordsOf = (event: FeedEvent): string => {
  switch (event.kind) {
    case 'subscribed':
    case 'unsubscribed':
      return `${event.kind} ${lettersOf(event.topics)}`;
    case 'refused':
      return `refused ${lettersOf(event.topics)}: ${event.reason}`;
    case 'unexpected':
      return `unexpected ${lettersOf([event.topic])}`;
    default:
      return 'symbol' in event ? `data ${event.symbol.charAt(0)}` : event.kind;
  }
};

/**
 * A conversation with a vendor in virtual time, as one reads it: each line has its time, `+AB` asks for A and B, `-A`
 * withdraws A, and words are what the feed says. An answer takes 100 ms at most, and commands are 1 ms apart.
 */
export const conversation = (
  steps: readonly Step[],
  { until = 10_000, ...overrides }: Partial<Protocol> & { readonly until?: number } = {},
): readonly string[] => {
  const log: string[] = [];
  const note = (text: string): void => void log.push(`${asyncScheduler.now()} ${text}`);
  marbles(({ flush }) => {
    const messages$ = new Subject<Said>();
    const lists$ = new Subject<readonly Topic[]>();
    const { session } = aSession<Said>(messages$, { send: note });
    const sessions$ = new Subject<Session<Said>>();
    let refuse: WantedTopics['refuse'] = () => undefined;
    whileWanted(lists$, (wanted) => {
      ({ refuse } = wanted);
      return merge(of(session), sessions$, NEVER).pipe(
        keepSubscribed(wanted, { ...protocol, ...overrides }),
        switchMap((kept) => kept.messages$.pipe(events(wanted))),
      );
    })
      .pipe(map(wordsOf), takeUntil(timer(until)))
      .subscribe(note);
    const act = (step: Step): void => {
      switch (step[1]) {
        case 'want':
          return lists$.next(topicsOf(step[2]));
        case 'data':
          return topicsOf(step[2]).forEach(({ symbol }) => messages$.next(aQuote({ symbol })));
        case 'refuse':
          return refuse({ topics: topicsOf(step[2]), reason: 'no such symbol' });
        case 'answer':
          return messages$.next({ kind: 'control', answer: step[2] });
        case 'session':
          return sessions$.next(session);
      }
    };
    for (const step of steps) asyncScheduler.schedule(() => act(step), step[0]);
    flush();
  })();
  return log;
};
