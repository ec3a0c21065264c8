/**
 * What `staleness` costs an event beside what one would write by hand: a Map of when each symbol was last seen, looked
 * through once a second. Time goes in steps of a second, so that both see the same; that they tell the same is checked
 * first. Of trading hours, gaps, the vendor's word and a silent link the Map knows nothing.
 *
 *     npm run bench:staleness
 */
import { deepStrictEqual } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { calendars } from '../lib/model/calendar/calendars.js';
import type { Trade } from '../lib/model/marketEvent.js';
import { staleness } from '../lib/operators/staleness/staleness.js';
import { tradesOf } from './feeds.js';
import { fed } from './peers/fed.js';
import { ratioOf } from './ratio.js';
import { virtualClock } from './virtualClock.js';

type Tell = (symbol: string, state: 'fresh' | 'stale', time: number) => void;

/** Takes trades one by one. */
type Make = (tell: Tell) => (trade: Trade) => void;

const AFTER = 5_000;
const SECOND = 1_000;
const SLICE = 100_000;
const SIZES = [100, 1_000, 10_000] as const;

const operator =
  (adaptive: boolean): Make =>
  (tell) => {
    const learnt = adaptive ? { factor: 5, minAfter: AFTER, maxAfter: AFTER } : undefined;
    const operator = staleness({ after: AFTER, calendar: calendars.always, adaptive: learnt });
    return fed(operator, ({ symbol, state, scope, receivedAt }) => {
      if (scope === 'symbol' && (state === 'fresh' || state === 'stale')) tell(symbol, state, receivedAt);
    });
  };

const hand: Make = (tell) => {
  const seen = new Map<string, { at: number; isStale: boolean }>();
  setInterval(() => {
    const now = Date.now();
    for (const [symbol, last] of seen) {
      if (last.isStale || now - last.at < AFTER) continue;
      last.isStale = true;
      tell(symbol, 'stale', now);
    }
  }, SECOND);
  return ({ symbol, receivedAt }) => {
    const last = seen.get(symbol);
    if (last && !last.isStale) {
      last.at = receivedAt;
      return;
    }
    seen.set(symbol, { at: receivedAt, isStale: false });
    tell(symbol, 'fresh', receivedAt);
  };
};

/** An event of each symbol a second, on average. */
const driven = (make: Make, symbols: number, tell: Tell): (() => void) => {
  const clock = virtualClock(0);
  const next = make(tell);
  const eventOf = tradesOf(symbols);
  const trades = Array.from({ length: SLICE }, (_, n) => eventOf(n, 0));
  let n = 0;
  return () => {
    for (const trade of trades) {
      const receivedAt = Math.floor(n++ / symbols) * SECOND;
      clock.to(receivedAt);
      (trade as { receivedAt: number }).receivedAt = receivedAt;
      next(trade);
    }
  };
};

const toldBy = (make: Make): readonly string[] => {
  const told: string[] = [];
  const run = driven(make, SIZES[1], (symbol, state, time) => told.push(`${symbol} ${state} ${time}`));
  for (let slice = 0; slice < 3; slice++) run();
  return told.sort();
};

const nobody: Tell = () => undefined;

const [, , kind, symbols] = process.argv;
if (kind !== undefined) {
  const size = Number(symbols);
  const { ratio, floorNs } = ratioOf(
    driven(operator(kind === 'adaptive'), size, nobody),
    driven(hand, size, nobody),
    31,
  );
  console.log(`| ${[kind, symbols, (floorNs / SLICE).toFixed(0), ratio.toFixed(1)].join(' | ')} |`);
} else {
  const byHand = toldBy(hand);
  deepStrictEqual(toldBy(operator(false)), byHand);
  deepStrictEqual(toldBy(operator(true)), byHand);
  console.log('| staleness | symbols | Map of last seen, ns an event | x Map |');
  console.log('|---|---|---|---|');
  // A process for each: variants that share code change each other's type feedback.
  for (const each of ['given', 'adaptive'])
    for (const size of SIZES) execFileSync(process.execPath, [__filename, each, `${size}`], { stdio: 'inherit' });
}
