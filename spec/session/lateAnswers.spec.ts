import * as fc from 'fast-check';
import { asyncScheduler, map, merge, mergeMap, NEVER, of, Subject, takeUntil, timer, type Observable } from 'rxjs';
import { quotes, topicKey, type Topic } from '../../lib/model/topic.js';
import { chunks } from '../../lib/session/chunks.js';
import { keepSubscribed, type SubscribeProtocol, type TopicNews } from '../../lib/session/keepSubscribed.js';
import type { Answer, Command } from '../../lib/session/ledger.js';
import { whileWanted, type WantedTopics } from '../../lib/session/wanted.js';
import { marbles } from '../../lib/testing/marbles.js';
import { aSession } from './aSession.js';

const symbols = ['A.US', 'B.US', 'C.US', 'D.US', 'E.US', 'F.US'];
const topics = quotes(...symbols);
const keysOf = (some: Iterable<Topic>): string[] => [...some].map(topicKey).sort();

const isSubscribe = ({ op }: Command): boolean => op === 'subscribe';
const isUnsubscribe = ({ op }: Command): boolean => op === 'unsubscribe';

/** What a vendor minds, and when it answers. */
interface Truth {
  readonly bad: ReadonlySet<string>;
  /** Milliseconds to the answer of each command; undefined loses it, if it says no. */
  readonly delays: readonly (number | undefined)[];
  /** Whether a slow answer holds up those behind it. */
  readonly inOrder: boolean;
  /** How it takes an unsubscribe. */
  readonly unsubscribe: 'ack' | 'complaint' | 'silence';
  /** Whether it lists what it serves, and drops what it minds without a word. */
  readonly lists: boolean;
}

/** A vendor in virtual time. */
const vendorOf = ({ bad, delays, inOrder, unsubscribe, lists }: Truth) => {
  const messages$ = new Subject<Answer>();
  const served = new Map<string, Topic>();
  const commands: { readonly at: number; readonly command: Command }[] = [];
  let free = 0;
  const list = (): Answer => {
    const keys = new Set(served.keys());
    return { unserved: (some) => some.filter((topic) => !keys.has(topicKey(topic))) };
  };
  const judge = ({ op, topics: some }: Command): Answer | undefined => {
    if (op === 'unsubscribe') {
      some.forEach((topic) => served.delete(topicKey(topic)));
      if (lists) return list();
      if (unsubscribe === 'silence') return undefined;
      return unsubscribe === 'ack' ? { matches: isUnsubscribe } : { refusal: 'no such action' };
    }
    const good = some.filter((topic) => !bad.has(topicKey(topic)));
    if (!lists && good.length < some.length) return { refusal: 'unknown symbol' };
    good.forEach((topic) => served.set(topicKey(topic), topic));
    return lists ? list() : { matches: isSubscribe };
  };
  const take = (command: Command): void => {
    const now = asyncScheduler.now();
    const delay = delays[commands.length % delays.length];
    commands.push({ at: now, command });
    const answer = judge(command);
    if (!answer) return;
    const isLost = delay === undefined && answer.refusal === undefined && !lists;
    if (isLost) return;
    const at = Math.max(now + (delay ?? 20), inOrder ? free : 0);
    free = at;
    timer(at - now).subscribe(() => messages$.next(answer));
  };
  return { messages$, take, served, commands };
};

const protocol = (batch: number): SubscribeProtocol<Answer, Command> => ({
  provider: 'test',
  batches: (some) => chunks(some, batch),
  subscribe: (some) => ({ op: 'subscribe', topics: some }),
  unsubscribe: (some) => ({ op: 'unsubscribe', topics: some }),
  answer: (message) => message,
  answersUnsubscribe: true,
});

/** A new list and how long it holds, in milliseconds. */
type Phase = readonly [list: readonly Topic[], lasts: number];

const QUIET = 900_000;

const play = (truth: Truth, phases: readonly Phase[], batch: number) => {
  const news: TopicNews[] = [];
  let outcome: { readonly wanted: WantedTopics; readonly vendor: ReturnType<typeof vendorOf> } | undefined;
  marbles(({ flush }) => {
    const vendor = vendorOf(truth);
    const { session } = aSession<Answer, Command>(vendor.messages$, { send: vendor.take });
    let start = 0;
    const lists$ = merge(
      ...phases.map(([list, lasts]): Observable<readonly Topic[]> => {
        const at = start;
        start += lasts;
        return timer(at).pipe(map(() => list));
      }),
    );
    whileWanted(lists$, (wanted) => {
      outcome = { wanted, vendor };
      return merge(of(session), NEVER).pipe(
        keepSubscribed(wanted, protocol(batch)),
        mergeMap(({ messages$ }) => messages$),
      );
    })
      .pipe(takeUntil(timer(start + QUIET)))
      .subscribe((said) => {
        if ('kind' in said) news.push(said);
      });
    flush();
  })();
  if (!outcome) throw new Error('nothing was wanted');
  return { ...outcome, news, end: phases.reduce((sum, [, lasts]) => sum + lasts, 0) + QUIET };
};

const delay = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 300 }) },
  { weight: 2, arbitrary: fc.integer({ min: 5_000, max: 12_000 }) },
  { weight: 1, arbitrary: fc.constant(undefined) },
);
const list = fc.subarray(topics);
const phases = fc
  .tuple(fc.array(fc.tuple(list, fc.integer({ min: 0, max: 9_000 })), { maxLength: 3 }), list)
  .map(([some, last]): readonly Phase[] => [...some, [last.length > 0 ? last : topics, 0]]);
const truth: fc.Arbitrary<Truth> = fc
  .record({
    bad: fc.subarray(topics, { maxLength: 2 }).map((some) => new Set(some.map(topicKey))),
    delays: fc.array(delay, { minLength: 1, maxLength: 6 }),
    inOrder: fc.boolean(),
    unsubscribe: fc.constantFrom('ack' as const, 'complaint' as const, 'silence' as const),
    lists: fc.boolean(),
  })
  // A list says what is served so far, so a vendor that sends them sends them in order.
  .map((some) => (some.lists ? { ...some, inOrder: true } : some));

type Played = [truth: Truth, phases: readonly Phase[], batch: number];

const among = { bad: new Set<string>(), inOrder: false, lists: false };

/** What was wrong once. */
const known: Played[] = [
  // The time of a withdrawal is over before that of the command sent ahead of it, which asks again and is waited for longer.
  [
    { ...among, delays: [5_101], inOrder: true, unsubscribe: 'ack', lists: true },
    [
      [quotes('F.US'), 1_350],
      [quotes('D.US'), 8_651],
      [[], 100],
      [topics, 0],
    ],
    1,
  ],
  // A refusal is taken for that of a withdrawal, and the acceptance after it is of the command before.
  [
    { ...among, bad: new Set(['quote E.US']), delays: [0, 5_001], unsubscribe: 'silence' },
    [
      [quotes('D.US'), 0],
      [[], 101],
      [topics, 0],
    ],
    1,
  ],
  [
    { ...among, bad: new Set(['quote C.US']), delays: [undefined, undefined, 10_001], unsubscribe: 'ack' },
    [
      [quotes('B.US', 'C.US'), 5_001],
      [[], 200],
      [topics, 0],
    ],
    1,
  ],
  // Withdrawals are complained about as late as subscribes are refused.
  [
    { ...among, bad: new Set(['quote A.US', 'quote B.US']), delays: [7_378], unsubscribe: 'complaint' },
    [
      [quotes('A.US'), 7_378],
      [quotes('A.US', 'B.US'), 7_308],
      [quotes('B.US'), 314],
      [quotes('F.US'), 0],
    ],
    1,
  ],
  [
    { ...among, bad: new Set(['quote D.US']), delays: [10_669, undefined, undefined, 162], unsubscribe: 'complaint' },
    [
      [topics, 5_061],
      [quotes('A.US', 'B.US', 'D.US', 'E.US'), 0],
    ],
    2,
  ],
];

describe('a vendor that answers late, or not at all', () => {
  it('serves every good topic in the end, every bad one is refused by name, and it is left in peace', () => {
    fc.assert(
      fc.property(truth, phases, fc.integer({ min: 1, max: 4 }), (given, some, batch) => {
        const { wanted, vendor, news, end } = play(given, some, batch);
        const good = keysOf(wanted.current.filter((topic) => !given.bad.has(topicKey(topic))));
        const bad = keysOf(wanted.current.filter((topic) => given.bad.has(topicKey(topic))));
        expect([...wanted.state.refused].sort()).toEqual(bad);
        expect([...vendor.served.keys()].sort()).toEqual(good);
        const blamed = news.flatMap((said) => (said.kind === 'refused' ? said.topics : []));
        expect(blamed.every((topic) => given.bad.has(topicKey(topic)))).toBe(true);
        const last = vendor.commands.at(-1)?.at ?? 0;
        expect(last).toBeLessThan(end - QUIET / 3);
      }),
      { numRuns: 300, examples: known },
    );
  });

  it('is said to serve each topic once, until it is withdrawn or refused', () => {
    fc.assert(
      fc.property(truth, phases, fc.integer({ min: 1, max: 4 }), (given, some, batch) => {
        const { wanted, vendor, news } = play(given, some, batch);
        const served = new Set<string>();
        for (const said of news) {
          if (said.kind === 'unexpected') throw new Error('nothing was sent');
          for (const key of said.topics.map(topicKey)) {
            if (said.kind === 'subscribed') expect(served.has(key)).toBe(false);
            if (said.kind === 'unsubscribed') expect(served.has(key)).toBe(true);
            if (said.kind === 'subscribed') served.add(key);
            else served.delete(key);
          }
        }
        const inTruth = wanted.current.map(topicKey).filter((key) => vendor.served.has(key));
        expect([...served]).toEqual(expect.arrayContaining(inTruth));
      }),
      { numRuns: 300 },
    );
  });
});
