import * as fc from 'fast-check';
import { asyncScheduler, merge, takeUntil, timer } from 'rxjs';
import { isMarketEvent, type FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes, trades } from '../../lib/model/topic.js';
import { itick } from '../../lib/providers/itick/index.js';
import { tickflow } from '../../lib/providers/tickflow/index.js';
import { memorySink, record, type FeedConnection, type RecordableFeed, type Sink } from '../../lib/record/index.js';
import { fakeNetwork, type FakeConnection } from '../../lib/testing/fakeNetwork.js';
import { marbles } from '../../lib/testing/marbles.js';
import { welcome } from './aTape.js';
import { replayed } from './replayed.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 2, 3, 10);
const LENGTH = 2 * MINUTE;
const BEAT = 731;

const stocks = (connection: FeedConnection) =>
  itick({
    token: 'any',
    market: 'stock',
    topics: trades('AAPL.US'),
    heartbeat: { every: 5_000, within: 10_000 },
    backoff: () => 700,
    ...connection,
  });
const shares = (connection: FeedConnection) =>
  tickflow({
    apiKey: 'any',
    topics: quotes('600000.SH'),
    heartbeat: { within: 10_000 },
    backoff: () => 900,
    ...connection,
  });
const feeds: readonly (readonly [string, RecordableFeed<FeedEvent>])[] = [
  ['iTick', stocks],
  ['TickFlow', shares],
  ['both', (connection) => merge(stocks(connection), shares(connection))],
];

const said = (isTrade: boolean, i: number): string =>
  isTrade
    ? JSON.stringify({ code: 1, data: { s: 'AAPL.US', r: 'US', ld: i, v: 1, t: START + i, type: 'tick' } })
    : JSON.stringify({
        op: 'quotes',
        data: [{ symbol: '600000.SH', last_price: i, volume: i, timestamp: START + i }],
      });

/** The wall clock is set by so much at a moment. */
const steps = (...by: readonly number[]) =>
  fc.array(fc.record({ at: fc.integer({ min: 1, max: LENGTH }), by: fc.constantFrom(...by) }), { maxLength: 4 });
type Steps = readonly { readonly at: number; readonly by: number }[];

/** How a connection ends: closed, dropped or silent after a while, or refused. */
const ends = fc.array(
  fc.record({
    after: fc.integer({ min: 1_000, max: 40_000 }),
    how: fc.constantFrom('close', 'drop', 'silence', 'refuse'),
  }),
  { maxLength: 4 },
);
type Ends = readonly { readonly after: number; readonly how: string }[];

const serve = (how: Ends) => {
  let connections = 0;
  let sent = 0;
  return (connection: FakeConnection): void => {
    const end = how[connections++];
    const isTrade = connection.url.includes('itick');
    const open = (): void => {
      if (end?.how === 'refuse') return connection.refuse(503, '2');
      if (isTrade) welcome(connection);
      else connection.open();
      const began = asyncScheduler.now();
      const next = (): void => {
        if (connection.state !== 'open') return;
        if (end && asyncScheduler.now() - began >= end.after) {
          if (end.how === 'close') connection.close(1001, 'restart');
          if (end.how === 'drop') connection.drop();
          return;
        }
        connection.say(said(isTrade, (sent += 1)));
        asyncScheduler.schedule(next, BEAT);
      };
      asyncScheduler.schedule(next, BEAT);
    };
    asyncScheduler.schedule(open, 60);
  };
};

/** A recording on a machine whose wall clock is set now and then, and what was heard meanwhile. */
const recorded = (flush: () => void, feed: RecordableFeed<FeedEvent>, set: Steps, how: Ends) => {
  const memory = memorySink();
  const began = asyncScheduler.now();
  const shift = (): number => {
    const elapsed = asyncScheduler.now() - began;
    return set.reduce((sum, { at, by }) => (elapsed >= at ? sum + by : sum), START - began);
  };
  const sink: Sink = {
    start: (onFailure) => {
      const track = memory.start(onFailure);
      return { ...track, write: (entry) => track.write({ ...entry, wall: entry.wall + shift() }) };
    },
  };
  const live: FeedEvent[] = [];
  const { openSocket } = fakeNetwork(serve(how));
  record((connection) => feed(connection).pipe(takeUntil(timer(LENGTH))), sink, { openSocket }).subscribe((event) =>
    live.push(event),
  );
  flush();
  return { live, cassette: memory.cassette() };
};

const wordOf = (event: FeedEvent): string =>
  event.kind === 'trade'
    ? `trade ${event.price}`
    : event.kind === 'quote'
      ? `quote ${event.last}`
      : `${event.kind} ${event.kind === 'disconnected' ? event.cause._tag : ''}`;
const market = (events: readonly FeedEvent[]): readonly string[] =>
  events.filter(isMarketEvent).map((event) => `${wordOf(event)} at ${event.receivedAt}`);

describe.each(feeds)('a tape of %s on a machine whose clock is set, with and without a link', (_, feed) => {
  it('says in its replay what was said live, in the same order, and no sooner', () => {
    fc.assert(
      fc.property(
        steps(MINUTE, -10 * MINUTE, HOUR, -HOUR, 3_000, -3_000, 20 * 24 * HOUR, -30 * 24 * HOUR),
        ends,
        (set, how) =>
          marbles(({ flush }) => {
            const { live, cassette } = recorded(flush, feed, set, how);
            const heard = replayed(flush, cassette, feed, { speed: Infinity });
            expect(heard.map(wordOf)).toEqual(live.map(wordOf));
            const waits = (events: readonly FeedEvent[]): readonly number[] =>
              events.slice(1).map(({ receivedAt }, i) => receivedAt - (events[i]?.receivedAt ?? 0));
            const shorter = waits(heard).filter((wait, i) => wait < (waits(live)[i] ?? 0) - 3);
            expect(shorter).toEqual([]);
          })(),
      ),
      {
        numRuns: 20,
        // In an outage, a clock goes further forward than one timer of the system reaches.
        examples: [[[{ at: 1, by: 40 * 24 * HOUR }], [{ after: 1_000, how: 'close' }]]],
      },
    );
  });

  it('says the same of any window of it, at any speed', () => {
    fc.assert(
      fc.property(
        steps(MINUTE, -10 * MINUTE, HOUR, -HOUR, 3_000, -3_000),
        ends,
        fc.nat(200_000),
        fc.nat(200_000),
        fc.constantFrom(Infinity, 1, 7, 1_000),
        (set, how, begins, lasts, speed) =>
          marbles(({ flush }) => {
            const { cassette } = recorded(flush, feed, set, how);
            const [from, to] = [START + begins, START + begins + lasts];
            const whole = replayed(flush, cassette, feed, { speed: Infinity });
            const part = replayed(flush, cassette, feed, { speed, from, to });
            const due = whole.filter(({ receivedAt }) => receivedAt >= from && receivedAt <= to);
            expect(market(part)).toEqual(market(due));
          })(),
      ),
      { numRuns: 20 },
    );
  });
});
