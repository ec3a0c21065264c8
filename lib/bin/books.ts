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

/** Keeps a ladder on a terminal. Completes when somebody quits. */
export const liveLadder = (
  { sources, title, colors, blocks }: Pick<Plan, 'sources' | 'title' | 'colors' | 'blocks'>,
  levels: number,
  io: Pick<Io, 'stdin' | 'stdout'>,
) =>
  liveScreen((start) => {
    let ladder = newLadder(sources, start);
    return {
      watch: (heard$) =>
        heard$.pipe(
          tap((heard) => (ladder = ladderHeard(ladder, heard))),
          booksOf(levels),
          tap((book) => (ladder = ladderShowing(ladder, book))),
        ),
      count: (now) => (ladder = ladderCounted(ladder, now)),
      lines: (frame) => renderLadder(ladder, { title, colors, blocks, levels, ...frame }),
    };
  }, io);

/** Writes each book as a line of JSON. */
export const jsonBooks = (out: Output, levels: number) => (heard$: Observable<Heard>) =>
  heard$.pipe(booksOf(levels), jsonOf(out, identity<ConsolidatedBook>));

/** Writes the top of each book, and what is heard of the links, as a line for people. */
export const plainBooks = (out: Output, levels: number) => (heard$: Observable<Heard>) =>
  heard$.pipe(
    connect((each$) =>
      merge(
        each$.pipe(
          filter(({ event }) => !isMarketEvent(event)),
          map(({ source, event }) => plainLine(source, event)),
        ),
        each$.pipe(booksOf(levels), map(bookLine)),
      ),
    ),
    linesOf(out, identity<string>),
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
  const shares = level.sources.map(({ provider, size }) => `${provider} ${amount(clean(size))}`);
  return `${clean(level.price)} x ${amount(clean(level.size))} (${shares.join(' + ')})`;
};
