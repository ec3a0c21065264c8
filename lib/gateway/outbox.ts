import { asapScheduler, asyncScheduler, Subscription } from 'rxjs';
import { feedNameOf, type FeedEvent } from '../model/feedEvent.js';
import { writeEvents } from '../nats/wire.js';
import { writeBeat, writeGap } from './wire.js';

/** The way to a client. */
export interface Line {
  readonly send: (text: string, sent: () => void) => void;
  /** How many bytes were handed to it that have not left yet. */
  readonly buffered: () => number;
}

/** How much may wait for a client. */
export interface Bounds {
  /** In bytes: with more on its way the client is slow, and its data wait here. */
  readonly maxBuffered: number;
  /** How many events wait here at most, one of each topic where only the last counts. */
  readonly maxWaiting: number;
}

/** What waits, and what it stands for. */
interface Waiting {
  readonly event: FeedEvent;
  readonly merged: number;
  readonly firstAt: number;
}

/** A message has no more events. */
const MOST = 500;

/**
 * Sends events to one client, one message in each turn of the event loop. While the client is slow, a quote, best prices, a bar and a whole
 * book give way to the next one of their topic, which says so as that of `conflate` does: `merged`, `firstAt`, `lastAt`. Trades and changes
 * of a book wait. When too much waits, all of it is dropped, and so is what comes until there is room again: then `onRoom` begins anew.
 */
export const outbox = (line: Line, { maxBuffered, maxWaiting }: Bounds, onRoom: () => void) => {
  const waiting = new Map<unknown, Waiting>();
  let lost = 0;
  let lostInAll = 0;
  let conflated = 0;
  /** When nothing waited last. */
  let agreedAt = asyncScheduler.now();
  let isCut = false;
  let turn = Subscription.EMPTY;

  const isFull = (): boolean => line.buffered() > maxBuffered;
  const schedule = (): void => {
    if (turn.closed) turn = asapScheduler.schedule(flush);
  };
  const cut = (): void => {
    lost += countOf(waiting.values());
    waiting.clear();
    isCut = true;
  };

  function flush(): void {
    turn.unsubscribe();
    while (waiting.size > 0 && !isFull()) {
      const events: FeedEvent[] = [];
      for (const [key, one] of waiting) {
        waiting.delete(key);
        events.push(written(one));
        if (events.length >= MOST) break;
      }
      line.send(writeEvents(events), pump);
    }
    if (waiting.size === 0 && !isCut) agreedAt = asyncScheduler.now();
  }

  /** Goes on when something has left. */
  function pump(): void {
    if (isCut && !isFull()) {
      isCut = false;
      line.send(writeGap(lost, agreedAt), pump);
      lostInAll += lost;
      lost = 0;
      onRoom();
    }
    if (waiting.size > 0) schedule();
  }

  /** Says what time it is: the client has all that came before, so it is not said over the head of what waits. */
  function beat(): void {
    pump();
    flush();
    if (waiting.size === 0 && !isFull()) line.send(writeBeat(asyncScheduler.now()), pump);
  }

  return {
    add: (event: FeedEvent): void => {
      if (isCut) {
        lost += 1;
        return;
      }
      // A client that keeps up gets every event.
      const key = (isFull() && keyOf(event)) || {};
      const before = waiting.get(key);
      if (before) {
        waiting.delete(key);
        conflated += 1;
      }
      waiting.set(key, {
        event,
        merged: (before?.merged ?? 0) + 1,
        firstAt: before?.firstAt ?? event.receivedAt,
      });
      if (waiting.size > maxWaiting) cut();
      else schedule();
    },
    beat,
    /** Makes a gap in which nothing is lost that waits: the feed begins anew. */
    begin: (): void => {
      flush();
      isCut = true;
      pump();
    },
    facts: () => ({ conflated, lost: lostInAll + lost, waiting: waiting.size }),
    drop: (): void => {
      turn.unsubscribe();
      waiting.clear();
    },
    /** Says what waits, whatever the client can take: it is the last. */
    end: (text: string): void => {
      flush();
      line.send(text, () => undefined);
    },
  };
};

const countOf = (all: Iterable<Waiting>): number => {
  let count = 0;
  for (const { merged } of all) count += merged;
  return count;
};

/** What may give way to what; undefined for what has to be said. */
const keyOf = (event: FeedEvent): string | undefined => {
  switch (event.kind) {
    case 'bbo':
      return `bbo ${feedNameOf(event)} ${event.symbol}`;
    case 'quote':
      return `quote ${feedNameOf(event)} ${event.symbol}`;
    case 'depth':
      return event.type === 'snapshot' ? `depth ${feedNameOf(event)} ${event.symbol}` : undefined;
    case 'kline':
      return event.closed || event.source === 'backfill'
        ? undefined
        : `kline ${event.interval} ${feedNameOf(event)} ${event.symbol}`;
    default:
      return undefined;
  }
};

const written = ({ event, merged, firstAt }: Waiting): FeedEvent =>
  merged === 1 ? event : Object.assign({}, event, { merged, firstAt, lastAt: event.receivedAt });
