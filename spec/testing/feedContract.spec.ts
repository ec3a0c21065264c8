import {
  delay,
  filter,
  finalize,
  from,
  identity,
  interval,
  isObservable,
  map,
  mergeMap,
  Observable,
  of,
  retry,
  switchMap,
  tap,
  type Subscription,
} from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { aQuote } from '../../lib/testing/builders.js';
import type { ContractStage } from '../../lib/testing/contract/stage.js';
import { feedContract } from '../../lib/testing/contract/feedContract.js';
import type { Fault } from '../../lib/testing/faults/intercept.js';
import type { SocketSignal } from '../../lib/transport/wrapSocket.js';
import { intercept } from '../../lib/testing/faults/intercept.js';
import { runVirtually } from '../../lib/testing/contract/describeFeed.js';
import { itickScript } from '../providers/contract/itickStages.js';

type Feed = ContractStage['feed'];

/** What the faulty providers leave open; a live feed holds its place for the whole process. */
const leaks: Subscription[] = [];

/** Asks as soon as its socket is open, whatever the vendor has said. */
const asksEarly: Fault = (openSocket) => (url, options) => {
  const socket = openSocket(url, options);
  const incoming = tap<SocketSignal>(({ kind }) => {
    if (kind === 'open') socket.send('{"ac":"subscribe","params":"AAPL$US","types":"quote"}');
  });
  return intercept(socket, { incoming });
};

/** A provider with one fault, the clause that must notice it, and how it is broken: itself, or on its line. */
const faults: readonly (readonly [
  fault: string,
  clause: RegExp,
  breakIt: (feed: Feed, stage: ContractStage) => Feed,
  line?: Fault,
])[] = [
  [
    'connects when it is made',
    /cold/,
    (feed) => (topics, credential) => {
      const feed$ = feed(topics, credential);
      leaks.push(feed$.subscribe());
      return feed$;
    },
  ],
  ['hides that it is connected', /logs in/, (feed) => without(feed, 'connected')],
  ['asks before it is logged in', /before it is logged in/, (feed) => feed, asksEarly],
  [
    'asks for everything again when the wanted topics change',
    /asks only for what is new/,
    (feed) => (topics, credential) =>
      (isObservable(topics) ? topics : of(topics)).pipe(switchMap((some) => feed(some, credential))),
  ],
  ['hides its gaps', /a drop/, (feed) => without(feed, 'disconnected')],
  ['hides its clean gaps', /a clean close/, (feed) => without(feed, 'disconnected')],
  [
    'stays connected when it is unsubscribed',
    /unsubscribed/,
    (feed) => (topics, credential) =>
      new Observable((subscriber) => {
        leaks.push(feed(topics, credential).subscribe((event) => subscriber.next(event)));
      }),
  ],
  [
    'connects again when it was unsubscribed',
    /tries no more/,
    (feed) => (topics, credential) => {
      const feed$ = feed(topics, credential);
      const again = (): number => leaks.push(feed$.subscribe());
      return feed$.pipe(finalize(again));
    },
  ],
  [
    'leaves a timer running',
    /tries no more/,
    (feed) => (topics, credential) => {
      leaks.push(interval(60_000).subscribe());
      return feed(topics, credential);
    },
  ],
  [
    'tries a refused credential again',
    /credential is refused/,
    (feed) => (topics, credential) => feed(topics, credential).pipe(retry({ delay: 1_000 })),
  ],
  ['says nothing of junk', /junk/, (feed) => without(feed, 'undecodable')],
  ['says nothing of refusals', /refused while/, (feed) => without(feed, 'refused')],
  ['hides what is subscribed', /says subscribed before/, (feed) => without(feed, 'subscribed')],
  [
    'says subscribed after the data',
    /says subscribed before/,
    (feed) => (topics, credential) =>
      feed(topics, credential).pipe(
        mergeMap((event) => (event.kind === 'subscribed' ? of(event).pipe(delay(250)) : of(event))),
      ),
  ],
  [
    'says subscribed twice',
    /says subscribed before/,
    (feed) => (topics, credential) =>
      feed(topics, credential).pipe(mergeMap((event) => (event.kind === 'subscribed' ? [event, event] : [event]))),
  ],
  [
    'says subscribed in the first session only',
    /says subscribed before/,
    (feed) => (topics, credential) => {
      let sessions = 0;
      return feed(topics, credential).pipe(
        tap(({ kind }) => (sessions += kind === 'connected' ? 1 : 0)),
        filter(({ kind }) => kind !== 'subscribed' || sessions === 1),
      );
    },
  ],
  ['says nothing of strangers', /nothing asked for/, (feed) => without(feed, 'unexpected')],
  [
    'lets strangers through',
    /nothing asked for/,
    (feed) => (topics, credential) =>
      feed(topics, credential).pipe(
        mergeMap((event) => (event.kind === 'unexpected' ? [event, aQuote({ symbol: event.topic.symbol })] : [event])),
      ),
  ],
  [
    'says of strangers more than once',
    /nothing asked for/,
    (feed) => (topics, credential) =>
      feed(topics, credential).pipe(mergeMap((event) => (event.kind === 'unexpected' ? [event, event] : [event]))),
  ],
  ...(['connected', 'disconnected', 'subscribed', 'undecodable', 'quote'] as const).map(
    (kind): (typeof faults)[number] => [
      `hides its feed in ${kind}`,
      /names its feed/,
      (feed) => (topics, credential) =>
        feed(topics, credential).pipe(map((event) => (event.kind === kind ? { ...event, feed: undefined } : event))),
    ],
  ),
  [
    'goes by two names',
    /names its feed/,
    (feed) => (topics, credential) =>
      feed(topics, credential).pipe(map((event) => (event.kind === 'quote' ? { ...event, feed: 'other' } : event))),
  ],
  [
    'says the credential',
    /never says/,
    (feed, { credential: secret = '' }) =>
      (topics, credential) =>
        feed(topics, credential).pipe(map((event) => ({ ...event, provider: secret }))),
  ],
  [
    'opens a connection for each topic',
    /one connection/,
    (feed) => (topics, credential) =>
      (isObservable(topics) ? topics : of(topics)).pipe(
        switchMap((some) => from(some)),
        mergeMap((topic) => feed([topic], credential)),
      ),
  ],
];

const without =
  (feed: Feed, kind: FeedEvent['kind']): Feed =>
  (topics, credential) =>
    feed(topics, credential).pipe(filter((event) => event.kind !== kind));

describe('feedContract', () => {
  afterEach(() => leaks.splice(0).forEach((leak) => leak.unsubscribe()));

  const table = faults.map(([fault, name, breakIt, line = identity]) => [fault, { name, breakIt, line }] as const);

  it.each(table)('notices a provider that %s', (_, { name, breakIt, line }) => {
    const clause = feedContract.find((other) => name.test(other.name));
    const broken = (): ContractStage => {
      const stage = itickScript(line);
      return { ...stage, feed: breakIt(stage.feed, stage) };
    };
    if (!clause) throw new Error(`no clause is called ${String(name)}`);
    expect(runVirtually(clause, () => itickScript())).not.toThrow();
    expect(runVirtually(clause, broken)).toThrow();
  });

  it('has a fault for each of its clauses', () => {
    expect(feedContract.filter(({ name }) => !faults.some(([, clause]) => clause.test(name)))).toEqual([]);
  });
});
