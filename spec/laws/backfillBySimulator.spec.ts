import fc from 'fast-check';
import { asyncScheduler, Subject, takeUntil, timer } from 'rxjs';
import { flattenError } from '../../lib/model/errorData.js';
import { ConnectionLost } from '../../lib/model/errors.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { backfill } from '../../lib/operators/backfill/backfill.js';
import { STEP } from '../../lib/simulator/market/market.js';
import type { HistoryFaults } from '../../lib/simulator/rest/restControl.js';
import { atTime } from '../history/atTime.js';
import { vendors } from '../history/vendors.js';
import { START } from '../simulator/rest/asking.js';
import { virtualRest } from '../simulator/rest/virtualRest.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 12);
const MINUTE = 60_000;
const SECOND = 1_000;
const MINUTES = 14;
const vendorsFacts = {
  itick: { symbol: '600000.SH', lots: 1, names: { provider: 'itick', feed: 'itick:stock' } },
  tickflow: { symbol: '600000.SH', lots: 100, names: { provider: 'tickflow', feed: 'tickflow' } },
  binance: { symbol: 'BTCUSDT.BA', lots: 1, names: { provider: 'binance', feed: 'binance' } },
} as const;
type Vendor = keyof typeof vendorsFacts;
const cause = flattenError(new ConnectionLost(1006));

type Cuts = readonly (readonly [number, number])[];
const cuts = fc
  .array(fc.tuple(fc.integer({ min: 5, max: 150 }), fc.integer({ min: 1, max: 200 })), { minLength: 1, maxLength: 3 })
  .map((steps): Cuts => {
    let at = START + 2 * MINUTE;
    return steps.map(([live, lost]) => {
      const from = at + live * SECOND;
      at = from + lost * SECOND;
      return [from, at] as const;
    });
  });

/** What an interface may do and still be right. */
const harmless = fc.record<HistoryFaults>(
  {
    cap: fc.constantFrom(1, 3, 100),
    order: fc.constantFrom('ascending', 'descending', 'shuffled'),
    numbers: fc.constantFrom('number', 'string'),
    moving: fc.constantFrom(1_000, 4_000),
  },
  { requiredKeys: [] },
);
const harmful: fc.Arbitrary<HistoryFaults> = fc.constantFrom(
  { prices: 0.5 },
  { volumes: 100 },
  { shift: 1 },
  { shift: -1 },
);

/** A vendor's feed of trades or quotes of the simulated market, over a link that is lost, and its own REST interface. */
const run = (flush: () => void, vendor: Vendor, seed: number, lost: Cuts, faults: HistoryFaults, trouble: number) => {
  const { symbol, lots, names } = vendorsFacts[vendor];
  const budget = { calls: 30, per: MINUTE };
  const { market, step, rest, fetch } = virtualRest(vendor, { seed, symbols: [symbol], budget });
  const instrument = market.find(symbol);
  if (!instrument) throw new Error('the market has no such symbol');
  rest.control.distort(faults);
  const history = vendors[vendor].historyOf({ credential: 'demo', fetch, budget });
  const feed$ = new Subject<FeedEvent>();
  const heard: FeedEvent[] = [];
  feed$.pipe(backfill(history, { interval: '1m' })).subscribe((event) => heard.push(event));
  feed$.next({ ...names, kind: 'connected', receivedAt: START, attempt: 1, resumed: undefined });
  let isLive = true;
  // Timers are due at whole seconds, and none with the very event that cancels it: RxJS's TestScheduler cannot do that.
  timer(0.5, STEP)
    .pipe(takeUntil(timer((MINUTES + 20) * MINUTE)))
    .subscribe(() => {
      const receivedAt = asyncScheduler.now();
      const down = lost.find(([from, to]) => receivedAt >= from && receivedAt < to);
      if (isLive && down) {
        isLive = false;
        feed$.next({ ...names, kind: 'disconnected', receivedAt, cause, attempt: 1, retryAt: down[1] });
        if (trouble > 0) rest.control.refuse(503, { times: trouble });
      }
      if (!isLive && !down) {
        isLive = true;
        const [from] = lost.filter(([begins]) => begins < receivedAt).at(-1) ?? [receivedAt];
        feed$.next({ ...names, kind: 'connected', receivedAt, attempt: 1, resumed: { from, to: receivedAt } });
      }
      const executions = step().flatMap((change) => change.executions);
      if (!isLive) return;
      for (const { time, price, size, volume } of executions) {
        const facts = { ...names, symbol, time, receivedAt };
        if (vendor === 'itick') feed$.next({ ...facts, kind: 'trade', price, size, volume, sizeUnit: 'shares' });
        else if (vendor === 'binance') feed$.next({ ...facts, kind: 'trade', price, size });
        else feed$.next({ ...facts, kind: 'quote', last: price, volume: volume / lots, sizeUnit: 'lots' });
      }
    });
  flush();
  const truth = market.bars(instrument, {
    length: '1m',
    from: START,
    to: START + (MINUTES + 30) * MINUTE,
    most: Infinity,
  });
  const repaired = heard.flatMap((event) => (event.kind === 'kline' ? [event] : []));
  const ends = heard.flatMap((event) => (event.kind === 'backfilled' ? [event] : []));
  return { repaired, ends, truth: truth.map((bar) => ({ ...bar, volume: bar.volume / lots })), rest };
};

const isLost = (openTime: number, lost: Cuts): boolean =>
  lost.some(([from, to]) => from < openTime + MINUTE && to > openTime);

describe.each(['itick', 'tickflow', 'binance'] as const)(
  "holes of %s, repaired over the simulator's REST",
  (vendor) => {
    it('have the bars of the market, each of them', () => {
      fc.assert(
        fc.property(fc.nat(), cuts, harmless, fc.nat(2), (seed, lost, faults, trouble) =>
          atTime(START, (flush) => {
            const { repaired, ends, truth, rest } = run(flush, vendor, seed, lost, faults, trouble);
            const last = new Map(repaired.map((bar) => [bar.openTime, bar]));
            expect(ends.map(({ outcome, reason }) => [outcome, reason])).toEqual(ends.map(() => ['whole', undefined]));
            expect(ends.length).toBeGreaterThan(0);
            for (const { openTime, open, high, low, close, volume } of truth) {
              if (isLost(openTime, lost))
                expect(last.get(openTime)).toMatchObject({ open, high, low, close, volume, missedVolume: 0 });
            }
            expect(rest.control.violations).toBe(0);
          })(),
        ),
        { numRuns },
      );
    });

    it('have nothing of a history that is wrong', () => {
      fc.assert(
        fc.property(fc.nat(), cuts, harmful, (seed, lost, faults) =>
          atTime(START, (flush) => {
            const { repaired, ends } = run(flush, vendor, seed, lost, faults, 0);
            expect(repaired).toEqual([]);
            for (const end of ends) expect(end).toMatchObject({ outcome: 'none', bars: 0 });
            expect(ends.length).toBeGreaterThan(0);
          })(),
        ),
        { numRuns },
      );
    });
  },
);
