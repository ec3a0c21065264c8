import { asyncScheduler, Subscription } from 'rxjs';
import { waitAfter } from '../../history/calls.js';
import { isHistoryRefused, isTooFast } from '../../history/errors.js';
import type { FeedEvent, Recovered } from '../../model/feedEvent.js';
import type { Trade } from '../../model/marketEvent.js';
import { canonicalSymbol } from '../../model/symbol.js';
import { reasonOf } from '../backfill/rows.js';
import { countOf, without, type Ids } from './ids.js';
import type { AskTrades } from './tradeCalls.js';

/** Closes the holes in the numbers of one symbol of a feed. */
export interface TradeHoles {
  readonly symbol: string;
  /** Another feed of the vendor goes on with it. */
  readonly goOnAs: (feed: string) => void;
  /** A trade came, and was passed on. */
  readonly accept: (trade: Trade) => void;
  /** Gives up what is not recovered. */
  readonly end: (reason: string) => void;
  /** Asks no more, and says nothing. */
  readonly stop: () => void;
}

export interface RecoverTradesSettings {
  readonly maxHole: number;
  readonly attempts: number;
}

/** Whose trades are recovered, in the words of what comes live. */
type Instrument = Pick<Trade, 'provider' | 'feed' | 'symbol'>;

interface Hole {
  readonly fromId: number;
  readonly toId: number;
  /** How many of its oldest are not asked for, as it is too large. */
  readonly skipped: number;
  /** What is asked for and is not there yet, lowest first. */
  missing: readonly Ids[];
  trades: number;
  attempts: number;
  /** The request, or the wait for the next one; undefined before the first. */
  work: Subscription | undefined;
}

/** No more holes of a symbol wait. */
const MOST = 100;
/** An id that is so far below, though its trade is later, is one of a vendor that began anew: below half, within these. */
const NEAR = 1_000;
const FAR = 1_000_000;

export const tradeHoles = (
  ask: AskTrades,
  { maxHole, attempts: most }: RecoverTradesSettings,
  { provider, feed, symbol }: Instrument,
  emit: (event: FeedEvent) => void,
): TradeHoles => {
  let facts = { provider, feed: feed ?? provider, symbol };
  const key = canonicalSymbol(symbol);
  /** Oldest first: they are recovered one after the other. */
  let holes: readonly Hole[] = [];
  /** The highest id so far, and the time of its trade. */
  let highest: number | undefined;
  let at = -Infinity;

  const say = ({ fromId, toId, skipped, missing, trades, attempts }: Hole, why: string | undefined): void => {
    const lacking = countOf(missing) + skipped;
    const tooLarge = `the hole is larger than ${maxHole} trades: its oldest ${skipped} are not asked for; give a larger \`maxHole\``;
    const reasons = [skipped > 0 ? tooLarge : '', countOf(missing) > 0 ? (why ?? '') : ''];
    const reason = reasons.filter((text) => text !== '').join('; ');
    const event: Recovered = {
      kind: 'recovered',
      ...facts,
      receivedAt: asyncScheduler.now(),
      fromId,
      toId,
      outcome: lacking === 0 ? 'whole' : lacking > toId - fromId ? 'none' : 'partial',
      trades,
      attempts,
      ...(reason !== '' && { reason }),
    };
    emit(event);
  };

  const end = (hole: Hole, why?: string): void => {
    holes = holes.filter((other) => other !== hole);
    hole.work?.unsubscribe();
    say(hole, why);
    const [next] = holes;
    if (next && !next.work) request(next);
  };

  const request = (hole: Hole): void => {
    const [fromId, toId] = [hole.missing[0]?.first, hole.missing.at(-1)?.last];
    if (fromId === undefined || toId === undefined) return end(hole);
    const work = new Subscription();
    hole.work = work;
    hole.attempts += 1;
    work.add(
      ask({ symbol, fromId, toId }).subscribe({
        next: (trade) => take(hole, trade),
        error: (error: unknown) => again(hole, reasonOf(error), isHistoryRefused(error) && !isTooFast(error)),
        complete: () => again(hole, `the history lacks ${countOf(hole.missing)} of the trades`, false),
      }),
    );
  };

  const again = (hole: Hole, why: string, isFinal: boolean): void => {
    if (!holes.includes(hole)) return;
    if (hole.missing.length === 0 || isFinal || hole.attempts >= most) return end(hole, why);
    hole.work = asyncScheduler.schedule(() => request(hole), waitAfter(hole.attempts));
  };

  /** A history may say more than it was asked for, and again what it said before it failed. */
  const take = (hole: Hole, said: Trade): void => {
    // What is given up is not wanted any more, though it may be on its way.
    if (!holes.includes(hole) || said.id === undefined || canonicalSymbol(said.symbol) !== key) return;
    const missing = without(hole.missing, said.id);
    if (missing === hole.missing) return;
    hole.missing = missing;
    hole.trades += 1;
    emit({ ...said, ...facts, receivedAt: asyncScheduler.now() });
    // Whoever hears of it may have left.
    if (missing.length === 0 && holes.includes(hole)) end(hole);
  };

  const open = (fromId: number, toId: number): void => {
    const first = Math.max(fromId, toId - maxHole + 1);
    const hole: Hole = {
      fromId,
      toId,
      skipped: first - fromId,
      missing: [{ first, last: toId }],
      trades: 0,
      attempts: 0,
      work: undefined,
    };
    holes = [...holes, hole];
    if (holes.length === 1) request(hole);
    const [, waiting] = holes;
    if (waiting && holes.length > MOST) end(waiting, `more than ${MOST} holes of ${symbol} are open`);
  };

  /** A trade that is behind may be one of a hole, that came late. */
  const late = (id: number): void => {
    for (const hole of holes) {
      const missing = without(hole.missing, id);
      if (missing === hole.missing) continue;
      hole.missing = missing;
      if (missing.length === 0) end(hole);
      return;
    }
  };

  const endAll = (why: string): void => {
    const ending = holes;
    holes = [];
    for (const hole of ending) end(hole, why);
  };

  return {
    symbol,
    goOnAs: (other) => {
      facts = { ...facts, feed: other };
    },
    accept: ({ id, time }) => {
      if (id === undefined || !Number.isSafeInteger(id) || id < 0) return;
      if (highest === undefined || id === highest + 1) {
        highest = id;
        at = time;
      } else if (id > highest) {
        const first = highest + 1;
        highest = id;
        at = time;
        open(first, id - 1);
      } else if (isFarBelow(id, highest) && time > at) {
        highest = id;
        at = time;
        endAll('the vendor numbers its trades anew');
      } else late(id);
    },
    end: endAll,
    stop: () => {
      const stopping = holes;
      holes = [];
      for (const { work } of stopping) work?.unsubscribe();
    },
  };
};

const isFarBelow = (id: number, highest: number): boolean => highest - id > Math.min(FAR, Math.max(NEAR, highest / 2));
