import { asyncScheduler, Observable, type OperatorFunction, type Subscription } from 'rxjs';
import { nextBucket } from '../../model/calendar/bucketing.js';
import type { CalendarChoice } from '../../model/calendar/CalendarChoice.js';
import { sessionDays } from '../../model/calendar/sessionDays.js';
import { checkWhole } from '../../model/check.js';
import { feedNameOf } from '../../model/feedEvent.js';
import { isInterval } from '../../model/interval.js';
import type { Kline } from '../../model/marketEvent.js';
import { bySymbol, type BySymbol } from '../bySymbol.js';
import { isPlaced } from './barOrder.js';
import { chartBarOf, type ChartBar } from './chartBars.js';
import { hoursBySymbol, type BucketOf } from './hours.js';

/** A moment of a chart without a bar, which `lightweight-charts` leaves white. */
export interface ChartSpace {
  /** When the bar would open, in seconds since 1970, UTC. */
  readonly time: number;
}

/** What has to be done to the chart of a symbol and interval. */
export type ChartEdit = {
  /** In the spelling of the symbol that came first. */
  readonly symbol: string;
  readonly interval: string;
} & (
  | {
      /** A bar, or a space, behind all others, or another word on the last bar: `series.update(bar)`. */
      readonly type: 'update';
      readonly bar: ChartBar | ChartSpace;
    }
  | {
      /** Another word on an earlier bar: `series.update(bar, true)`. */
      readonly type: 'correct';
      readonly bar: ChartBar;
    }
  | {
      /** A bar was put where none was: `series.setData(bars)`. Oldest first. */
      readonly type: 'reset';
      readonly bars: readonly (ChartBar | ChartSpace)[];
    }
);

/** How bars become edits of a chart. */
export interface ChartEditOptions {
  /**
   * Trading hours, as in `toKlines`: where the spaces of lost bars are.
   *
   * @defaultValue `calendarOf`
   */
  readonly calendar?: CalendarChoice | undefined;
  /**
   * How many bars and spaces of each symbol and interval are kept; the oldest are forgotten.
   *
   * @defaultValue `5_000`
   */
  readonly maxBars?: number | undefined;
}

/**
 * What has to be done to a chart so that it shows these bars, however late one comes: only what `lightweight-charts` does
 * without a mistake. Its `update` of a bar that is not there yet throws, or with `true` overwrites a neighbour, and so does
 * one into white space; such a bar asks for `reset`, with all bars of its symbol and interval. Of many such bars in one turn
 * the first resets at once, and the others together.
 *
 * A bar behind all others whose `coverage` is below 1 tells of a hole: the bars that were lost before it come first, as
 * spaces, `{ time }`; a hole of `maxBars` or more, or of 10,000, has none. Each symbol and interval needs a series of its own, and two feeds
 * of one symbol are one. Throws `InvalidOption`.
 *
 *     klines$     f--f--C----f-----C-----B-----       // the second f lost the bar before it; C corrects, B repairs
 *     chartEdits  u--u--u---(uu)---c-----r-----       // u `update`, c `correct`, r `reset`
 *
 * @example
 * klines$.pipe(chartEdits()).subscribe((edit) => {
 *   if (edit.type === 'reset') series.setData(edit.bars);
 *   else series.update(edit.bar, edit.type === 'correct');
 * })
 */
export const chartEdits = (options: ChartEditOptions = {}): OperatorFunction<Kline<string>, ChartEdit> => {
  const { calendar, maxBars = 5_000 } = options;
  checkWhole('maxBars', maxBars, 'bars');
  if (calendar !== undefined && typeof calendar !== 'function') sessionDays(calendar);
  return (klines$) =>
    new Observable((subscriber) => {
      const charts = new Map<string, BySymbol<Chart>>();
      const hours = new Map<string, ReturnType<typeof hoursBySymbol>>();
      const emit = (edit: ChartEdit): void => subscriber.next(edit);
      const all = (): readonly Chart[] => [...charts.values()].flatMap((table) => [...table.values()]);
      subscriber.add(() => all().forEach(({ stop }) => stop()));

      const bucketsOf = (kline: Kline<string>): BucketOf | undefined => {
        const { interval, symbol } = kline;
        if (!isInterval(interval)) return undefined;
        const known = hours.get(interval) ?? hoursBySymbol(interval, calendar);
        hours.set(interval, known);
        return known(symbol, feedNameOf(kline)).bucketOf;
      };
      const chartOf = (kline: Kline<string>): Chart => {
        const { interval, symbol } = kline;
        const table = charts.get(interval) ?? bySymbol<Chart>();
        charts.set(interval, table);
        return table.find(symbol) ?? table.add(symbol, chart({ symbol, interval }, bucketsOf(kline), maxBars, emit));
      };

      return klines$.subscribe({
        next: (kline) => {
          if (isPlaced(kline)) chartOf(kline).accept(kline);
        },
        error: (error: unknown) => {
          all().forEach(({ flush }) => flush());
          subscriber.error(error);
        },
        complete: () => {
          all().forEach(({ flush }) => flush());
          subscriber.complete();
        },
      });
    });
};

/** The chart of a symbol and interval. */
interface Chart {
  readonly accept: (kline: Kline<string>) => void;
  /** Resets at once what waits for it. */
  readonly flush: () => void;
  readonly stop: () => void;
}

const chart = (
  of: Pick<ChartEdit, 'symbol' | 'interval'>,
  bucketOf: BucketOf | undefined,
  maxBars: number,
  emit: (edit: ChartEdit) => void,
): Chart => {
  /** Oldest first. The last one is a bar. */
  const items: (ChartBar | ChartSpace)[] = [];
  /** The rest of the turn in which the chart was reset. */
  let turn: Subscription | undefined;
  let isBehind = false;

  const reset = (): void => {
    isBehind = false;
    emit({ ...of, type: 'reset', bars: items.slice() });
  };
  const flush = (): void => {
    turn?.unsubscribe();
    turn = undefined;
    if (isBehind) reset();
  };
  const say = (type: 'update' | 'correct', bar: ChartBar): void => {
    if (!isBehind) emit({ ...of, type, bar });
  };

  const append = (bar: ChartBar, spaces: readonly ChartSpace[]): void => {
    items.push(...spaces, bar);
    if (items.length > maxBars) items.splice(0, items.length - maxBars);
    if (isBehind) return;
    for (const space of spaces) emit({ ...of, type: 'update', bar: space });
    say('update', bar);
  };
  const insert = (index: number, bar: ChartBar, isSpace: boolean): void => {
    if (!isSpace && items.length >= maxBars) {
      // It is the first to be forgotten, or it takes the place of the one that is.
      if (index === 0) return;
      items.splice(index, 0, bar);
      items.shift();
    } else items.splice(index, isSpace ? 1 : 0, bar);
    isBehind = true;
    if (turn !== undefined) return;
    turn = asyncScheduler.schedule(flush);
    reset();
  };

  return {
    accept: (kline) => {
      const bar = chartBarOf(kline);
      const last = items.at(-1);
      if (last === undefined || bar.time > last.time) {
        return append(bar, last && bucketOf && tellsOfHole(kline) ? lostBetween(bucketOf, last, kline, maxBars) : []);
      }
      const index = placeOf(items, bar.time);
      const known = items[index];
      if (known?.time !== bar.time) return insert(index, bar, false);
      if (!('close' in known)) return insert(index, bar, true);
      items[index] = bar;
      say(index === items.length - 1 ? 'update' : 'correct', bar);
    },
    flush,
    stop: () => turn?.unsubscribe(),
  };
};

/** A bar that was repaired tells of no hole: of its neighbours the vendor has none, as nothing was traded. */
const tellsOfHole = ({ coverage, source }: Kline<string>): boolean => coverage < 1 && source !== 'backfill';

/** The spaces of the bars that a bar follows after, behind the last one; none if there are too many. */
const lostBetween = (
  bucketOf: BucketOf,
  last: ChartSpace,
  { openTime }: Kline<string>,
  maxBars: number,
): readonly ChartSpace[] => {
  const spaces: ChartSpace[] = [];
  const lastTime = last.time * SECOND;
  let bucket = nextBucket(bucketOf, bucketOf(lastTime));
  const end = bucketOf(openTime).openTime;
  const most = Math.min(maxBars, MOST_SPACES);
  for (; bucket.openTime < end; bucket = nextBucket(bucketOf, bucket)) {
    if (bucket.openTime <= lastTime) continue;
    spaces.push({ time: bucket.openTime / SECOND });
    if (spaces.length >= most) return [];
  }
  return spaces;
};

const SECOND = 1_000;
const MOST_SPACES = 10_000;

/** Where the first item is that opens at this time or later. */
const placeOf = (items: readonly ChartSpace[], time: number): number => {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.time ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return low;
};
