import { asyncScheduler, delay, map, of, takeUntil, timer, type Observable } from 'rxjs';
import type { HistoryFetch } from '../../lib/history/HistoryFetch.js';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { bbos, depths, trades } from '../../lib/model/topic.js';
import { mutableBook } from '../../lib/operators/depth/mutableBook.js';
import { binance } from '../../lib/providers/binance/index.js';
import { entryLine } from '../../lib/record/format.js';
import { memorySink, parseCassette, record, type FeedConnection } from '../../lib/record/index.js';
import { aDepth } from '../../lib/testing/builders.js';
import { scriptedVendor, type ScriptedVendor } from '../../lib/testing/index.js';
import { atTime } from '../history/atTime.js';
import { entriesOf } from './aTape.js';
import { replayed } from './replayed.js';

const START = Date.UTC(2026, 3, 21, 2);
const [bitcoin, none] = ['BTCUSDT.BA', 'NOPEUSDT.BA'] as const;
const topics = [...trades(bitcoin, none), ...depths(bitcoin, none), ...bbos(bitcoin)];
const LASTS = 30_500;

const feedOf = ({ openSocket, fetch, backoff = () => 730 }: FeedConnection): Observable<FeedEvent> =>
  binance({ topics, openSocket, fetch, backoff }).pipe(takeUntil(timer(LASTS)));

/** An update that cannot follow the last one, whatever that was. */
const hole = (vendor: ScriptedVendor, first: number): void =>
  vendor.act(aDepth({ symbol: bitcoin, type: 'update', sequence: { first, last: first } }));

/** What becomes of some requests, by their number. */
const troubles: ReadonlyMap<number, number> = new Map([
  [3, 503],
  [4, 429],
]);

/** A session with a lost link, holes, an unknown symbol and a REST interface that is slow, fails, and is asked too much; recorded. */
const recorded = (flush: () => void) => {
  const vendor = scriptedVendor('binance', { unserved: trades(none), every: 170 });
  const sink = memorySink();
  const live: FeedEvent[] = [];
  let requests = 0;
  const fetch: HistoryFetch = (url) => {
    requests += 1;
    const trouble = troubles.get(requests);
    if (trouble === undefined) return vendor.fetch(url).pipe(delay(41));
    const headers = { get: (name: string) => (trouble === 429 && name === 'retry-after' ? '2' : null) };
    return timer(23).pipe(
      map(() => ({ status: trouble, headers, text: () => of('{"code":-1003,"msg":"Too many requests queued."}') })),
    );
  };
  record(feedOf, sink, { openSocket: vendor.openSocket, fetch }).subscribe((event) => live.push(event));
  asyncScheduler.schedule(() => hole(vendor, 10_000), 6_011);
  asyncScheduler.schedule(() => vendor.drop(), 12_013);
  asyncScheduler.schedule(() => hole(vendor, 20_000), 19_017);
  flush();
  return { live, cassette: sink.cassette(), requests };
};

/** A tape does not hold the attempt that follows its last loss. */
const bytesOf = (events: readonly FeedEvent[]): string => events.map((event) => JSON.stringify(event)).join('\n');

describe('a tape of Binance', () => {
  it(
    'holds the snapshots of REST: its books are mended from it byte for byte, and the network is asked nothing',
    atTime(START, (flush) => {
      const { live, cassette, requests } = recorded(flush);
      const book = mutableBook();
      let holes = 0;
      for (const event of live) {
        if (event.kind !== 'depth') continue;
        const wasValid = book.isValid();
        book.apply(event);
        if (wasValid && !book.isValid()) holes += 1;
      }
      expect([holes, book.isValid()]).toEqual([2, true]);
      expect(live.filter((event) => event.kind === 'depth' && event.type === 'snapshot')).toHaveLength(4);
      expect(live.flatMap((event) => (event.kind === 'refused' ? event.topics : []))).toHaveLength(2);
      expect(requests).toBeGreaterThan(6);

      const text = entriesOf(cassette).map(entryLine).join('\n');
      const network = jest.spyOn(globalThis, 'fetch').mockImplementation(() => {
        throw new Error('no network');
      });
      try {
        for (const [tape, speed] of [
          [cassette, Infinity],
          [parseCassette(text), Infinity],
          [parseCassette(text), 20],
        ] as const) {
          expect(bytesOf(replayed(flush, tape, feedOf, { speed }))).toBe(bytesOf(live));
        }
        expect(network).not.toHaveBeenCalled();
      } finally {
        network.mockRestore();
      }
    }),
  );
});
