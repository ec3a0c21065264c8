import { asyncScheduler, connect, filter, identity, map, merge, tap, throttleTime, type Observable } from 'rxjs';
import {
  consolidateDepth,
  imbalance,
  isMarketEvent,
  spread,
  type ConsolidatedBook,
  type ConsolidatedLevel,
} from '../index.js';
import { amount, clean, clock } from './format.js';
import type { Clock } from './Clock.js';
import type { Io, Output } from './Io.js';
import { ladderCounted, ladderHeard, ladderShowing, newLadder } from './ladderBoard.js';
import { jsonOf, linesOf } from './lines.js';
import { liveScreen } from './liveScreen.js';
import type { Heard } from './openSource.js';
import type { Plan } from './Plan.js';
import { plainLine } from './plainLine.js';
import { renderLadder } from './renderLadder.js';

/** Milliseconds between two books. */
const BEAT = 100;

/** One book of all sources, the latest of it at most ten times a second. */
const booksOf = (levels: number) => (heard$: Observable<Heard>) =>
  heard$.pipe(
    map(({ event }) => event),
    consolidateDepth({ levels }),
    throttleTime(BEAT, asyncScheduler, { leading: true, trailing: true }),
  );

/** What is heard, and after it the books that it makes. */
export const withBooks = (levels: number) => (heard$: Observable<Heard>) =>
  heard$.pipe(connect((each$) => merge(each$, each$.pipe(booksOf(levels)))));

type HeardOrBook = Heard | ConsolidatedBook;

const isHeard = (value: HeardOrBook): value is Heard => 'event' in value;

/** Keeps a ladder on a terminal. Completes when somebody quits. */
export const liveLadder = (
  { sources, title, colors, blocks }: Pick<Plan, 'sources' | 'title' | 'colors' | 'blocks'>,
  levels: number,
  io: Pick<Io, 'stdin' | 'stdout'>,
  clock?: Clock,
) =>
  liveScreen<HeardOrBook>(
    (start) => {
      let ladder = newLadder(sources, start);
      return {
        watch: tap((value) => {
          ladder = isHeard(value) ? ladderHeard(ladder, value) : ladderShowing(ladder, value);
        }),
        count: (now) => (ladder = ladderCounted(ladder, now)),
        lines: (frame) => renderLadder(ladder, { title, colors, blocks, levels, ...frame }),
      };
    },
    io,
    clock,
  );

/** Writes each book as a line of JSON. */
export const jsonBooks = (out: Output) => (values$: Observable<HeardOrBook>) =>
  values$.pipe(
    filter((value) => !isHeard(value)),
    jsonOf(out, identity<HeardOrBook>),
  );

/** Writes the top of each book, and what is heard of the links, as a line for people. */
export const plainBooks = (out: Output) => (values$: Observable<HeardOrBook>) =>
  values$.pipe(
    filter((value) => !isHeard(value) || !isMarketEvent(value.event)),
    linesOf(out, (value: HeardOrBook) => (isHeard(value) ? plainLine(value.source, value.event) : bookLine(value))),
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
