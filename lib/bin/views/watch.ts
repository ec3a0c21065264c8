import { tap } from 'rxjs';
import {
  isLevel,
  isMarketEvent,
  type Channel,
  type FeedEvent,
  type Kline,
  type Level,
  type MarketEvent,
  type Quote,
  type RollingFigures,
  type SizeUnit,
} from '../../index.js';
import { age, amount, clean, decimalsOf, percent } from '../format.js';
import { framed, header, span, type Frame, type Line, type TextSpan } from '../line.js';
import type { Plan, Source } from '../Plan.js';
import type { SourceEvent } from '../sources.js';
import { INDENT, newParts, placed, tableLines, type Column, type Parts, type TablePart } from '../table.js';
import { wholeBooks } from './wholeBooks.js';
import { liveScreen, type Clock, type Io } from '../terminal.js';

/** What is known of one symbol of one source. */
interface WatchRow {
  readonly symbol: string;
  readonly last?: number | undefined;
  /** What the change is measured from. */
  readonly reference?: { readonly price: number; readonly since: 'close' | 'open' } | undefined;
  /** Of the last hours, where the vendor counts no day. */
  readonly rolling?: RollingFigures | undefined;
  /** Of the day. */
  readonly volume?: number | undefined;
  /** Of the last trade. */
  readonly size?: number | undefined;
  readonly bid?: Level | undefined;
  readonly ask?: Level | undefined;
  readonly sizeUnit?: SizeUnit | undefined;
  readonly bar?: Kline | undefined;
  /** The most that any price so far needed. */
  readonly decimals: number;
  /** When its last event arrived, epoch milliseconds. */
  readonly updatedAt?: number | undefined;
  /** The reason of the vendor, when it refused the symbol. */
  readonly refusal?: string | undefined;
}

export const newRow = (symbol: string): WatchRow => ({ symbol, decimals: 0 });

/** The row after an event of its symbol. */
export const rowAfter = (row: WatchRow, event: MarketEvent): WatchRow => {
  const { receivedAt: updatedAt } = event;
  const sizeUnit = event.kind === 'kline' ? row.sizeUnit : (event.sizeUnit ?? row.sizeUnit);
  switch (event.kind) {
    case 'quote': {
      const { last, high, low, volume = row.volume, rolling = row.rolling } = event;
      const decimals = widest(row.decimals, [last, high, low]);
      const reference = referenceAfter(row.reference, event);
      return { ...row, updatedAt, sizeUnit, decimals, last, reference, volume, rolling };
    }
    case 'trade': {
      const { price: last, size = row.size, volume = row.volume } = event;
      return { ...row, updatedAt, sizeUnit, decimals: widest(row.decimals, [last]), last, size, volume };
    }
    case 'depth': {
      const bid = there(event.bids);
      const ask = there(event.asks);
      return { ...row, updatedAt, sizeUnit, decimals: widest(row.decimals, [bid?.price, ask?.price]), bid, ask };
    }
    case 'bbo': {
      const bid = event.bid && isLevel(event.bid) ? event.bid : undefined;
      const ask = event.ask && isLevel(event.ask) ? event.ask : undefined;
      return { ...row, updatedAt, sizeUnit, decimals: widest(row.decimals, [bid?.price, ask?.price]), bid, ask };
    }
    case 'kline': {
      const { open, high, low, close: last } = event;
      return { ...row, updatedAt, sizeUnit, decimals: widest(row.decimals, [open, high, low, last]), last, bar: event };
    }
  }
};

/** The previous close, once one was seen, or else the open; a vendor sends zero for neither. */
const referenceAfter = (before: WatchRow['reference'], { previousClose, open }: Quote): WatchRow['reference'] => {
  if (previousClose) return { price: previousClose, since: 'close' };
  return open && before?.since !== 'close' ? { price: open, since: 'open' } : before;
};

/** The best level; rows of price or size zero stand for an empty level. */
const there = (side: readonly Level[]): Level | undefined => side.find(isLevel);

const widest = (decimals: number, prices: readonly (number | undefined)[]): number => {
  let most = decimals;
  for (const price of prices) {
    // A price that the decimals so far can write is the common case, and costs no text.
    if (price !== undefined && !fits(price, most)) most = Math.max(most, decimalsOf(price));
  }
  return most;
};

const fits = (price: number, decimals: number): boolean => {
  const scaled = price * 10 ** decimals;
  return Math.abs(scaled - Math.round(scaled)) < 1e-9 * Math.max(1, Math.abs(scaled));
};

/** The day's, or that of the last hours, which says so. */
const volume = ({ volume: ofDay, rolling }: WatchRow): TextSpan =>
  ofDay === undefined && rolling?.volume !== undefined
    ? span(`${rolling.hours}h ${amount(clean(rolling.volume))}`)
    : count(ofDay);

/** One column of the board. */
interface BoardColumn extends Column<WatchRow> {
  /** The channels that fill it; always there when absent. */
  readonly from?: readonly Channel[];
  /** Whether it stays away until there is something in it: some vendors never send it. */
  readonly rare?: boolean;
  /** Whether a star in it wants a footnote. */
  readonly marks?: boolean;
}

const nothing = span('-', 'dim');

const price = (value: number | undefined, { decimals }: WatchRow): TextSpan =>
  value === undefined ? nothing : span(value.toFixed(decimals));

const count = (value: number | undefined): TextSpan => (value === undefined ? nothing : span(amount(clean(value))));

const change = ({ last, reference, rolling }: WatchRow): TextSpan => {
  const from = reference?.price ?? rolling?.open;
  if (last === undefined || !from) return span('- ', 'dim');
  const text = percent(from, last);
  const tone = text.startsWith('+') ? 'up' : text.startsWith('-') ? 'down' : undefined;
  return span(reference ? text + (reference.since === 'open' ? '*' : ' ') : `${rolling?.hours}h ${text} `, tone);
};

const right = (
  heading: string,
  rank: number,
  width: number,
  cell: BoardColumn['cell'],
  ...from: Channel[]
): BoardColumn => ({
  heading,
  rank,
  width,
  side: 'right',
  cell,
  ...(from.length > 0 && { from }),
});

const all: readonly BoardColumn[] = [
  { heading: 'SYMBOL', rank: 0, width: 9, side: 'left', cell: ({ symbol }) => span(symbol, 'strong') },
  right('LAST', 1, 8, (row) => price(row.last, row), 'quote', 'trade', 'kline'),
  { ...right('CHANGE ', 2, 8, change, 'quote'), marks: true },
  { ...right('SIZE', 7, 6, (row) => count(row.size), 'trade'), rare: true },
  right('BID SIZE', 8, 8, (row) => count(row.bid?.size), 'depth', 'bbo'),
  right('BID', 4, 8, (row) => price(row.bid?.price, row), 'depth', 'bbo'),
  right('ASK', 4, 8, (row) => price(row.ask?.price, row), 'depth', 'bbo'),
  right('ASK SIZE', 8, 8, (row) => count(row.ask?.size), 'depth', 'bbo'),
  right('VOLUME', 6, 11, volume, 'quote', 'trade'),
  right('BAR OPEN', 12, 8, (row) => price(row.bar?.open, row), 'kline'),
  right('HIGH', 10, 8, (row) => price(row.bar?.high, row), 'kline'),
  right('LOW', 10, 8, (row) => price(row.bar?.low, row), 'kline'),
  right('BAR VOL', 13, 8, (row) => count(row.bar?.volume), 'kline'),
  right('AGE', 5, 3, ({ updatedAt }, now) => (updatedAt === undefined ? nothing : span(age(now - updatedAt)))),
];

/** The columns that have something to say of what is watched. */
const columns = (rows: readonly WatchRow[], channels: ReadonlySet<Channel>, now: number): readonly BoardColumn[] =>
  all.filter(
    ({ from, rare, cell }) =>
      (!from || from.some((channel) => channels.has(channel))) &&
      (!rare || rows.some((row) => cell(row, now) !== nothing)),
  );

/** One source on the board. */
type RowPart = TablePart<WatchRow>;

/** Everything that is known, and how it changes. */
type Board = Omit<Parts<WatchRow>, 'change'>;

/** A board with a row for all that is asked for. */
export const newBoard = (sources: readonly Pick<Source, 'name' | 'topics'>[], now: number): Board => {
  const { parts, accept, change, count } = newParts(sources, now, newRow);
  const whole = wholeBooks();
  return {
    parts,
    accept: (source: string, said: FeedEvent) => {
      const event = whole(source, said);
      accept(source, event);
      if (isMarketEvent(event)) change(source, event.symbol, (row) => rowAfter(row, event));
    },
    count,
  };
};

export interface WatchView extends Frame {
  readonly channels: ReadonlySet<Channel>;
}

/** The board as lines for a terminal, as many and as wide as it can show. */
export const renderBoard = (parts: readonly RowPart[], view: WatchView): readonly string[] => {
  const { channels, width, now } = view;
  const rows = parts.flatMap((part) => [...part.rows.values()]);
  const shown = placed(columns(rows, channels, now), rows, now, width - INDENT);
  return framed([header(view), [], ...tableLines(parts, shown, now), ...footnotes(parts, shown)], view);
};

const footnotes = (parts: readonly RowPart[], shown: readonly BoardColumn[]): readonly Line[] => {
  const rows = parts.flatMap(({ name, rows: own }) => [...own.values()].map((row) => ({ name, ...row })));
  const sinceOpen = shown.some(({ marks }) => marks) && rows.some(({ reference }) => reference?.since === 'open');
  const lots = rows.filter(({ sizeUnit }) => sizeUnit === 'lots').map(({ name, symbol }) => `${name} ${symbol}`);
  return [
    ...(sinceOpen ? ['* since the open: the vendor sends no previous close'] : []),
    ...(lots.length > 0 ? [`sizes in lots, not shares: ${lots.join(', ')}`] : []),
  ].map((text) => [span(`  ${text}`, 'dim')]);
};

/** Keeps a table of all that is watched on a terminal. Completes when the user quits. */
export const liveTable = (
  { sources, title, colors }: Pick<Plan, 'sources' | 'title' | 'colors'>,
  io: Pick<Io, 'stdin' | 'stdout'>,
  clock?: Clock,
) =>
  liveScreen(
    (now) => {
      const board = newBoard(sources, now);
      const channels = new Set(sources.flatMap(({ topics }) => topics.map(({ channel }) => channel)));
      return {
        watch: tap<SourceEvent>(({ source, event }) => board.accept(source, event)),
        count: board.count,
        lines: (frame) => renderBoard(board.parts(), { title, colors, channels, ...frame }),
      };
    },
    io,
    clock,
  );
