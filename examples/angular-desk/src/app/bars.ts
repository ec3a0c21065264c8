import { inject, type Signal } from '@angular/core';
import { connect, map, merge, scan, type Observable } from 'rxjs';
import {
  backfill,
  ofKind,
  toKlines,
  trades,
  type Backfilled,
  type Connected,
  type Disconnected,
  type FeedEvent,
  type Kline,
  type Span,
} from 'rxtape';
import { injectEvents } from 'rxtape/angular';
import { calendar, HISTORY, ITICK } from './feeds';
import { DeskState } from './state';

/** What is known of a symbol. */
export interface SymbolBars {
  /** Oldest first. */
  readonly bars: readonly Kline[];
  /** When the first bar opens that was received. Those before are of the history. */
  readonly since: number;
  /** What became of its holes, the last one last. */
  readonly repairs: readonly Backfilled[];
}

export interface Bars {
  readonly of: ReadonlyMap<string, SymbolBars>;
  /** When the link was lost, and until when; Infinity while it is. */
  readonly gaps: readonly Span[];
}

/** So many bars a chart starts with, and so many it keeps. */
const WARM = 240;
const MOST = 480;
/** What became of so many holes is remembered. */
const REPAIRS = 50;

export const nothing: SymbolBars = { bars: [], since: Infinity, repairs: [] };
const none: Bars = { of: new Map(), gaps: [] };

/** Puts a bar in its place: a forming one is replaced by its next word, a closed one by its correction. */
const place = (bars: readonly Kline[], bar: Kline): readonly Kline[] => {
  let at = bars.length;
  while (at > 0 && (bars[at - 1]?.openTime ?? 0) >= bar.openTime) at -= 1;
  const isKnown = bars[at]?.openTime === bar.openTime;
  return [...bars.slice(0, at), bar, ...bars.slice(isKnown ? at + 1 : at)].slice(-MOST);
};

const known = ({ bars, since, repairs }: SymbolBars, event: Kline | Backfilled): SymbolBars =>
  event.kind === 'backfilled'
    ? { bars, since, repairs: [...repairs, event].slice(-REPAIRS) }
    : {
        bars: place(bars, event),
        since: event.source === 'backfill' ? since : Math.min(since, event.openTime),
        repairs,
      };

const gapsAfter = (gaps: readonly Span[], event: Connected | Disconnected): readonly Span[] => {
  const ended = gaps.filter(({ to }) => to < Infinity);
  if (event.kind === 'connected') return event.resumed ? [...ended, event.resumed] : ended;
  return ended.length < gaps.length ? gaps : [...gaps, { from: event.receivedAt, to: Infinity }];
};

const next = ({ of, gaps }: Bars, event: Kline | Backfilled | Connected | Disconnected): Bars =>
  event.kind === 'kline' || event.kind === 'backfilled'
    ? { of: new Map(of).set(event.symbol, known(of.get(event.symbol) ?? nothing, event)), gaps }
    : { of, gaps: gapsAfter(gaps, event) };

/**
 * Bars of a minute of all symbols in the list, made of trades; minutes without any are there as well. They start full, and
 * holes are repaired, from the history.
 *
 * Each tab asks the history for itself, so that one that comes late starts full too. Where the plan is too small for that,
 * `backfill` belongs into the feed that the tabs share.
 */
export const injectBars = (): Signal<Bars> => {
  const { symbols } = inject(DeskState);
  // The simulator's bars are final at once. For a vendor leave `settle` out.
  const repaired = backfill(inject(HISTORY), {
    interval: '1m',
    warm: WARM,
    symbols: symbols(),
    settle: 2_000,
    calendar,
  });
  return injectEvents(
    { topics: () => trades(...symbols()), initial: none, feed: ITICK, every: 250 },
    repaired,
    connect((events$: Observable<FeedEvent>) =>
      merge(
        events$.pipe(toKlines('1m', { forming: 250, empty: 'carry', calendar })),
        events$.pipe(ofKind('backfilled', 'connected', 'disconnected')),
      ),
    ),
    scan(next, none),
  );
};
