import { computed, inject, type InjectionToken, type Signal } from '@angular/core';
import { toObservable } from '@angular/core/rxjs-interop';
import { connect, merge, scan, startWith, switchMap, type Observable } from 'rxjs';
import {
  backfill,
  ofKind,
  toKlines,
  trades,
  type Backfilled,
  type Connected,
  type Disconnected,
  type FeedEvent,
  type History,
  type Interval,
  type Kline,
  type Span,
} from 'rxtape';
import { injectEvents, type ProvidedFeed } from 'rxtape/angular';
import { aside, onBeat } from './beat';
import { BINANCE, CALENDAR, COIN_HISTORY, HISTORY, ITICK } from './feeds';
import { GapLog } from './gapLog';
import { marketOf } from './markets';
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
  /** The same of the page before a reload. Nothing of them is repaired here: the history is asked for all that was before. */
  readonly earlier: readonly Span[];
}

/** So many bars a chart starts with, and so many it keeps. */
const WARM = 240;
const MOST = 480;
/** Milliseconds between two words on a bar that forms: each draws the whole chart. */
const FORMING = 500;
/** What became of so many holes is remembered. */
const REPAIRS = 50;

export const nothing: SymbolBars = { bars: [], since: Infinity, repairs: [] };
const none: Bars = { of: new Map(), gaps: [], earlier: [] };

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

const next = ({ of, gaps, earlier }: Bars, event: Kline | Backfilled | Connected | Disconnected): Bars =>
  event.kind === 'kline' || event.kind === 'backfilled'
    ? { of: new Map(of).set(event.symbol, known(of.get(event.symbol) ?? nothing, event)), gaps, earlier }
    : { of, gaps: gapsAfter(gaps, event), earlier };

interface Source {
  readonly feed: InjectionToken<ProvidedFeed>;
  readonly history: History;
  readonly isOurs: (symbol: string) => boolean;
  readonly settle?: number;
}

/**
 * Bars of all symbols of a vendor, made of trades; those without any are there as well. They start full, and holes are
 * repaired, from the history. Another length of bars begins anew.
 */
const injectBarsOf = ({ feed, history, isOurs, settle }: Source, interval: Signal<Interval>): Signal<Bars> => {
  const { symbols } = inject(DeskState);
  const calendar = inject(CALENDAR);
  const interval$ = toObservable(interval);
  const own = computed(() => symbols().filter(isOurs));
  const barsOf = (events$: Observable<FeedEvent>, length: Interval): Observable<Bars> =>
    events$.pipe(
      backfill(history, {
        ...{ interval: length, warm: WARM, symbols: own(), calendar },
        ...(settle === undefined ? {} : { settle }),
      }),
      connect((repaired$) =>
        merge(
          repaired$.pipe(toKlines(length, { forming: FORMING, empty: 'carry', calendar })),
          repaired$.pipe(ofKind('backfilled', 'connected', 'disconnected')),
        ),
      ),
      scan(next, none),
      startWith(none),
    );
  return injectEvents(
    { topics: () => trades(...own()), initial: none, feed, every: 'value' },
    (events$: Observable<FeedEvent>) => interval$.pipe(switchMap((length) => barsOf(events$, length))),
    onBeat(aside.bars),
  );
};

/**
 * The bars of all symbols of the list. Each tab asks the history for itself, so that one that comes late starts full too. Where
 * the plan is too small for that, `backfill` belongs into the feed that the tabs share.
 */
export const injectBars = (interval: Signal<Interval>): ((symbol: string) => Bars) => {
  const log = inject(GapLog);
  const isCoin = (symbol: string): boolean => marketOf(symbol) === 'crypto';
  const stocks = injectBarsOf(
    // The simulator's bars are final at once. For a vendor leave `settle` out.
    { feed: ITICK, history: inject(HISTORY), isOurs: (symbol) => !isCoin(symbol), settle: 2_000 },
    interval,
  );
  const coins = injectBarsOf({ feed: BINANCE, history: inject(COIN_HISTORY), isOurs: isCoin }, interval);
  return (symbol) => {
    const bars = isCoin(symbol) ? coins() : stocks();
    const isOwn = ({ from }: Span): boolean => from >= OPENED;
    return { ...bars, earlier: log.holes()[isCoin(symbol) ? 'binance' : 'itick'].filter((hole) => !isOwn(hole)) };
  };
};

/** When this page was opened. What began before is of another one. */
const OPENED = Date.now();
