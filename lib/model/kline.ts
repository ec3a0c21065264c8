import type { Semigroup } from 'fp-ts/lib/Semigroup.js';
import { plus } from './exact.js';
import { amountOf, figureOf, isFigure, oneZero } from './figure.js';
import type { Kline } from './marketEvent.js';
import { isTime } from './moment.js';

/** What a bar says of its trading. */
export const figures = [
  'open',
  'high',
  'low',
  'close',
  'volume',
  'turnover',
  'vwap',
  'buyVolume',
  'sellVolume',
  'trades',
] as const;

type Instrument = Pick<Kline, 'provider' | 'feed' | 'symbol'>;
type Span = Pick<Kline, 'openTime' | 'closeTime'>;
type Said = 'time' | 'receivedAt' | 'open' | 'high' | 'low' | 'close' | 'volume' | 'turnover';
type Content = Pick<Kline, Said> & Partial<Omit<Kline, Said>>;

/** The only place where a bar is written, so that all have the same fields in the same order. What is left out is a vendor's. */
export const klineOf = <I extends string>(of: Instrument, interval: I, span: Span, bar: Content): Kline<I> => ({
  kind: 'kline',
  provider: of.provider,
  feed: of.feed,
  symbol: of.symbol,
  time: oneZero(bar.time),
  receivedAt: oneZero(bar.receivedAt),
  interval,
  openTime: oneZero(span.openTime),
  closeTime: oneZero(span.closeTime),
  open: oneZero(bar.open),
  high: oneZero(bar.high),
  low: oneZero(bar.low),
  close: oneZero(bar.close),
  volume: oneZero(bar.volume),
  turnover: oneZero(bar.turnover),
  vwap: oneZero(bar.vwap),
  buyVolume: oneZero(bar.buyVolume),
  sellVolume: oneZero(bar.sellVolume),
  trades: oneZero(bar.trades),
  closed: bar.closed ?? false,
  revision: Math.max(bar.revision ?? 0, 0),
  coverage: bar.coverage ?? 1,
  source: bar.source ?? 'provider',
  missedVolume: oneZero(bar.missedVolume ?? 0),
});

/** Whether two bars say the same of their trading. */
export const isSameTrading = (one: Pick<Kline, Figure>, other: Pick<Kline, Figure>): boolean =>
  figures.every((figure) => one[figure] === other[figure]);

type Figure = (typeof figures)[number];

/**
 * Joins two bars of one instrument; the first is the earlier one. Associative, so that bars may be joined in any grouping.
 *
 * A flat bar in which nothing was traded gives no price where the other has one. `vwap` is weighted by volume. What is
 * uncovered adds up; time between the two counts as covered. `revision` is the number of corrections of both, and the
 * interval that of the earlier.
 */
export const klineSemigroup: Semigroup<Kline> = {
  concat: (earlier, later) => {
    const first = earlier.source === 'empty' && later.source !== 'empty' ? later : earlier;
    const last = later.source === 'empty' && earlier.source !== 'empty' ? earlier : later;
    const span = { openTime: earlier.openTime, closeTime: later.closeTime };
    return klineOf(earlier, earlier.interval, span, {
      time: Math.max(earlier.time, later.time),
      receivedAt: Math.max(earlier.receivedAt, later.receivedAt),
      open: first.open,
      high: Math.max(first.high, last.high),
      low: Math.min(first.low, last.low),
      close: last.close,
      volume: plus(earlier.volume, later.volume),
      turnover: sum(earlier.turnover, later.turnover),
      vwap: average(earlier, later),
      buyVolume: sum(earlier.buyVolume, later.buyVolume),
      sellVolume: sum(earlier.sellVolume, later.sellVolume),
      trades: sum(earlier.trades, later.trades),
      closed: earlier.closed && later.closed,
      revision: earlier.revision + later.revision,
      coverage: 1 - (uncovered(earlier) + uncovered(later)) / (later.closeTime - earlier.openTime),
      source: earlier.source === later.source ? earlier.source : betterOf(earlier.source, later.source),
      missedVolume: plus(earlier.missedVolume, later.missedVolume),
    });
  },
};

/** A bar with trades in it is one of trades. */
const sources = ['trades', 'quotes', 'provider', 'backfill'] as const;

const betterOf = (one: Kline['source'], other: Kline['source']): Kline['source'] =>
  sources.find((source) => one === source || other === source) ?? 'empty';

const uncovered = ({ coverage, openTime, closeTime }: Kline): number => (1 - coverage) * (closeTime - openTime);

const sum = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : plus(a, b);

/** The average price of two bars; absent where one of them has volume, and no average. */
const average = (one: Kline, other: Kline): number | undefined => {
  if (one.volume === 0) return other.vwap;
  if (other.volume === 0) return one.vwap;
  if (one.vwap === undefined || other.vwap === undefined) return undefined;
  return one.vwap + (other.vwap - one.vwap) * (other.volume / (one.volume + other.volume));
};

/** A vendor's bar without what is no figure; undefined where a price is none, or where all is zero: nothing was traded yet. */
export const soundKline = (kline: Kline, now: () => number): Kline | undefined => {
  const { open, high, low, close, volume } = kline;
  if (!isFigure(open) || !isFigure(high) || !isFigure(low) || !isFigure(close)) return undefined;
  if (close === 0 && open === 0 && high === 0 && low === 0 && !volume) return undefined;
  if (soundNames.every((name) => soundParts[name](kline, now) === kline[name])) return kline;
  return { ...kline, ...Object.fromEntries(soundNames.map((name) => [name, soundParts[name](kline, now)])) };
};

/** What need not be as the vendor said it, as it may be believed. Each by itself: a bar that is sound makes no object. */
const soundParts = {
  volume: ({ volume }: Kline) => amountOf(volume) ?? 0,
  missedVolume: ({ missedVolume }: Kline) => amountOf(missedVolume) ?? 0,
  turnover: ({ turnover }: Kline) => figureOf(turnover),
  vwap: ({ vwap }: Kline) => figureOf(vwap),
  buyVolume: ({ buyVolume }: Kline) => amountOf(buyVolume),
  sellVolume: ({ sellVolume }: Kline) => amountOf(sellVolume),
  trades: ({ trades }: Kline) => amountOf(trades),
  revision: ({ revision }: Kline) => amountOf(revision) ?? 0,
  coverage: ({ coverage }: Kline) => Math.min(1, Math.max(0, figureOf(coverage) ?? 0)),
  time: ({ time, openTime }: Kline) => (isTime(time) ? time : openTime),
  receivedAt: ({ receivedAt }: Kline, now: () => number) => (isTime(receivedAt) ? receivedAt : now()),
  closed: ({ closed }: Kline) => (closed as unknown) === true,
  source: ({ source }: Kline) => (allSources.has(source) ? source : 'provider'),
} as const;

// Marked, so that a bundle of a vendor alone leaves the table out.
const soundNames = /* #__PURE__ */ Object.keys(soundParts) as (keyof typeof soundParts)[];

const allSources: ReadonlySet<unknown> = new Set<Kline['source']>([...sources, 'empty']);
