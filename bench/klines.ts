/**
 * Closed one-minute bars of a million trades of a hundred symbols against a hand-written loop, and what five-minute and
 * hourly bars made of them cost on top. Results are checked to be equal first.
 *
 *     npm run bench:klines
 */
import { deepStrictEqual } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { connect, merge, type Observable } from 'rxjs';
import type { FeedEvent } from '../lib/model/feedEvent.js';
import type { Kline, Trade } from '../lib/model/marketEvent.js';
import { boundaryOf } from '../lib/operators/klines/boundary.js';
import { klineBuilder } from '../lib/operators/klines/klineBuilder.js';
import { klineSettings } from '../lib/operators/klines/KlineOptions.js';
import { resampleKlines } from '../lib/operators/klines/resampleKlines.js';
import { toKlines } from '../lib/operators/klines/toKlines.js';
import { fed } from './peers/fed.js';
import { handKlines, type Weighed } from './peers/handKlines.js';
import { TICKS, ticksOf } from './peers/ticks.js';
import { ratioOf } from './ratio.js';

/** Takes trades one by one; closed bars go to `out`. */
type Make<B> = (out: B[]) => (trade: Trade) => void;

const SLICE = 20_000;
const ticks = ticksOf();

const hand: Make<Weighed> = (out) => handKlines((bar) => out.push(bar));

const minutes = toKlines('1m', { forming: false });

const operator: Make<Kline> = (out) => fed<FeedEvent, Kline>(minutes, (bar) => out.push(bar));

const reducer: Make<Kline> = (out) =>
  klineBuilder(boundaryOf('1m'), klineSettings({ forming: false }), 0, {
    emit: (bar) => out.push(bar),
    closeAt: () => undefined,
    beat: () => undefined,
  }).accept;

const cascade: Make<Kline> = (out) => {
  const five = resampleKlines('5m', { forming: false });
  const hour = resampleKlines('1h', { forming: false });
  const all = (events$: Observable<FeedEvent>): Observable<Kline> =>
    events$.pipe(
      minutes,
      connect((bars$) =>
        merge(
          bars$,
          bars$.pipe(
            five,
            connect((fives$) => merge(fives$, fives$.pipe(hour))),
          ),
        ),
      ),
    );
  return fed<FeedEvent, Kline>(all, (bar) => out.push(bar));
};

/** Walks through the trades a slice at a time, and begins anew when all are done. */
const inSlices = <B>(make: Make<B>): (() => void) => {
  let at = TICKS;
  let next: (trade: Trade) => void = () => undefined;
  return () => {
    if (at === TICKS) {
      at = 0;
      next = make([]);
    }
    for (const end = at + SLICE; at < end; at++) next(ticks[at]!);
  };
};

const barsOf = <B>(make: Make<B>): readonly B[] => {
  const out: B[] = [];
  ticks.forEach(make(out));
  return out;
};

/** What both know of a bar, in the order in which they were closed; averages as far as rounding leaves them alike. */
const shown = (bar: Kline | Weighed): Weighed => {
  const { symbol, openTime, open, high, low, close, volume, trades = 0, vwap, buyVolume = 0, sellVolume = 0 } = bar;
  const average = Number(vwap?.toFixed(9));
  return { symbol, openTime, open, high, low, close, volume, trades, vwap: average, buyVolume, sellVolume };
};

const checkCascade = (): void => {
  const key = ({ symbol, openTime }: Kline): string => `${symbol} ${openTime}`;
  for (const interval of ['5m', '1h'] as const) {
    const direct = barsOf<Kline>((out) =>
      fed<FeedEvent, Kline>(toKlines(interval, { forming: false }), (bar) => out.push(bar)),
    );
    const larger = new Map(
      barsOf(cascade)
        .filter((bar) => bar.interval === interval)
        .map((bar) => [key(bar), shown(bar)]),
    );
    for (const bar of direct) deepStrictEqual(larger.get(key(bar)), shown(bar));
  }
};

const variants = {
  'toKlines, against the loop': () => ({ work: inSlices(operator), floor: inSlices(hand) }),
  'its reducer without RxJS, against the loop': () => ({ work: inSlices(reducer), floor: inSlices(hand) }),
  '1m, 5m and 1h, against 1m alone': () => ({ work: inSlices(cascade), floor: inSlices(operator) }),
} as const;

const [, , name] = process.argv;
if (name === undefined) {
  deepStrictEqual(barsOf(operator).map(shown), barsOf(hand).map(shown));
  deepStrictEqual(barsOf(reducer).map(shown), barsOf(hand).map(shown));
  checkCascade();
  console.log('| work | ratio | ns a trade |');
  console.log('|---|---|---|');
  // A process for each: variants that share code change each other's type feedback.
  for (const each of Object.keys(variants)) execFileSync(process.execPath, [__filename, each], { stdio: 'inherit' });
} else {
  const { work, floor } = variants[name as keyof typeof variants]();
  const { ratio, floorNs } = ratioOf(work, floor);
  console.log(`| ${name} | ${ratio.toFixed(2)} | ${((ratio * floorNs) / SLICE).toFixed(0)} |`);
}
// What is fed by hand never ends, and looks for idle symbols as long as it lasts.
process.exit();
