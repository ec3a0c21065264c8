import fc from 'fast-check';
import { asyncScheduler, interval, Subject, takeUntil, timer } from 'rxjs';
import {
  depths,
  gaps,
  polled,
  quotes,
  toKlines,
  topicKey,
  type FeedEvent,
  type Gap,
  type Kline,
} from '../../lib/index.js';
import { STEP } from '../../lib/simulator/market/market.js';
import type { RestControl } from '../../lib/simulator/rest/restControl.js';
import { atTime } from '../history/atTime.js';
import { vendors } from '../history/vendors.js';
import { START } from '../simulator/rest/asking.js';
import { virtualRest } from '../simulator/rest/virtualRest.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 4);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const SYMBOLS = ['600000.SH', '700.HK', '000001.SZ'];
const TOPICS = [...quotes(...SYMBOLS), ...depths(...SYMBOLS)];
const MOVING = 2 * MINUTE;
const END = MOVING + 5 * MINUTE;

type Fault = (control: RestControl) => void;
const faults = fc.constantFrom<Fault>(
  (control) => control.refuse(503),
  (control) => control.refuse(429, { retryAfter: 7, times: 2 }),
  (control) => control.refuse(500, { times: 1 }),
  (control) => control.hang(1),
  (control) => control.garble('html', 3),
  (control) => control.garble('truncated'),
  (control) => control.garble('cut', 2),
);
/** What is wrong from which second on, for how many seconds. */
const troubles = fc.array(fc.tuple(fc.integer({ min: 0, max: 115 }), fc.integer({ min: 1, max: 60 }), faults), {
  maxLength: 6,
});
type Troubles = readonly (readonly [number, number, Fault])[];

/** A feed of a simulated vendor without a stream, whose REST interface fails now and then until the market stops. */
const run = (flush: () => void, vendor: 'itick' | 'tickflow', seed: number, wrong: Troubles) => {
  const budget = { calls: 60, per: MINUTE };
  const { market, rest, fetch } = virtualRest(vendor, { seed, symbols: SYMBOLS, budget, latency: 17 });
  const history = vendors[vendor].historyOf({ credential: 'demo', fetch, budget });
  interval(STEP)
    .pipe(takeUntil(timer(MOVING)))
    .subscribe(() => market.step());
  for (const [from, length, fault] of wrong) {
    asyncScheduler.schedule(() => fault(rest.control), from * SECOND + 3);
    asyncScheduler.schedule(() => rest.control.mend(), (from + length) * SECOND + 5);
  }
  const feed$ = new Subject<FeedEvent>();
  const events: FeedEvent[] = [];
  const bars: Kline[] = [];
  const holes: Gap[] = [];
  feed$.subscribe((event) => events.push(event));
  feed$.pipe(toKlines('1m')).subscribe((bar) => bars.push(bar));
  feed$.pipe(gaps()).subscribe((hole) => holes.push(hole));
  polled(history, { topics: TOPICS, every: 10 * SECOND, backoff: (attempt) => 211 * attempt })
    .pipe(takeUntil(timer(END + 7)))
    .subscribe(feed$);
  flush();
  const truth = SYMBOLS.map((symbol) => {
    const instrument = market.find(symbol);
    return { symbol, last: instrument?.figures().last, price: instrument?.ladders().bids[0]?.price };
  });
  return { events, bars, holes, truth, control: rest.control };
};

describe.each(['itick', 'tickflow'] as const)('polled over %s with REST that fails at random', (vendor) => {
  it('loses no symbol, tells each hole once, keeps the budget and makes bars that can be trusted', () => {
    let found = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), troubles, (seed, wrong) => {
        atTime(START, (flush) => {
          const { events, bars, holes, truth, control } = run(flush, vendor, seed, wrong);

          let isLive = false;
          const last = new Map<string, FeedEvent>();
          const served = new Set<string>();
          for (const event of events) {
            if (event.kind === 'connected') {
              expect(isLive).toBe(false);
              isLive = true;
            } else if (event.kind === 'disconnected') {
              isLive = false;
              served.clear();
            } else if (event.kind === 'subscribed') event.topics.forEach((topic) => served.add(topicKey(topic)));
            else if (event.kind === 'quote' || event.kind === 'depth') {
              expect(isLive).toBe(true);
              expect(served).toContain(topicKey({ channel: event.kind, symbol: event.symbol }));
              last.set(`${event.kind} ${event.symbol}`, event);
            } else throw new Error(`no such event is expected: ${event.kind}`);
          }
          expect(isLive).toBe(true);
          for (const { symbol, ...now } of truth) {
            expect(last.get(`quote ${symbol}`)).toHaveProperty('last', now.last);
            expect(last.get(`depth ${symbol}`)).toHaveProperty('bids.0.price', now.price);
          }

          found += holes.length;
          let before = START;
          for (const { from, to } of holes) {
            expect(from).toBeGreaterThanOrEqual(before);
            expect(to).toBeGreaterThan(from);
            before = to;
          }
          expect(bars.length).toBeGreaterThan(0);
          for (const { coverage, missedVolume } of bars) {
            expect(coverage).toBeGreaterThanOrEqual(0);
            expect(coverage).toBeLessThanOrEqual(1);
            expect(missedVolume).toBeGreaterThanOrEqual(0);
          }
          expect(control.violations).toBe(0);
        })();
      }),
      { numRuns, examples: [[1, [[30, 25, (control) => control.refuse(503)]]]] },
    );
    expect(found).toBeGreaterThan(0);
  });
});
