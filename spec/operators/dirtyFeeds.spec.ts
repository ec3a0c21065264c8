import fc from 'fast-check';
import { of, Subject, type Observable } from 'rxjs';
import { calendars } from '../../lib/model/calendar/calendars.js';
import { flattenError } from '../../lib/model/errorData.js';
import { ConnectionLost } from '../../lib/model/errors.js';
import { isMarketEvent, type FeedEvent } from '../../lib/model/feedEvent.js';
import type { Depth, Level } from '../../lib/model/marketEvent.js';
import { consolidateDepth } from '../../lib/operators/depth/consolidateDepth.js';
import { keepBook } from '../../lib/operators/depth/keepBook.js';
import { imbalance, microprice, mid, spread } from '../../lib/operators/depth/measures.js';
import { orderBook } from '../../lib/operators/depth/orderBook.js';
import { sweepCost } from '../../lib/operators/depth/sweepCost.js';
import { topOfBook } from '../../lib/operators/depth/topOfBook.js';
import { perConnection } from '../../lib/operators/perConnection.js';
import { perSymbol } from '../../lib/operators/perSymbol.js';
import { staleness } from '../../lib/operators/staleness/staleness.js';
import { batchTrades } from '../../lib/operators/throttling/batchTrades.js';
import { bounded } from '../../lib/operators/throttling/bounded.js';
import { conflate } from '../../lib/operators/throttling/conflate.js';
import { mergeQuotes } from '../../lib/operators/throttling/mergeQuotes.js';
import { aDepth, aQuote, aTrade } from '../../lib/testing/builders.js';
import { someDepth, someSnapshot } from './depth/depthEvents.js';

const link = { provider: 'itick', receivedAt: 0 } as const;
const cause = flattenError(new ConnectionLost(1006));
const topics = [{ channel: 'depth', symbol: '700.HK' }] as const;

const origin = fc.record({
  feed: fc.constantFrom('itick:stock', 'itick:crypto', undefined),
  symbol: fc.constantFrom('700.HK', '00700.HK', '0700.HK', 'A.US'),
  receivedAt: fc.nat(20),
  time: fc.constantFrom(0, 5, 1_700_000_000_000, 1.795e18, -1, NaN, 8.64e15),
});
const price = fc.constantFrom(0, 1, 2, -3);

/** What dirty feeds say: link events twice, strays, placeholders, several spellings and feeds. */
const someEvent: fc.Arbitrary<FeedEvent> = fc
  .tuple(
    origin,
    fc.oneof(
      someDepth,
      someDepth,
      fc.record({ last: price, volume: fc.nat(9) }).map((fields): FeedEvent => aQuote(fields)),
      fc.record({ price, size: fc.option(fc.nat(3), { nil: undefined }) }).map((fields): FeedEvent => aTrade(fields)),
      fc.constantFrom<FeedEvent>(
        { ...link, kind: 'connected', attempt: 1, resumed: undefined },
        { ...link, kind: 'disconnected', cause, attempt: 1, retryAt: 5 },
        { ...link, kind: 'subscribed', topics },
        { ...link, kind: 'unsubscribed', topics },
        { ...link, kind: 'unexpected', topic: topics[0], count: 3 },
        { ...link, kind: 'latency', roundTrip: 1 },
      ),
    ),
  )
  .map(([{ symbol, time, ...from }, event]): FeedEvent => {
    const ofFeed = { ...event, ...from, provider: 'itick' };
    return isMarketEvent(ofFeed) ? { ...ofFeed, symbol, time } : ofFeed;
  });

/** What an operator says of events, in order; fails the test when it throws. */
const heardOf = <B>(events: readonly FeedEvent[], operator: (events$: Observable<FeedEvent>) => Observable<B>): B[] => {
  const heard: B[] = [];
  const events$ = new Subject<FeedEvent>();
  events$.pipe(operator).subscribe({
    next: (value) => heard.push(value),
    error: (error: unknown) => {
      throw error;
    },
  });
  for (const event of events) events$.next(event);
  events$.complete();
  return heard;
};

const operators: Record<string, (events$: Observable<FeedEvent>) => Observable<unknown>> = {
  orderBook: orderBook(),
  'orderBook and topOfBook': (events$) => events$.pipe(orderBook({ levels: 2 }), topOfBook()),
  consolidateDepth: consolidateDepth({ levels: 3 }),
  staleness: staleness({ after: 60_000, calendar: calendars.always }),
  conflate: conflate<FeedEvent>({ every: 5 }),
  batchTrades: batchTrades({ every: 5 }),
  bounded: bounded((event) => of(event), { capacity: 2, policy: 'latestPerKey' }),
  perSymbol: perSymbol((events$) => events$.pipe(orderBook())),
  perConnection: perConnection((events$) => events$.pipe(orderBook())),
};

/** What is derived, and not the event of the source itself. */
const derived = ['orderBook', 'orderBook and topOfBook', 'consolidateDepth', 'staleness'];

describe('on a dirty feed', () => {
  it.each(Object.keys(operators))('%s goes on, and what it derives survives a clone and JSON', (name) => {
    fc.assert(
      fc.property(fc.array(someEvent, { maxLength: 25 }), (events) => {
        for (const value of heardOf(events, operators[name]!)) {
          expect(structuredClone(value)).toEqual(value);
          if (!derived.includes(name) || Number.isNaN((value as { time?: number }).time)) continue;
          expect(JSON.parse(JSON.stringify(value))).toEqual(value);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('a book shows nothing but levels, best first, and the measures of a snapshot are those of its book', () => {
    fc.assert(
      fc.property(someSnapshot, fc.integer({ min: 1, max: 9 }), (given, size) => {
        const sorted = { ...given, bids: inOrder(given.bids, -1), asks: inOrder(given.asks, 1) };
        const book = keepBook().apply(sorted)!;
        for (const level of [...book.bids, ...book.asks]) {
          expect(Number.isFinite(level.price) && level.price !== 0).toBe(true);
          expect(level.size === undefined || (level.size > 0 && level.size < Infinity)).toBe(true);
        }
        const sides = { bids: sorted.bids.filter(isPriced), asks: sorted.asks.filter(isPriced) };
        for (const measure of [mid, spread, microprice, imbalance(), imbalance(3), sweepCost(size)]) {
          expect(measure(sides)).toEqual(measure(book));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('two watchers of one feed, merged, make the same books and staleness as one', () => {
    fc.assert(
      fc.property(fc.array(someEvent, { maxLength: 25 }), (events) => {
        const twice = events.flatMap((event): readonly FeedEvent[] => ('symbol' in event ? [event] : [event, event]));
        for (const name of derived) {
          const said = (all: readonly FeedEvent[]) => (heardOf(all, operators[name]!) as object[]).map(timeless);
          expect(said(twice)).toEqual(said(events));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('the link of one feed touches no book and no staleness of another', () => {
    const other = (feed: string) => (event: FeedEvent) => event.feed !== feed;
    const isLink = (event: FeedEvent): boolean => !('symbol' in event);
    fc.assert(
      fc.property(fc.array(someEvent, { maxLength: 25 }), (events) => {
        const without = events.filter((event) => !isLink(event) || other('itick:crypto')(event));
        for (const name of ['orderBook', 'orderBook and topOfBook', 'staleness']) {
          const ofStock = (all: readonly FeedEvent[]) =>
            (heardOf(all, operators[name]!) as FeedEvent[]).filter(({ feed }) => feed === 'itick:stock').map(timeless);
          expect(ofStock(events)).toEqual(ofStock(without));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('a spike survives any conflation of quotes with small corrections', () => {
    const step = fc.record({ last: fc.integer({ min: 1, max: 9 }), volume: fc.integer({ min: 95, max: 100 }) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), (steps) => {
        const quotes = steps.map((fields, i) => aQuote({ ...fields, time: i }));
        const merged = quotes.reduce(mergeQuotes);
        const prices = quotes.map(({ last }) => last);
        if (quotes.length > 1) expect([merged.high, merged.low]).toEqual([Math.max(...prices), Math.min(...prices)]);
      }),
    );
  });
});

describe('hostile sizes', () => {
  const MANY = 80_000;
  /** Every price once, in an order that is none. */
  const shuffled = (side: 1 | -1): Level[] =>
    Array.from({ length: MANY }, (_, i) => ({
      price: 1_000_000 + side * (1 + ((i * 7_919) % MANY)),
      size: 1 + (i % 5),
    }));

  const snapshot = (): Depth => aDepth({ bids: shuffled(-1), asks: shuffled(1) });

  it.each<[string, (events$: Observable<FeedEvent>) => Observable<unknown>]>([
    ['orderBook', orderBook()],
    ['consolidateDepth', consolidateDepth({ levels: Infinity })],
  ])(
    '%s takes 80,000 levels in any order, and as many changes of them, in no time that grows with their square',
    (_, operator) => {
      const update = aDepth({ type: 'update', bids: shuffled(-1), asks: shuffled(1) });
      const began = process.cpuUsage();
      const books = heardOf([snapshot(), update, snapshot()], operator);
      const { user, system } = process.cpuUsage(began);
      expect(books.length).toBeGreaterThan(0);
      // The square takes half a minute.
      expect((user + system) / 1_000).toBeLessThan(8_000);
    },
  );
});

const isPriced = ({ price: value }: Level): boolean => value !== 0 && Number.isFinite(value);

/** By price; rows that have none stay behind. */
const inOrder = (side: readonly Level[], sign: 1 | -1): Level[] => [
  ...side.filter(isPriced).sort((a, b) => sign * (a.price - b.price)),
  ...side.filter((level) => !isPriced(level)),
];

/** Without the moments that virtual time does not rule here. */
const timeless = (event: object): object => ({ ...event, receivedAt: 0, since: 0 });
