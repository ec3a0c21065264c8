import { inject, type Signal } from '@angular/core';
import { map, scan, type Observable } from 'rxjs';
import { toKlines, trades, type FeedEvent, type Kline } from 'rxtape';
import { injectEvents } from 'rxtape/angular';
import { calendar, ITICK } from './feeds';
import { DeskState } from './state';

type Bars = ReadonlyMap<string, readonly Kline[]>;

const MOST = 240;

/** Puts a bar in its place: a forming one is replaced by its next word, a closed one by its correction. */
const place = (bars: readonly Kline[], bar: Kline): readonly Kline[] => {
  let at = bars.length;
  while (at > 0 && (bars[at - 1]?.openTime ?? 0) >= bar.openTime) at -= 1;
  const isKnown = bars[at]?.openTime === bar.openTime;
  return [...bars.slice(0, at), bar, ...bars.slice(isKnown ? at + 1 : at)].slice(-MOST);
};

const collected = (klines$: Observable<Kline>): Observable<Bars> =>
  klines$.pipe(
    scan(
      (bars, bar) => bars.set(bar.symbol, place(bars.get(bar.symbol) ?? [], bar)),
      new Map<string, readonly Kline[]>(),
    ),
    map((bars) => new Map(bars)),
  );

/** Bars of a minute of all symbols in the list, made of trades; minutes without any are there as well. */
export const injectBars = (): Signal<Bars> => {
  const { symbols } = inject(DeskState);
  return injectEvents(
    { topics: () => trades(...symbols()), initial: new Map(), feed: ITICK, every: 250 },
    (events$: Observable<FeedEvent>) => events$.pipe(toKlines('1m', { forming: 250, empty: 'carry', calendar })),
    collected,
  );
};

/** What was before: the bars of the simulator, oldest first. */
export const pastBars = async (symbol: string, signal: AbortSignal): Promise<readonly Kline[]> => {
  const response = await fetch(`bars?symbol=${encodeURIComponent(symbol)}`, { signal });
  return response.ok ? ((await response.json()) as readonly Kline[]) : [];
};
