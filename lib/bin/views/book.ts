import { asyncScheduler, connect, filter, identity, map, merge, tap, throttleTime, type Observable } from 'rxjs';
import {
  consolidateDepth,
  imbalance,
  isMarketEvent,
  mid,
  spread,
  type ConsolidatedBook,
  type ConsolidatedLevel,
  type FeedEvent,
} from '../../index.js';
import { amount, clean, clock, decimalsOf, printable } from '../format.js';
import { framed, header, span, type Frame, type Line, type TextSpan, type Tone } from '../line.js';
import { jsonOf, linesOf, plainLine } from '../lines.js';
import { linkAfter, linkCounted, linkLine, newLink, type LinkStatus } from '../link.js';
import type { Plan, Source } from '../Plan.js';
import type { SourceEvent } from '../sources.js';
import { GAP, inColumns, INDENT, placed, widthOf, type Column } from '../table.js';
import { liveScreen, type Clock, type Io, type Output } from '../terminal.js';

/** One source of a ladder. */
interface LadderPart {
  readonly name: string;
  /** Whose levels are its own. */
  readonly provider: string;
  readonly link: LinkStatus;
  /** The reason of the vendor, when it refused the symbol. */
  readonly refusal?: string | undefined;
  /** Whether it counts in lots. */
  readonly lots: boolean;
}

/** What is known of a ladder. */
export interface BookLadder {
  readonly parts: readonly LadderPart[];
  readonly book?: ConsolidatedBook;
  /** The most levels that a side has had so far. */
  readonly deepest: number;
  /** The most that any price so far needed. */
  readonly decimals: number;
}

/** A ladder of which nothing is known yet. */
export const newLadder = (sources: readonly Pick<Source, 'name' | 'vendor'>[], now: number): BookLadder => ({
  parts: sources.map(({ name, vendor }) => ({ name, provider: vendor, link: newLink(now), lots: false })),
  deepest: 0,
  decimals: 0,
});

/** The ladder after an event of a source. */
export const ladderAfter = (ladder: BookLadder, { source, event }: SourceEvent): BookLadder => ({
  ...ladder,
  parts: ladder.parts.map((part) => (part.name === source ? partAfter(part, event) : part)),
});

const partAfter = (part: LadderPart, event: FeedEvent): LadderPart => {
  const link = linkAfter(part.link, event);
  if (event.kind === 'refused') return { ...part, link, refusal: event.reason };
  if (!isMarketEvent(event)) return { ...part, link };
  // Of a feed that is joined, only its events say who the vendor is.
  return { ...part, provider: event.provider, link, lots: part.lots || isInLots(event) };
};

const isInLots = (event: FeedEvent): boolean => 'sizeUnit' in event && event.sizeUnit === 'lots';

/** The ladder with another book. */
export const ladderShowing = (ladder: BookLadder, book: ConsolidatedBook): BookLadder => ({
  ...ladder,
  book,
  deepest: Math.max(ladder.deepest, book.bids.length, book.asks.length),
  decimals: [...book.bids, ...book.asks].reduce(
    (most, { price }) => Math.max(most, decimalsOf(price)),
    ladder.decimals,
  ),
});

/** The ladder with the rates of its links counted anew. */
export const ladderCounted = (ladder: BookLadder, now: number): BookLadder => ({
  ...ladder,
  parts: ladder.parts.map((part) => ({ ...part, link: linkCounted(part.link, now) })),
});

/** A level, and how its price is meant. */
interface LadderRow {
  readonly level: ConsolidatedLevel;
  readonly tone: Tone;
}

/** Price, size, and the size that each source has. */
const ladderColumns = (parts: readonly LadderPart[], decimals: number): readonly Column<LadderRow>[] => [
  right('PRICE', 0, ({ level, tone }) => span(level.price.toFixed(decimals), tone)),
  right('SIZE', 1, ({ level }) => size(level.size)),
  ...parts.map(({ provider }, index) =>
    right(provider.toUpperCase(), 2 + index, ({ level }) =>
      size(level.sources.find((source) => source.provider === provider)?.size),
    ),
  ),
];

const right = (heading: string, rank: number, cell: Column<LadderRow>['cell']): Column<LadderRow> => ({
  heading,
  rank,
  width: 9,
  side: 'right',
  cell,
});

const size = (value: number | undefined): TextSpan =>
  value === undefined ? span('-', 'dim') : span(amount(clean(value)));

export interface LadderFrame extends Frame {
  /** How many levels a side to show, if there is room. */
  readonly levels: number;
  /** Whether bars may be drawn with block characters. */
  readonly blocks: boolean;
}

/** The ladder as lines for a terminal: asks above, bids below, the best of both in the middle. */
export const renderLadder = (ladder: BookLadder, frame: LadderFrame): readonly string[] => {
  const { parts, book = emptyBook, deepest } = ladder;
  const { width, height, now } = frame;
  const top = [header(frame), [], ...parts.map((part) => partLine(part, parts, now)), []];
  const notes = footnotes(parts, book.symbol);
  const room = Math.floor((height - top.length - HEADING - MIDDLE - notes.length) / 2);
  const levels = Math.max(1, Math.min(frame.levels, deepest, room));
  const asks = book.asks.slice(0, levels);
  const bids = book.bids.slice(0, levels);
  const [bestBid = -Infinity, bestAsk = Infinity] = [bids[0]?.price, asks[0]?.price];
  const above = asks.map<LadderRow>((level) => ({ level, tone: level.price <= bestBid ? 'warn' : 'down' })).reverse();
  const below = bids.map<LadderRow>((level) => ({ level, tone: level.price >= bestAsk ? 'warn' : 'up' }));
  const rows = [...above, ...below];

  const columns = placed(ladderColumns(parts, ladder.decimals), rows, now, width - INDENT);
  const bar = barOf(
    rows.map(({ level }) => level.size ?? 0),
    width - INDENT - widthOf(columns) - GAP,
    frame.blocks,
  );
  const rowLine = (row: LadderRow): Line => [
    ...inColumns(
      columns.map(({ cell }) => cell(row, now)),
      columns,
    ),
    span(' '.repeat(GAP)),
    span(bar(row.level.size ?? 0), row.tone === 'warn' ? 'warn' : 'dim'),
  ];
  const blank = (count: number): readonly Line[] => Array.from({ length: count }, () => []);
  return framed(
    [
      ...top,
      inColumns(
        columns.map(({ heading }) => span(heading, 'dim')),
        columns,
      ),
      ...blank(levels - asks.length),
      ...above.map(rowLine),
      middle(ladder),
      ...below.map(rowLine),
      ...blank(levels - bids.length),
      ...notes,
    ],
    frame,
  );
};

const HEADING = 1;
const MIDDLE = 1;
const MARGIN = ' '.repeat(INDENT);

const emptyBook: Pick<ConsolidatedBook, 'symbol' | 'bids' | 'asks'> = { symbol: '', bids: [], asks: [] };

const partLine = ({ name, link, refusal }: LadderPart, parts: readonly LadderPart[], now: number): Line => {
  const longest = Math.max(...parts.map((part) => part.name.length));
  const line = linkLine(name.padEnd(longest), link, now);
  return refusal === undefined ? line : [...line, span(`  refused: ${printable(refusal)}`, 'warn')];
};

const middle = ({ book, decimals }: BookLadder): Line => {
  if (!book) return [span(`${MARGIN}no depth yet`, 'dim')];
  if (book.sources.length === 0) return [span(`${MARGIN}no source can be believed now`, 'warn')];
  const [halfway, gap, lean] = [mid(book), spread(book), imbalance(Infinity)(book)];
  if (halfway === undefined || gap === undefined) return [span(`${MARGIN}one side is empty`, 'warn')];
  const percent = lean === undefined ? undefined : Math.round(lean * 100);
  return [
    span(`${MARGIN}mid ${halfway.toFixed(decimals + 1)}  spread ${clean(gap).toFixed(decimals)}`, 'strong'),
    span(percent === undefined ? '' : `  imbalance ${percent > 0 ? '+' : ''}${percent}%`),
    span(book.crossed ? '  CROSSED' : book.locked ? '  LOCKED' : '', 'warn'),
  ];
};

/** A bar for each size, the largest of them as long as there is room; none for a size that is not given. */
const barOf = (sizes: readonly number[], room: number, blocks: boolean): ((size: number) => string) => {
  const most = Math.max(...sizes);
  const longest = Math.min(LONGEST_BAR, room);
  return (size) =>
    longest < 1 || size === 0 ? '' : (blocks ? '█' : '#').repeat(Math.max(1, Math.round((size / most) * longest)));
};

const LONGEST_BAR = 40;

const footnotes = (parts: readonly LadderPart[], symbol: string): readonly Line[] => {
  const inLots = parts.filter(({ lots }) => lots).map(({ name }) => name);
  if (inLots.length === 0) return [];
  const isMainland = /\.(SH|SZ|BJ)$/.test(symbol);
  const note = isMainland ? `sizes in shares; those of ${inLots.join(', ')} came in lots of 100` : 'sizes in lots';
  return [[], [span(MARGIN + note, 'dim')]];
};

/** Milliseconds between two books. */
const BEAT = 100;

/** One book of all sources, the latest of it at most ten times a second. */
const booksOf = (levels: number) => (events$: Observable<SourceEvent>) =>
  events$.pipe(
    map(({ event }) => event),
    consolidateDepth({ levels }),
    throttleTime(BEAT, asyncScheduler, { leading: true, trailing: true }),
  );

/** The events, and after them the books that they make. */
export const withBooks = (levels: number) => (events$: Observable<SourceEvent>) =>
  events$.pipe(connect((each$) => merge(each$, each$.pipe(booksOf(levels)))));

type EventOrBook = SourceEvent | ConsolidatedBook;

const isEvent = (value: EventOrBook): value is SourceEvent => 'event' in value;

/** Keeps a ladder on a terminal. Completes when the user quits. */
export const liveLadder = (
  { sources, title, colors, blocks }: Pick<Plan, 'sources' | 'title' | 'colors' | 'blocks'>,
  levels: number,
  io: Pick<Io, 'stdin' | 'stdout'>,
  clock?: Clock,
) =>
  liveScreen<EventOrBook>(
    (start) => {
      let ladder = newLadder(sources, start);
      return {
        watch: tap((value) => {
          ladder = isEvent(value) ? ladderAfter(ladder, value) : ladderShowing(ladder, value);
        }),
        count: (now) => (ladder = ladderCounted(ladder, now)),
        lines: (frame) => renderLadder(ladder, { title, colors, blocks, levels, ...frame }),
      };
    },
    io,
    clock,
  );

/** Writes each book as a line of JSON. */
export const jsonBooks = (out: Output) => (values$: Observable<EventOrBook>) =>
  values$.pipe(
    filter((value) => !isEvent(value)),
    jsonOf(out, identity<EventOrBook>),
  );

/** Writes the top of each book, and the events of the links, as a line for people. */
export const plainBooks = (out: Output) => (values$: Observable<EventOrBook>) =>
  values$.pipe(
    filter((value) => !isEvent(value) || !isMarketEvent(value.event)),
    linesOf(out, (value: EventOrBook) => (isEvent(value) ? plainLine(value.source, value.event) : bookLine(value))),
  );

/** A book as one line for people: `12:00:01.123 600000.SH book 12.3 x 900 (itick 400 + tickflow 500) / …`. */
export const bookLine = (book: ConsolidatedBook): string => {
  const { symbol, bids, asks, locked, crossed, sources, receivedAt } = book;
  const gap = spread(book);
  const lean = imbalance(Infinity)(book);
  return [
    `${clock(receivedAt)} ${symbol} book ${best(bids)} / ${best(asks)}`,
    ...(gap === undefined ? [] : [`spread ${clean(gap)}`]),
    ...(lean === undefined ? [] : [`imbalance ${Math.round(lean * 100)}%`]),
    ...(locked ? ['locked'] : []),
    ...(crossed ? ['crossed'] : []),
    ...(sources.length === 0 ? ['no source'] : []),
  ].join(' ');
};

const best = ([level]: readonly ConsolidatedLevel[]): string => {
  if (!level) return '-';
  const shares = level.sources.map(({ provider, size }) => `${provider} ${sizeText(size)}`);
  return `${clean(level.price)} x ${sizeText(level.size)} (${shares.join(' + ')})`;
};

const sizeText = (size: number | undefined): string => (size === undefined ? '?' : amount(clean(size)));
