import * as fc from 'fast-check';
import { Subject } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import type { Depth } from '../../lib/model/marketEvent.js';
import { depths } from '../../lib/model/topic.js';
import { orderBook } from '../../lib/operators/depth/orderBook.js';
import { shareFeed } from '../../lib/share/shareFeed.js';
import { aDepth } from '../../lib/testing/builders.js';
import { connected, disconnected } from './linkEvents.js';

const topics = depths('AAPL.US');
const link = { ...connected, receivedAt: 0 };

const side = fc.uniqueArray(fc.record({ price: fc.integer({ min: 1, max: 9 }), size: fc.nat(3) }), {
  selector: ({ price }) => price,
  maxLength: 5,
});
/** Some have no numbers, some skip one, some come twice, some cover several; some name the one before. */
const tape = fc
  .array(
    fc.record({
      type: fc.constantFrom('update', 'update', 'snapshot'),
      bids: side,
      asks: side,
      step: fc.nat(5),
      width: fc.nat(2),
    }),
    {
      maxLength: 12,
    },
  )
  .chain((some) => fc.tuple(fc.constant(some), fc.constantFrom('none', 'range', 'chain')))
  .map(([some, numbers]) => {
    let last = 0;
    return some.map(({ type, bids, asks, step, width }, i): Depth => {
      const first = last + (step < 4 ? 1 : step - 4);
      const previous = first - 1;
      last = first + width;
      const sequence = numbers === 'range' ? { first, last } : { previous, last };
      const sorted = {
        bids: [...bids].sort((a, b) => b.price - a.price),
        asks: [...asks].sort((a, b) => a.price - b.price),
      };
      const kind = type === 'snapshot' ? 'snapshot' : 'update';
      return aDepth({ type: kind, ...sorted, receivedAt: i + 1, ...(numbers !== 'none' && { sequence }) });
    });
  });

/** The levels of the book that a watcher has who joins after so many events. */
const bookOf = (events: readonly FeedEvent[], joins: number) => {
  const feed$ = new Subject<FeedEvent>();
  const { watch } = shareFeed(() => feed$);
  watch(topics).subscribe();
  let levels: unknown;
  events.forEach((event, i) => {
    if (i === joins) {
      watch(topics)
        .pipe(orderBook())
        .subscribe(({ bids, asks, valid }) => (levels = valid ? { bids, asks } : undefined));
    }
    feed$.next(event);
  });
  return levels;
};

describe('a late joiner of a book that is sent in updates', () => {
  it('has the book of those who were there from the start', () => {
    fc.assert(
      fc.property(tape, fc.nat(12), (some, at) => {
        const last = aDepth({ type: 'update', bids: [{ price: 5, size: 9 }], asks: [], receivedAt: 99 });
        const events = [link, ...some, last];
        const joins = Math.min(at + 1, events.length - 1);
        expect(bookOf(events, joins)).toEqual(bookOf(events, 0));
      }),
      { numRuns: 500 },
    );
  });

  it('waits for a snapshot after a lost link', () => {
    const events = [
      link,
      aDepth({ receivedAt: 1 }),
      aDepth({ type: 'update', receivedAt: 2 }),
      { ...disconnected, receivedAt: 3 },
      { ...connected, receivedAt: 4 },
      aDepth({ type: 'update', receivedAt: 5 }),
      aDepth({ type: 'update', receivedAt: 6 }),
    ];
    expect(bookOf(events, 5)).toBeUndefined();
    expect(bookOf(events, 6)).toBeUndefined();
    const again = aDepth({ receivedAt: 7, bids: [{ price: 1, size: 1 }], asks: [] });
    expect(bookOf([...events, again], 6)).toEqual({ bids: again.bids, asks: [] });
  });

  it('gets the last snapshot itself where the vendor sends no updates', () => {
    const feed$ = new Subject<FeedEvent>();
    const { watch } = shareFeed(() => feed$);
    watch(topics).subscribe();
    const snapshot = aDepth({ receivedAt: 1 });
    feed$.next(snapshot);
    const heard: FeedEvent[] = [];
    watch(topics).subscribe((event) => heard.push(event));
    expect(heard[0]).toBe(snapshot);
  });
});
