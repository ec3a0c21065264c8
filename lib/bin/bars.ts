import { connect, filter, groupBy, map, merge, mergeMap, tap, type Observable } from 'rxjs';
import { calendars, isMarketEvent, toKlines, type Interval, type Kline, type KlineOptions } from '../index.js';
import { barHeard, barRowAfter, newBarRow } from './barRow.js';
import type { Clock } from './Clock.js';
import type { Io, Output } from './Io.js';
import { jsonOf, linesOf } from './lines.js';
import { liveScreen } from './liveScreen.js';
import type { Heard } from './openSource.js';
import { newParts } from './parts.js';
import type { Plan } from './Plan.js';
import { plainLine } from './plainLine.js';
import { renderBars } from './renderBars.js';

/** A bar, and the name of the source it was made of. */
export interface BarOf {
  readonly source: string;
  readonly bar: Kline;
}

/** What bars are made of, and how. */
export interface Making {
  readonly interval: Interval;
  /** Whether the market is no real one. */
  readonly simulated: boolean;
  /** Whether bars are of interest before they are closed. */
  readonly forming: boolean;
}

/** Each source has bars of its own, as each has a link that may be down. */
const barsOf =
  ({ interval, simulated, forming }: Making) =>
  (heard$: Observable<Heard>): Observable<BarOf> =>
    heard$.pipe(
      groupBy(({ source }) => source),
      mergeMap((one$) =>
        one$.pipe(
          map(({ event }) => event),
          toKlines(interval, { forming: forming && BEAT, ...(simulated && endless) }),
          map((bar) => ({ source: one$.key, bar })),
        ),
      ),
    );

/** A simulated market never closes, and its clock is not ours: only its own events may close a bar. */
const endless: KlineOptions = { calendar: calendars.always, grace: Number.MAX_SAFE_INTEGER };

/** Milliseconds between two looks at a forming bar. */
const BEAT = 100;

/** What is heard, and after it the bars that it makes. */
export const withBars = (making: Making) => (heard$: Observable<Heard>) =>
  heard$.pipe(connect((each$) => merge(each$, each$.pipe(barsOf(making)))));

type HeardOrBar = Heard | BarOf;

/** Keeps a table of bars on a terminal. Completes when somebody quits. */
export const liveBars = (
  { sources, title, colors, blocks }: Pick<Plan, 'sources' | 'title' | 'colors' | 'blocks'>,
  io: Pick<Io, 'stdin' | 'stdout'>,
  clock?: Clock,
) =>
  liveScreen<HeardOrBar>(
    (start) => {
      const { parts, hear, change, count } = newParts(sources, start, newBarRow);
      const take = (value: HeardOrBar): void => {
        const { source } = value;
        if ('bar' in value) return change(source, value.bar.symbol, (row) => barRowAfter(row, value.bar));
        const { event } = value;
        hear(source, event);
        if (isMarketEvent(event)) change(source, event.symbol, (row) => barHeard(row, event));
      };
      return {
        watch: tap(take),
        count,
        lines: (frame) => renderBars(parts(), { title, colors, blocks, ...frame }),
      };
    },
    io,
    clock,
  );

/** Writes each closed bar, and each correction of one, as a line of JSON. */
export const jsonBars = (out: Output) => (values$: Observable<HeardOrBar>) =>
  values$.pipe(
    filter((value): value is BarOf => 'bar' in value && value.bar.closed),
    jsonOf(out, ({ bar }: BarOf) => bar),
  );

/** Writes each closed bar, each correction of one, and what is heard of the links, as a line for people. */
export const plainBars = (out: Output) => (values$: Observable<HeardOrBar>) =>
  values$.pipe(
    filter((value) => ('bar' in value ? value.bar.closed : !isMarketEvent(value.event))),
    linesOf(out, (value: HeardOrBar) => plainLine(value.source, 'bar' in value ? value.bar : value.event)),
  );
