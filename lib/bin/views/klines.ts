import { connect, filter, groupBy, identity, map, merge, mergeMap, tap, type Observable } from 'rxjs';
import {
  calendars,
  isMarketEvent,
  toKlines,
  type FeedEvent,
  type Interval,
  type Kline,
  type KlineOptions,
} from '../../index.js';
import { clock as timeOfDay, printable } from '../format.js';
import { jsonOf, linesOf, plainLine } from '../lines.js';
import type { Plan } from '../Plan.js';
import { isWarm, repairsOf, repairWords, type SourceRepairs } from '../repairs.js';
import type { SourceEvent } from '../sources.js';
import { newParts } from '../table.js';
import { liveScreen, type Clock, type Io, type Output } from '../terminal.js';
import { barRowAfter, barRowTouched, isOfHistory, newBarRow } from './barRow.js';
import { renderBars } from './barTable.js';

/** A bar, and the name of the source it was made of. */
interface SourceBar {
  readonly source: string;
  readonly bar: Kline;
}

/** What bars are made of, and how. */
export interface BarOptions {
  readonly interval: Interval;
  /** Whether the market is simulated. */
  readonly simulated: boolean;
  /** Whether bars are of interest before they are closed. */
  readonly forming: boolean;
}

/** Each source has bars of its own, as each has a link that may be down. */
const barsOf =
  ({ interval, simulated, forming }: BarOptions) =>
  (events$: Observable<SourceEvent>): Observable<SourceBar> =>
    events$.pipe(
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

/** The events, after them the bars that they make, and what became of holes. */
export const withBars = (making: BarOptions) => (events$: Observable<SourceEvent>) =>
  events$.pipe(connect((each$) => merge(each$, each$.pipe(barsOf(making)), each$.pipe(repairsOf))));

type EventOrBar = SourceEvent | SourceBar | SourceRepairs;

/** Whether something was received of the market: bars of a history were not. */
const isReceived = (event: FeedEvent): boolean =>
  isMarketEvent(event) && !(event.kind === 'kline' && isOfHistory(event));

const repairLine = ({ repairs }: SourceRepairs): string => printable(repairWords(repairs));

/** How many of the last repairs are shown. */
const NEWS = 3;

/** Keeps a table of bars on a terminal. Completes when the user quits. */
export const liveBars = (
  { sources, title, colors, blocks, note }: Pick<Plan, 'sources' | 'title' | 'colors' | 'blocks' | 'note'>,
  io: Pick<Io, 'stdin' | 'stdout'>,
  clock?: Clock,
) =>
  liveScreen<EventOrBar>(
    (start) => {
      const { parts, accept, change, count } = newParts(sources, start, newBarRow);
      let news: readonly string[] = [];
      const take = (value: EventOrBar): void => {
        const { source } = value;
        if ('repairs' in value) {
          const [{ outcome, receivedAt }] = value.repairs;
          // That the table starts full can be seen.
          if (outcome !== 'none' && isWarm(value.repairs[0])) return;
          news = [...news, `${timeOfDay(receivedAt).slice(0, 8)} ${repairLine(value)}`].slice(-NEWS);
          return;
        }
        if ('bar' in value) return change(source, value.bar.symbol, (row) => barRowAfter(row, value.bar));
        const { event } = value;
        if (isMarketEvent(event) && !isReceived(event)) return;
        accept(source, event);
        if (isMarketEvent(event)) change(source, event.symbol, (row) => barRowTouched(row, event));
      };
      return {
        watch: tap(take),
        count,
        lines: (frame) => renderBars(parts(), { title, colors, blocks, news, note, ...frame }),
      };
    },
    io,
    clock,
  );

/** Writes each closed bar, each correction of one, and what became of each hole, as a line of JSON. */
export const jsonBars = (out: Output) => (values$: Observable<EventOrBar>) =>
  values$.pipe(
    mergeMap((value): readonly unknown[] => {
      if ('bar' in value) return value.bar.closed ? [value.bar] : [];
      return 'event' in value && value.event.kind === 'backfilled' ? [value.event] : [];
    }),
    jsonOf(out, identity<unknown>),
  );

/** Writes each closed bar, each correction of one, the events of the links, and repairs, as a line for people. */
export const plainBars = (out: Output) => (values$: Observable<EventOrBar>) =>
  values$.pipe(
    filter((value) => {
      if ('repairs' in value) return true;
      if ('bar' in value) return value.bar.closed;
      return !isMarketEvent(value.event) && value.event.kind !== 'backfilled';
    }),
    linesOf(out, (value: EventOrBar) => {
      const { source } = value;
      if ('repairs' in value) return `${timeOfDay(value.repairs[0].receivedAt)} ${source} ${repairLine(value)}`;
      return plainLine(source, 'bar' in value ? value.bar : value.event);
    }),
  );
