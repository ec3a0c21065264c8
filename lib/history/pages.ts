import {
  asyncScheduler,
  catchError,
  defer,
  EMPTY,
  from,
  map,
  mergeMap,
  of,
  repeat,
  takeWhile,
  throwError,
  type Observable,
} from 'rxjs';
import { InvalidOption } from '../model/errors.js';
import { intradayLength, isIntraday, type Interval } from '../model/interval.js';
import { klineOf, soundKline } from '../model/kline.js';
import type { Kline } from '../model/marketEvent.js';
import { isTime } from '../model/moment.js';
import { HistoryRefused, HistoryUnavailable, isOfCredential } from './errors.js';
import type { HistoryQuery } from './History.js';

/** A row of a vendor: when the bar opens, and the bar unless the row is none that can be believed. */
export interface Row {
  readonly openTime: number;
  readonly bar: Kline | undefined;
}

/** What is asked for with one request. */
export interface PageQuery {
  readonly symbols: readonly string[];
  /** Bars that open before this moment; it is up to the vendor whether those at it are among them. */
  readonly until: number;
  /** No more bars than these are needed of a symbol. */
  readonly count: number;
}

/** The rows of each symbol, in any order, or what is wrong with them. A symbol that is not among them has none. */
export type Page = ReadonlyMap<string, readonly Row[] | HistoryUnavailable>;

export interface Paging {
  readonly query: HistoryQuery;
  /** How many symbols one request may ask for. */
  readonly most: number;
  /** Asks for a page. */
  readonly ask: (query: PageQuery) => Observable<Page>;
  /** What the bars of a symbol are, given all rows that were seen, oldest first. It may throw. */
  readonly finish?: ((bars: readonly Kline[]) => readonly Kline[]) | undefined;
}

interface Progress {
  readonly symbol: string;
  readonly bars: Map<number, Kline>;
  until: number;
  /** Whether what lies before `until` is asked for a second time, without the bar beyond. */
  again: boolean;
  /** Whether the vendor has refused it together with others. */
  alone: boolean;
}

const DAY = 86_400_000;

/** How long a bar is; of those that follow the calendar the longest. */
export const lengthOf = (interval: Interval): number =>
  isIntraday(interval) ? intradayLength[interval] : longest[interval] * DAY;

const longest = { '1d': 1, '3d': 3, '1w': 7, '1M': 31 } as const;

/** One bar that the vendor asks beyond, one that is cut by `from`, and one older, which shows that nothing is missing. */
const MARGIN = 3;

const END = Symbol('end');

/**
 * The bars of a query, oldest first for each symbol, from pages that go back in time.
 *
 * A page may have any number of rows, in any order, and may overlap others. It is the last one if it is empty, reaches
 * `from`, or holds nothing older, however `until` was read. Where a bar comes twice, the one of more volume counts.
 * A symbol that the vendor refuses, or answers with garbage, does not cost the others: the error comes when they are done.
 */
export const barsBack = ({
  query: { symbols, interval, from: since, to },
  most,
  ask,
  finish,
}: Paging): Observable<Kline> =>
  defer(() => {
    const length = lengthOf(interval);
    // A bar that ends while it is asked for may have been answered before its end.
    const asked = asyncScheduler.now();
    const until = Math.min(to, asked);
    if (!(since < until)) return EMPTY;
    let open: readonly Progress[] = symbols.map((symbol) => ({
      symbol,
      bars: new Map(),
      until,
      again: false,
      alone: false,
    }));
    let failure: HistoryRefused | HistoryUnavailable | undefined;

    const close = (some: readonly Progress[]): void => {
      open = open.filter((progress) => !some.includes(progress));
    };

    const barsOf = ({ bars }: Progress): readonly Kline[] => {
      const sorted = [...bars.values()].sort((a, b) => a.openTime - b.openTime);
      return (finish ? finish(sorted) : sorted).filter(
        ({ openTime, closeTime }) => openTime >= since && openTime < to && closeTime <= asked,
      );
    };

    const next = (): Observable<Kline | typeof END> => {
      const [first] = open;
      if (!first) return failure ? throwError(() => failure) : of(END);
      const group = open
        .filter(
          (other) =>
            other.until === first.until &&
            other.again === first.again &&
            (other === first || !(first.alone || other.alone)),
        )
        .slice(0, most);
      const page = {
        symbols: group.map(({ symbol }) => symbol),
        until: first.again ? first.until - 1 : first.until + length,
        count: Math.ceil((first.until - since) / length) + MARGIN,
      };
      return ask(page).pipe(
        map((rows) => {
          const done = group.filter((progress) => {
            const found = rows.get(progress.symbol) ?? [];
            if (!(found instanceof HistoryUnavailable)) return takeIn(progress, found, since);
            failure ??= found;
            return true;
          });
          close(done);
          return done.flatMap(barsOf);
        }),
        catchError((error: unknown) => {
          if (!(error instanceof HistoryRefused) || error.retryAfter !== undefined) throw error;
          // It may have refused several symbols for one of them.
          if (group.length > 1 && !isOfCredential(error)) group.forEach((progress) => (progress.alone = true));
          else {
            failure ??= error;
            close(group);
          }
          return of([]);
        }),
        mergeMap((bars) => from(bars)),
      );
    };
    return defer(next).pipe(
      repeat(),
      takeWhile((value) => value !== END),
    );
  });

/** Takes a page in; returns whether it was the last one of its symbol. */
const takeIn = (progress: Progress, rows: readonly Row[], since: number): boolean => {
  let oldest = Infinity;
  for (const { openTime, bar } of rows) {
    oldest = Math.min(oldest, openTime);
    const known = progress.bars.get(openTime);
    if (bar && (known === undefined || bar.volume >= known.volume)) progress.bars.set(openTime, bar);
  }
  if (oldest === Infinity || oldest <= since) return true;
  if (oldest < progress.until) Object.assign(progress, { until: oldest, again: false });
  else if (progress.again) return true;
  else progress.again = true;
  return false;
};

/** The figures of a bar, as a vendor's answer has them. */
export type Figures = Pick<Kline, 'open' | 'high' | 'low' | 'close' | 'volume' | 'turnover' | 'receivedAt'>;

/** A bar of a vendor's history; undefined where its prices are none, or where nothing was traded. */
export const historyBar = (
  of: Pick<Kline, 'provider' | 'feed' | 'symbol'>,
  interval: Interval,
  span: Pick<Kline, 'openTime' | 'closeTime'>,
  figures: Figures,
): Kline | undefined => {
  const { open, high, low, volume } = figures;
  // A day without trading repeats the close of the day before.
  if (!open && !high && !low && !volume) return undefined;
  const bar = klineOf(of, interval, span, { ...figures, time: span.openTime, closed: true });
  return soundKline(bar, () => figures.receivedAt);
};

/** Throws `InvalidOption` for a query that no vendor could answer. */
export const checkSpan = ({ from: since, to }: Pick<HistoryQuery, 'from' | 'to'>): void => {
  if (!isTime(since)) throw new InvalidOption('from', since, 'it is a time in epoch milliseconds');
  if (to !== Infinity && !isTime(to)) throw new InvalidOption('to', to, 'it is a time in epoch milliseconds');
};
