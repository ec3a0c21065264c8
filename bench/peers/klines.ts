/**
 * One-minute bars of a million trades of a hundred symbols: ours, a hand-written loop, tardis-dev and ccxt, each beside
 * the loop in a process of its own.
 *
 *     npm run bench:peers
 */
import { deepStrictEqual } from 'node:assert';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import type { Kline, Trade } from '../../lib/model/marketEvent.js';
import { toKlines } from '../../lib/operators/klines/toKlines.js';
import { fed } from './fed.js';
import { handKlines, type Bar } from './handKlines.js';
import { ccxt, tardis, type CcxtBar, type TardisBar } from './peers.js';
import { compare, type Variant } from './table.js';
import { TICKS, ticksOf, withVolume } from './ticks.js';

const SLICE = 20_000;
const MINUTE = 60_000;

const ticks = ticksOf();

/** Takes the trades from one place to another; asked for anew when they begin again. */
type Pass = (from: number, to: number) => void;
type Build<B> = (closed: (bar: B) => void) => Pass;

/** Every closed bar is kept until the trades begin again, so that none of the work is for nothing. */
const inSlices = <B>(build: Build<B>): (() => void) => {
  let at = 0;
  let bars: B[] = [];
  let pass: Pass | undefined;
  return () => {
    if (pass === undefined || at === TICKS) {
      at = 0;
      bars = [];
      pass = build((bar) => bars.push(bar));
    }
    pass(at, (at += SLICE));
  };
};

const eachTick =
  <T, B>(items: readonly T[], build: (closed: (bar: B) => void) => (item: T) => void): Build<B> =>
  (closed) => {
    const next = build(closed);
    return (from, to) => {
      for (let i = from; i < to; i++) next(items[i]!);
    };
  };

/** A loop of its own: what the variants go through must not change what the engine knows of the floor. */
const floor: Build<Bar> = (closed) => {
  const next = handKlines(closed);
  return (from, to) => {
    for (let i = from; i < to; i++) next(ticks[i]!);
  };
};

const ordered = <B>(build: Build<B>, read: (bar: B) => Bar): readonly Bar[] => {
  const bars: Bar[] = [];
  build((bar) => bars.push(read(bar)))(0, TICKS);
  return bars.sort((a, b) => (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : a.openTime - b.openTime));
};

const variant = <B>(build: Build<B>, read: (bar: B) => Bar): Variant => ({
  work: inSlices(build),
  check: () =>
    deepStrictEqual(
      ordered(build, read),
      ordered(floor, ({ symbol, openTime, open, high, low, close, volume, trades: count }) => {
        return { symbol, openTime, open, high, low, close, volume, trades: count };
      }),
    ),
});

/** Closed bars only, as the peers give no others; what it knows besides (coverage, late trades, trading hours) stays on. */
const ours = (trades: readonly Trade[]): Variant => {
  const build = eachTick(trades, (closed: (bar: Kline) => void) => {
    const next = fed<FeedEvent, Kline>(toKlines('1m', { forming: false }), closed);
    const { provider, receivedAt } = trades[0]!;
    next({ kind: 'connected', provider, receivedAt, attempt: 1, resumed: undefined });
    return next;
  });
  return variant(build, ({ symbol, openTime, open, high, low, close, volume, trades: count = 0 }) => {
    return { symbol, openTime, open, high, low, close, volume, trades: count };
  });
};

const sideOf = ({ aggressor }: Trade): 'buy' | 'sell' => (aggressor === 'buyer' ? 'buy' : 'sell');

/** One computable a symbol, as its own `compute` keeps them, without the asynchronous iterator around. */
const tardisVariant = (): Variant => {
  const make = tardis().computeTradeBars({ kind: 'time', interval: MINUTE });
  const trades = ticks.map((tick, id) => ({
    type: 'trade' as const,
    symbol: tick.symbol,
    exchange: tick.provider,
    id: String(id),
    price: tick.price,
    amount: tick.size ?? 0,
    side: sideOf(tick),
    timestamp: new Date(tick.time),
    localTimestamp: new Date(tick.receivedAt),
  }));
  const build = eachTick(trades, (closed: (bar: TardisBar) => void) => {
    const computables = new Map<string, ReturnType<typeof make>>();
    return (trade) => {
      let computable = computables.get(trade.symbol);
      if (computable === undefined) computables.set(trade.symbol, (computable = make()));
      for (const bar of computable.compute(trade)) closed(bar);
    };
  });
  return variant(build, ({ symbol, timestamp, open, high, low, close, volume, trades: count }) => {
    return { symbol, openTime: timestamp.valueOf() - MINUTE, open, high, low, close, volume, trades: count };
  });
};

/** It knows arrays of one symbol only, and builds all of their bars at once; the last of them is not closed. */
const ccxtVariant = (): Variant => {
  const exchange = new (ccxt().Exchange)();
  const trades = ticks.map((tick, id) => ({
    id: String(id),
    symbol: tick.symbol,
    timestamp: tick.time,
    side: sideOf(tick),
    price: tick.price,
    amount: tick.size ?? 0,
    cost: tick.price * (tick.size ?? 0),
  }));
  const names = [...new Set(ticks.map(({ symbol }) => symbol))];
  const batches = names.map((name) => trades.filter(({ symbol }) => symbol === name));
  const share = TICKS / batches.length;
  const build: Build<{ readonly symbol: string; readonly bar: CcxtBar }> = (closed) => (from, to) => {
    for (let i = from / share; i < to / share; i++) {
      const batch = batches[i]!;
      const bars = exchange.buildOHLCVC(batch, '1m');
      for (const bar of bars.slice(0, -1)) closed({ symbol: batch[0]!.symbol, bar });
    }
  };
  return variant(build, ({ symbol, bar: [openTime, open, high, low, close, volume, count] }) => {
    return { symbol, openTime, open, high, low, close, volume, trades: count };
  });
};

compare({
  script: __filename,
  unit: 'trade',
  slice: SLICE,
  rounds: 51,
  floor: () => inSlices(floor),
  variants: {
    "ours: toKlines('1m')": () => ours(ticks),
    "ours: toKlines('1m') with cumulative volume": () => ours(withVolume(ticks)),
    'tardis-dev computeTradeBars': tardisVariant,
    'ccxt buildOHLCVC': ccxtVariant,
  },
});
