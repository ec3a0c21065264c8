/**
 * The CPU time of subscribing to 2,000, 20,000 and 200,000 symbols: it has to grow as their number does, and not as its
 * square.
 *
 *     npm run bench:subscribing
 *     npm run bench:subscribing -- "a late joiner"     one row
 */
import { execFileSync } from 'node:child_process';
import { identity, map, merge, NEVER, of, Subject, type Observable } from 'rxjs';
import type { FeedEvent } from '../lib/model/feedEvent.js';
import { checkTopics, distinctTopics, quotes, type Topic } from '../lib/model/topic.js';
import { feedHealth } from '../lib/operators/health/feedHealth.js';
import { backfill } from '../lib/operators/backfill/backfill.js';
import type { History } from '../lib/history/History.js';
import { linkState } from '../lib/operators/linkState.js';
import { perSymbol } from '../lib/operators/perSymbol.js';
import { staleness } from '../lib/operators/staleness/staleness.js';
import { tradable } from '../lib/operators/tradable/tradable.js';
import { chunks } from '../lib/session/chunks.js';
import { events } from '../lib/session/events.js';
import { keepSubscribed } from '../lib/session/keepSubscribed.js';
import type { Answer } from '../lib/session/ledger.js';
import { messages } from '../lib/session/messages.js';
import { whileWanted } from '../lib/session/wanted.js';
import { standby } from '../lib/standby/standby.js';
import { shareFeed } from '../lib/share/shareFeed.js';
import type { Session } from '../lib/transport/Session.js';

const SIZES = [2_000, 20_000, 200_000] as const;
const COMMAND = 100;
/** CPU seconds after which a row is not tried with more symbols. */
const MOST = 20;

const listOf = (count: number): readonly Topic[] =>
  quotes(Array.from({ length: count }, (_, i) => `S${100_000 + i}.US`));

/** What a vendor in memory says to a command. */
type Says = (topics: readonly Topic[]) => readonly Said[];
type Said = FeedEvent | { readonly kind: 'control'; readonly answer: Answer };

const names = { provider: 'bench', feed: 'bench', receivedAt: 1_700_000_000_000 };
const quoteOf = ({ symbol }: Topic): FeedEvent =>
  ({ kind: 'quote', ...names, symbol, time: 1, last: 1 }) as unknown as FeedEvent;
const yes: Said = { kind: 'control', answer: {} };
const no: Said = { kind: 'control', answer: { refusal: 'unknown', scope: 'unknown' } };

const agreeing: Says = (topics) => [yes, ...topics.map(quoteOf)];
const hasty: Says = (topics) => [...topics.map(quoteOf), yes];
/** One symbol in fifty it does not have, and does not say which. */
const picky: Says = (topics) => (topics.some(({ symbol }) => /[05]0\.US$/.test(symbol)) ? [no] : [yes]);

interface Command {
  readonly op: 'subscribe' | 'unsubscribe';
  readonly topics: readonly Topic[];
}

/** A feed over one session with a vendor in memory, with nothing of a socket and no timer; `answer` has it say all it has to. */
const feedOf = (topics: readonly Topic[] | Observable<readonly Topic[]>, says: Says) => {
  const messages$ = new Subject<Said>();
  const commands: Command[] = [];
  const session: Session<Said, Command> = {
    messages$,
    send: (command) => commands.push(command),
    lastReceivedAt: () => 1,
    seesPings: true,
  };
  const feed$ = whileWanted(topics, (wanted) =>
    merge(of(session), NEVER).pipe(
      keepSubscribed<Said, Command>(wanted, {
        provider: 'bench',
        batches: (some) => chunks(some, COMMAND),
        subscribe: (some) => ({ op: 'subscribe', topics: some }),
        unsubscribe: (some) => ({ op: 'unsubscribe', topics: some }),
        answer: (message) => ('answer' in message ? message.answer : undefined),
        answersUnsubscribe: false,
        pace: { commands: 1_000, per: 1 },
      }),
      messages(),
      events(wanted),
    ),
  );
  const answer = (): void => {
    for (let command = commands.pop(); command; command = commands.pop()) {
      if (command.op === 'subscribe') says(command.topics).forEach((said) => messages$.next(said));
    }
  };
  return { feed$, answer };
};

/** Subscribes, and counts what comes. */
const heard = (feed$: Observable<unknown>) => {
  const count = { events: 0 };
  return { count, left: feed$.subscribe(() => (count.events += 1)) };
};

/** What a feed says that serves all of it, in the answers to its commands. */
const said = (topics: readonly Topic[], served: number): readonly FeedEvent[] => [
  { kind: 'connected', ...names, attempt: 1 } as FeedEvent,
  ...chunks(topics, served).map((some): FeedEvent => ({ kind: 'subscribed', ...names, topics: some })),
  ...topics.map(quoteOf),
];

/** A shared feed that says so when it is subscribed to. */
const shared = (all: readonly FeedEvent[]) => {
  const feed$ = new Subject<FeedEvent>();
  const desk = shareFeed(() => feed$);
  return { desk, say: () => all.forEach((event) => feed$.next(event)) };
};

const as =
  (feed: string) =>
  (event: FeedEvent): FeedEvent => ({ ...event, feed });
/** A history that never answers. */
const silent = {
  ...names,
  settle: 1_000,
  budget: { calls: 10, per: 1_000 },
  reach: () => 1e9,
  klines: () => NEVER,
} as unknown as History;

/** Prepares a piece of work, and returns it. */
type Row = (topics: readonly Topic[]) => () => void;

const session =
  (says: Says): Row =>
  (topics) =>
  () => {
    const { feed$, answer } = feedOf(topics, says);
    const { left } = heard(feed$);
    answer();
    left.unsubscribe();
  };

const through =
  (served: number, operate: (feed$: Observable<FeedEvent>) => Observable<unknown>): Row =>
  (topics) => {
    const all = said(topics, served);
    return () => {
      const feed$ = new Subject<FeedEvent>();
      const { left } = heard(operate(feed$));
      all.forEach((event) => feed$.next(event));
      left.unsubscribe();
    };
  };

const rows: Readonly<Record<string, Row>> = {
  'a list is made and checked': (topics) => {
    const symbols = topics.map(({ symbol }) => symbol);
    return () => distinctTopics(checkTopics(quotes(symbols)));
  },
  'a session asks, the vendor answers': session(agreeing),
  'a session asks, the data come first': session(hasty),
  'a session asks, one in fifty is refused': session(picky),
  'a session withdraws all but one': (topics) => {
    const lists$ = new Subject<readonly Topic[]>();
    const { feed$, answer } = feedOf(lists$, agreeing);
    heard(feed$);
    lists$.next(topics);
    answer();
    return () => lists$.next(topics.slice(0, 1));
  },
  'a session asks for one more': (topics) => {
    const lists$ = new Subject<readonly Topic[]>();
    const { feed$, answer } = feedOf(lists$, agreeing);
    heard(feed$);
    lists$.next(topics.slice(1));
    answer();
    return () => {
      lists$.next(topics);
      answer();
    };
  },
  'one watcher of all': (topics) => {
    const { desk, say } = shared(said(topics, COMMAND));
    return () => {
      heard(desk.watch(topics));
      say();
    };
  },
  'one watcher of all, served one by one': (topics) => {
    const { desk, say } = shared(said(topics, 1));
    return () => {
      heard(desk.watch(topics));
      say();
    };
  },
  'a watcher for each': (topics) => {
    const { desk, say } = shared(said(topics, COMMAND));
    return () => {
      for (const topic of topics) heard(desk.watch([topic]));
      say();
    };
  },
  'a watcher for each leaves': (topics) => {
    const { desk, say } = shared(said(topics, COMMAND));
    const watching = topics.map((topic) => heard(desk.watch([topic])));
    say();
    return () => watching.forEach(({ left }) => left.unsubscribe());
  },
  'so many watchers of one topic': (topics) => {
    const some = topics.slice(0, 1);
    const { desk, say } = shared(said(some, COMMAND));
    return () => {
      const watching = topics.map(() => heard(desk.watch(some)));
      say();
      watching.forEach(({ left }) => left.unsubscribe());
    };
  },
  'a late joiner of all': (topics) => {
    const { desk, say } = shared(said(topics, topics.length));
    heard(desk.watch(topics));
    say();
    return () => heard(desk.watch(topics)).left.unsubscribe();
  },
  'a watcher of all changes to one': (topics) => {
    const { desk, say } = shared(said(topics, topics.length));
    const lists$ = new Subject<readonly Topic[]>();
    heard(desk.watch(lists$));
    lists$.next(topics);
    say();
    return () => lists$.next(topics.slice(0, 1));
  },
  'standby of two': through(COMMAND, (feed$) => standby(feed$.pipe(map(as('a'))), feed$.pipe(map(as('b'))))),
  backfill: through(COMMAND, backfill(silent, { interval: '1m' })),
  linkState: through(COMMAND, linkState()),
  'feedHealth, a report': through(COMMAND, feedHealth()),
  tradable: through(COMMAND, tradable()),
  staleness: through(COMMAND, staleness({ after: 10_000 })),
  'perSymbol(identity)': through(COMMAND, perSymbol<FeedEvent, FeedEvent>(identity)),
  'perSymbol(identity), served in one': through(Infinity, perSymbol<FeedEvent, FeedEvent>(identity)),
};

const cpu = (work: () => void): number => {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
};

/** Milliseconds of CPU, once what runs is compiled. */
const measured = (row: Row, size: number): number => {
  for (let warm = 0; warm < 5; warm++) row(listOf(1_000))();
  return cpu(row(listOf(size)));
};

/** In a process of its own; undefined where it did not end. */
const inProcess = (name: string, size: number): number =>
  Number(execFileSync(process.execPath, [__filename, name, `${size}`], { encoding: 'utf8' }));

const shownRow = (name: string): string => {
  const times: number[] = [];
  for (const size of SIZES) {
    const last = times.at(-1) ?? 0;
    // As it grew so far it would take too long.
    if (last * 10 > MOST * 1_000) break;
    times.push(inProcess(name, size));
  }
  const shown = SIZES.map((_, i) => times[i]?.toFixed(0) ?? '-');
  const growth = times.slice(1).map((time, i) => (time / times[i]!).toFixed(1));
  return `| ${[name, ...shown, growth.join(', ')].join(' | ')} |`;
};

const [, , name, size] = process.argv;
if (name !== undefined && size !== undefined) {
  console.log(measured(rows[name]!, Number(size)));
  process.exit();
}
console.log('| CPU ms at | 2,000 | 20,000 | 200,000 | grows, tenfold |');
console.log('|---|---|---|---|---|');
for (const each of name === undefined ? Object.keys(rows) : [name]) console.log(shownRow(each));
