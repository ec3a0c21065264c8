/** What the proofs of `rxtape/nats` run in processes of their own; see `prove.ts`. It says what it finds, a line of JSON each. */
import { connect } from '@nats-io/transport-node';
import { interval, Observable } from 'rxjs';
import type { FeedEvent, MakeFeed } from '../../lib/index.js';
import { quotes, shareFeed } from '../../lib/index.js';
import { hostFeed, joinFeed } from '../../lib/nats/index.js';
import { itick } from '../../lib/providers/itick/index.js';
import { aQuote } from '../../lib/testing/builders.js';

export interface Job {
  readonly role: 'host' | 'join' | 'share';
  readonly nats: string;
  readonly name: string;
  readonly lease?: number;
  /** The vendor's url and token; without them the feed is a pump. */
  readonly vendor?: string;
  readonly token?: string;
  /** How many joiners there are in one process. */
  readonly joiners?: number;
  readonly topics: number;
  readonly rate?: number;
}

const say = (line: object): void => console.log(JSON.stringify(line));

export const symbolsOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => `${String(600_000 + n)}.SH`);

/** So many events a second, of one topic after the other, each with a number of its own. */
const pump = (rate: number): MakeFeed => {
  const PERIOD = 10;
  return (topics$) =>
    new Observable<FeedEvent>((subscriber) => {
      let symbols: readonly string[] = [];
      let n = 0;
      const facts = { provider: 'pump', receivedAt: Date.now() };
      subscriber.next({ kind: 'connected', ...facts, attempt: 1, resumed: undefined });
      subscriber.add(topics$.subscribe((topics) => (symbols = topics.map(({ symbol }) => symbol))));
      const startedAt = performance.now();
      subscriber.add(
        interval(PERIOD).subscribe(() => {
          const due = Math.floor(((performance.now() - startedAt) * rate) / 1_000);
          for (; n < due; n += 1) {
            const symbol = symbols[n % Math.max(1, symbols.length)];
            if (symbol === undefined) continue;
            const now = Date.now();
            subscriber.next(
              aQuote({
                provider: 'pump',
                symbol,
                last: n,
                time: now,
                receivedAt: now,
                open: 1,
                high: 2,
                low: 3,
                volume: n,
                turnover: n,
              }),
            );
          }
        }),
      );
    });
};

/** Says each second how much CPU it has used, and for how many events. */
const report = (facts: () => object): void => {
  const start = process.cpuUsage();
  setInterval(() => {
    const { user, system } = process.cpuUsage(start);
    say({ kind: 'cpu', micros: user + system, memory: process.memoryUsage.rss(), ...facts() });
  }, 1_000);
};

const run = async (job: Job): Promise<void> => {
  const { role, nats: servers, name, lease, vendor, token = 'demo', topics: count, rate = 0, joiners = 1 } = job;
  const makeFeed: MakeFeed =
    vendor === undefined
      ? pump(rate)
      : (topics) => itick({ token, market: 'stock', topics, url: vendor, backoff: () => 50 });
  const topics = quotes(...symbolsOf(count));
  const dial = () => connect({ servers, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  let events = 0;

  if (role === 'share') {
    shareFeed(makeFeed)
      .watch(topics)
      .subscribe(() => (events += 1));
    report(() => ({ events }));
    return;
  }
  if (role === 'host') {
    const counted: MakeFeed = (topics$) =>
      new Observable((subscriber) =>
        makeFeed(topics$).subscribe({
          next: (event) => {
            events += 1;
            subscriber.next(event);
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      );
    hostFeed({ nats: await dial(), name, lease, makeFeed: counted }).subscribe({
      next: (state) => say({ kind: 'state', ...state }),
      error: (error: unknown) => {
        say({ kind: 'error', error: String(error) });
        process.exit(3);
      },
    });
    report(() => ({ events }));
    return;
  }
  const lost = Array.from({ length: joiners }, () => 0);
  const sums = Array.from({ length: joiners }, () => 0);
  for (let n = 0; n < joiners; n += 1) {
    const last = new Map<string, number>();
    const feed$ = joinFeed({ nats: await dial(), name, topics });
    const startedAt = performance.now();
    let isWhole = false;
    const heard = new Set<string>();
    feed$.subscribe((event) => {
      if (event.kind === 'quote') {
        events += 1;
        const before = last.get(event.symbol);
        if (before !== undefined && event.last - before !== count) lost[n] = (lost[n] ?? 0) + 1;
        last.set(event.symbol, event.last);
        sums[n] = (sums[n] ?? 0) + event.last;
        heard.add(event.symbol);
        if (!isWhole && heard.size === count) {
          isWhole = true;
          say({ kind: 'whole', after: performance.now() - startedAt });
        }
      } else if (event.kind === 'disconnected') say({ kind: 'cut', cause: event.cause.message });
    });
  }
  report(() => ({ events, lost: lost.reduce((sum, one) => sum + one, 0), sums }));
};

void run(JSON.parse(process.argv[2] ?? '{}') as Job);
