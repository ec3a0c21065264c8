import { connect, filter, groupBy, identity, map, merge, mergeMap, tap, type Observable } from 'rxjs';
import { calendars, isMarketEvent, toKlines, type Interval, type Kline, type KlineOptions } from '../index.js';
import { barHeard, barRowAfter, newBarRow } from './barRow.js';
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
  readonly simulation: Plan['simulation'];
}

/** Each source has bars of its own, as each has a link that may be down. */
const barsOf =
  ({ interval, simulation }: Making, forming: KlineOptions['forming']) =>
  (heard$: Observable<Heard>): Observable<BarOf> =>
    heard$.pipe(
      groupBy(({ source }) => source),
      mergeMap((one$) =>
        one$.pipe(
          map(({ event }) => event),
          toKlines(interval, { forming, ...(simulation && simulated) }),
          map((bar) => ({ source: one$.key, bar })),
        ),
      ),
    );

/** A simulated market never closes, and its clock is not ours: only its own events may close a bar. */
const simulated: KlineOptions = { calendar: calendars.always, grace: Number.MAX_SAFE_INTEGER };

/** Milliseconds between two looks at a forming bar. */
const BEAT = 100;

/** Keeps a table of bars on a terminal. Completes when somebody quits. */
export const liveBars = (
  { sources, title, colors, blocks }: Pick<Plan, 'sources' | 'title' | 'colors' | 'blocks'>,
  making: Making,
  io: Pick<Io, 'stdin' | 'stdout'>,
) =>
  liveScreen((start) => {
    const { parts, hear, change, count } = newParts(sources, start, newBarRow);
    return {
      watch: (heard$) =>
        heard$.pipe(
          tap(({ source, event }) => {
            hear(source, event);
            if (isMarketEvent(event)) change(source, event.symbol, (row) => barHeard(row, event));
          }),
          barsOf(making, BEAT),
          tap(({ source, bar }) => change(source, bar.symbol, (row) => barRowAfter(row, bar))),
        ),
      count,
      lines: (frame) => renderBars(parts(), { title, colors, blocks, ...frame }),
    };
  }, io);

const closedBarsOf = (making: Making) => (heard$: Observable<Heard>) =>
  heard$.pipe(
    barsOf(making, false),
    filter(({ bar }) => bar.closed),
  );

/** Writes each closed bar, and each correction of one, as a line of JSON. */
export const jsonBars = (out: Output, making: Making) => (heard$: Observable<Heard>) =>
  heard$.pipe(
    closedBarsOf(making),
    jsonOf(out, ({ bar }: BarOf) => bar),
  );

/** Writes each closed bar, each correction of one, and what is heard of the links, as a line for people. */
export const plainBars = (out: Output, making: Making) => (heard$: Observable<Heard>) =>
  heard$.pipe(
    connect((each$) =>
      merge(
        each$.pipe(
          filter(({ event }) => !isMarketEvent(event)),
          map(({ source, event }) => plainLine(source, event)),
        ),
        each$.pipe(
          closedBarsOf(making),
          map(({ source, bar }) => plainLine(source, bar)),
        ),
      ),
    ),
    linesOf(out, identity<string>),
  );
