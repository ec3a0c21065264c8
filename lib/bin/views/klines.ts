import { connect, filter, groupBy, map, merge, mergeMap, tap, type Observable } from 'rxjs';
import {
  calendars,
  isMarketEvent,
  toKlines,
  type Interval,
  type Kline,
  type KlineOptions,
  type MarketEvent,
  type SizeUnit,
} from '../../index.js';
import { age, amount, clean, clock, decimalsOf, percent, share, sparkline } from '../format.js';
import { framed, header, span, type Frame, type Line, type TextSpan } from '../line.js';
import { jsonOf, linesOf, plainLine } from '../lines.js';
import type { Plan } from '../Plan.js';
import type { SourceEvent } from '../sources.js';
import { INDENT, newParts, placed, tableLines, type Column, type TablePart } from '../table.js';
import { liveScreen, type Clock, type Io, type Output } from '../terminal.js';

/** What is known of the bars of one symbol. */
export interface BarRow {
  readonly symbol: string;
  /** The latest, mostly still forming. */
  readonly bar?: Kline | undefined;
  /** The last closed ones, oldest first, each in its last revision. */
  readonly closed: readonly Kline[];
  /** The most that any price so far needed. */
  readonly decimals: number;
  /** When its last event arrived, epoch milliseconds. */
  readonly updatedAt?: number | undefined;
  readonly refusal?: string | undefined;
  readonly sizeUnit?: SizeUnit | undefined;
}

/** How many closed bars are kept. */
export const KEPT = 30;

export const newBarRow = (symbol: string): BarRow => ({ symbol, closed: [], decimals: 0 });

/** The row after any event of its symbol. */
export const barRowTouched = (row: BarRow, event: MarketEvent): BarRow => ({
  ...row,
  updatedAt: event.receivedAt,
  sizeUnit: (event.kind === 'kline' ? undefined : event.sizeUnit) ?? row.sizeUnit,
});

/** The row with a bar of its symbol, which may be a correction of an earlier one. */
export const barRowAfter = (row: BarRow, kline: Kline): BarRow => {
  const { open, high, low, close, openTime } = kline;
  return {
    ...row,
    bar: row.bar && row.bar.openTime > openTime ? row.bar : kline,
    closed: kline.closed ? withBar(row.closed, kline) : row.closed,
    decimals: Math.max(row.decimals, ...[open, high, low, close].map(decimalsOf)),
  };
};

const withBar = (closed: readonly Kline[], kline: Kline): readonly Kline[] =>
  [
    ...closed.filter(({ openTime }) => openTime < kline.openTime),
    kline,
    ...closed.filter(({ openTime }) => openTime > kline.openTime),
  ].slice(-KEPT);

/** How many of the closed bars are known to lack something. */
export const holes = ({ closed }: BarRow): number => closed.filter(isHole).length;

const isHole = ({ coverage, missedVolume }: Kline): boolean => coverage < 1 || missedVolume > 0;

interface BarColumn extends Column<BarRow> {
  /** Whether it stays away until there is something in it. */
  readonly rare?: boolean;
}

const nothing = span('-', 'dim');

const price =
  (of: (bar: Kline) => number) =>
  ({ bar, decimals }: BarRow): TextSpan =>
    bar ? span(of(bar).toFixed(decimals)) : nothing;

const change = ({ bar }: BarRow): TextSpan => {
  if (!bar?.open) return nothing;
  const text = percent(bar.open, bar.close);
  return span(text, text.startsWith('+') ? 'up' : text.startsWith('-') ? 'down' : undefined);
};

const right = (heading: string, rank: number, width: number, cell: BarColumn['cell']): BarColumn => ({
  heading,
  rank,
  width,
  side: 'right',
  cell,
});

const rare = (heading: string, rank: number, text: (row: BarRow) => string | undefined): BarColumn => ({
  ...right(heading, rank, 4, (row) => {
    const shown = text(row);
    return shown === undefined ? nothing : span(shown, 'warn');
  }),
  rare: true,
});

const all = (blocks: boolean): readonly BarColumn[] => [
  { heading: 'SYMBOL', rank: 0, width: 9, side: 'left', cell: ({ symbol }) => span(symbol, 'strong') },
  right('BAR', 7, 5, ({ bar }) => (bar ? span(clock(bar.openTime).slice(0, 5)) : nothing)),
  right(
    'OPEN',
    9,
    8,
    price(({ open }) => open),
  ),
  right(
    'HIGH',
    10,
    8,
    price(({ high }) => high),
  ),
  right(
    'LOW',
    11,
    8,
    price(({ low }) => low),
  ),
  right(
    'CLOSE',
    1,
    8,
    price(({ close }) => close),
  ),
  right('CHANGE', 6, 7, change),
  right('VOLUME', 8, 9, ({ bar }) => (bar ? span(amount(clean(bar.volume))) : nothing)),
  rare('SEEN', 4, ({ bar }) => (bar && bar.coverage < 1 ? share(bar.coverage) : undefined)),
  rare('MISSED', 5, ({ bar }) => (bar && bar.missedVolume > 0 ? amount(clean(bar.missedVolume)) : undefined)),
  rare('HOLES', 3, (row) => (holes(row) > 0 ? String(holes(row)) : undefined)),
  right('AGE', 12, 3, ({ updatedAt }, now) => (updatedAt === undefined ? nothing : span(age(now - updatedAt)))),
  {
    heading: `LAST ${KEPT} CLOSES`,
    rank: 2,
    width: 0,
    side: 'left',
    cell: ({ closed }) =>
      span(
        sparkline(
          closed.map(({ close }) => close),
          blocks,
        ),
      ),
  },
];

/** The columns of bars that have something to say. */
const barColumns = (rows: readonly BarRow[], now: number, blocks: boolean): readonly BarColumn[] =>
  all(blocks).filter(({ rare: isRare, cell }) => !isRare || rows.some((row) => cell(row, now) !== nothing));

export interface BarFrame extends Frame {
  /** Whether bars may be drawn with block characters. */
  readonly blocks: boolean;
}

/** The bars as lines for a terminal, as many and as wide as it can show. */
export const renderBars = (parts: readonly TablePart<BarRow>[], frame: BarFrame): readonly string[] => {
  const { width, now, blocks } = frame;
  const rows = parts.flatMap((part) => [...part.rows.values()]);
  const shown = placed(barColumns(rows, now, blocks), rows, now, width - INDENT);
  return framed([header(frame), [], ...tableLines(parts, shown, now), ...footnotes(parts)], frame);
};

const footnotes = (parts: readonly TablePart<BarRow>[]): readonly Line[] => {
  const rows = parts.flatMap(({ name, rows: own }) => [...own.values()].map((row) => ({ name, ...row })));
  const lots = rows.filter(({ sizeUnit }) => sizeUnit === 'lots').map(({ name, symbol }) => `${name} ${symbol}`);
  return [
    ...(rows.some(({ bar }) => bar && isHole(bar))
      ? ['SEEN: share of time the link was live; MISSED: lost volume']
      : []),
    ...(rows.some((row) => holes(row) > 0) ? ['HOLES: closed bars that lack time or volume'] : []),
    ...(lots.length > 0 ? [`volumes in lots, not shares: ${lots.join(', ')}`] : []),
  ].map((text) => [span(`  ${text}`, 'dim')]);
};

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

/** The events, and after them the bars that they make. */
export const withBars = (making: BarOptions) => (events$: Observable<SourceEvent>) =>
  events$.pipe(connect((each$) => merge(each$, each$.pipe(barsOf(making)))));

type EventOrBar = SourceEvent | SourceBar;

/** Keeps a table of bars on a terminal. Completes when the user quits. */
export const liveBars = (
  { sources, title, colors, blocks }: Pick<Plan, 'sources' | 'title' | 'colors' | 'blocks'>,
  io: Pick<Io, 'stdin' | 'stdout'>,
  clock?: Clock,
) =>
  liveScreen<EventOrBar>(
    (start) => {
      const { parts, accept, change, count } = newParts(sources, start, newBarRow);
      const take = (value: EventOrBar): void => {
        const { source } = value;
        if ('bar' in value) return change(source, value.bar.symbol, (row) => barRowAfter(row, value.bar));
        const { event } = value;
        accept(source, event);
        if (isMarketEvent(event)) change(source, event.symbol, (row) => barRowTouched(row, event));
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
export const jsonBars = (out: Output) => (values$: Observable<EventOrBar>) =>
  values$.pipe(
    filter((value): value is SourceBar => 'bar' in value && value.bar.closed),
    jsonOf(out, ({ bar }: SourceBar) => bar),
  );

/** Writes each closed bar, each correction of one, and the events of the links, as a line for people. */
export const plainBars = (out: Output) => (values$: Observable<EventOrBar>) =>
  values$.pipe(
    filter((value) => ('bar' in value ? value.bar.closed : !isMarketEvent(value.event))),
    linesOf(out, (value: EventOrBar) => plainLine(value.source, 'bar' in value ? value.bar : value.event)),
  );
