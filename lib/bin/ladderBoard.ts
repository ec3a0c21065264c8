import { isMarketEvent, type ConsolidatedBook, type FeedEvent } from '../index.js';
import { decimalsOf } from './format.js';
import { linkAfter, linkCounted, newLink, type Link } from './link.js';
import type { Heard } from './openSource.js';
import type { Source } from './Plan.js';

/** One source of a ladder. */
export interface LadderPart {
  readonly name: string;
  /** Whose levels are its own. */
  readonly provider: string;
  readonly link: Link;
  /** The vendor's words, when it refused the symbol. */
  readonly refusal?: string | undefined;
  /** Whether it counts in lots. */
  readonly lots: boolean;
}

/** What is known of a ladder. */
export interface Ladder {
  readonly parts: readonly LadderPart[];
  readonly book?: ConsolidatedBook;
  /** The most levels that a side has had so far. */
  readonly deepest: number;
  /** The most that any price so far needed. */
  readonly decimals: number;
}

/** A ladder of which nothing is known yet. */
export const newLadder = (sources: readonly Pick<Source, 'name' | 'vendor'>[], now: number): Ladder => ({
  parts: sources.map(({ name, vendor }) => ({ name, provider: vendor, link: newLink(now), lots: false })),
  deepest: 0,
  decimals: 0,
});

/** The ladder after a source was heard. */
export const ladderHeard = (ladder: Ladder, { source, event }: Heard): Ladder => ({
  ...ladder,
  parts: ladder.parts.map((part) => (part.name === source ? partAfter(part, event) : part)),
});

const partAfter = (part: LadderPart, event: FeedEvent): LadderPart => {
  const link = linkAfter(part.link, event);
  if (event.kind === 'refused') return { ...part, link, refusal: event.reason };
  return { ...part, link, lots: part.lots || (isMarketEvent(event) && isInLots(event)) };
};

const isInLots = (event: FeedEvent): boolean => 'sizeUnit' in event && event.sizeUnit === 'lots';

/** The ladder with another book. */
export const ladderShowing = (ladder: Ladder, book: ConsolidatedBook): Ladder => ({
  ...ladder,
  book,
  deepest: Math.max(ladder.deepest, book.bids.length, book.asks.length),
  decimals: [...book.bids, ...book.asks].reduce(
    (most, { price }) => Math.max(most, decimalsOf(price)),
    ladder.decimals,
  ),
});

/** The ladder with the rates of its links counted anew. */
export const ladderCounted = (ladder: Ladder, now: number): Ladder => ({
  ...ladder,
  parts: ladder.parts.map((part) => ({ ...part, link: linkCounted(part.link, now) })),
});
