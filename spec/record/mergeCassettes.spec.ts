import fc from 'fast-check';
import { asyncScheduler, merge, takeUntil, timer } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { quotes } from '../../lib/model/topic.js';
import { tickflow } from '../../lib/providers/tickflow/index.js';
import {
  memorySink,
  mergeCassettes,
  parseCassette,
  record,
  replay,
  type Cassette,
  type Entry,
  type FeedConnection,
} from '../../lib/record/index.js';
import { cassetteOf } from '../../lib/record/sinks.js';
import { fakeNetwork } from '../../lib/testing/fakeNetwork.js';
import { marbles } from '../../lib/testing/marbles.js';
import { recording } from './anEntry.js';
import { entriesOf, feed, recordedLive, TOKEN, welcome } from './aTape.js';
import { read } from './files/aFolder.js';

/** The same cassette, from somewhere that has to be waited for. */
const elsewhere = ({ name, blocks }: Cassette): Cassette => ({
  name,
  async *blocks(...only) {
    for (const block of blocks(...only) as Iterable<readonly Entry[]>) {
      await Promise.resolve();
      yield block;
      yield [];
    }
  },
});

const sorted = (entries: readonly Entry[]): readonly Entry[] => [...entries].sort((a, b) => a.wall - b.wall);
/** By clocks that agree. */
const timed = (entries: readonly Entry[]): readonly Entry[] => {
  const beganAt = entries[0]?.wall ?? 0;
  return entries.map((entry) => ({ ...entry, mono: entry.wall - beganAt }));
};
const kinds = (entries: readonly Entry[]): readonly string[] => entries.map(({ what }) => what).sort();

describe('mergeCassettes', () => {
  const inOrder = recording
    .map(sorted)
    .map(timed)
    .map((entries) => cassetteOf(entries));

  it('holds the entries of all, in the order of their times, wherever they come from', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(inOrder, { maxLength: 3 }), async (cassettes) => {
        const merged = entriesOf(mergeCassettes(...cassettes));
        expect(merged).toEqual(sorted(merged));
        expect(kinds(merged)).toEqual(kinds(cassettes.flatMap(entriesOf)));
        expect(await read(mergeCassettes(...cassettes.map(elsewhere)))).toEqual(merged);
      }),
      { numRuns: 50 },
    );
  });

  it('hands on a long cassette in blocks, and reads no further than it is asked', async () => {
    const ping = (wall: number): Entry => ({ what: 'ping', wall, mono: wall, connection: 1 });
    const entries = Array.from({ length: 1_000 }, (_, wall) => ping(wall));
    const merged = mergeCassettes(cassetteOf(entries), cassetteOf(entries));
    const blocks = [...(merged.blocks() as Iterable<readonly Entry[]>)];
    expect(blocks.map(({ length }) => length)).toEqual([256, 256, 256, 256, 256, 256, 256, 208]);
    expect(blocks.flat().map(({ wall }) => wall)).toEqual(Array.from({ length: 2_000 }, (_, i) => Math.floor(i / 2)));

    let handed = 0;
    const counted: Cassette = {
      name: 'counted',
      async *blocks() {
        for (const entry of entries) {
          handed += 1;
          yield await Promise.resolve([entry]);
        }
      },
    };
    for await (const block of mergeCassettes(counted).blocks()) {
      expect(block).toHaveLength(256);
      break;
    }
    expect(handed).toBe(257);
  });

  it('keeps connections apart that have one number', () => {
    const one = parseCassette(
      '{"rxtape":1,"wall":1,"mono":0,"standing":[]}\n["connect",2,0,1,"wss://a"]\n["open",4,0,1]\n',
      { name: 'one' },
    );
    const other = parseCassette(
      '{"rxtape":1,"wall":3,"mono":0,"standing":[{"connection":1,"url":"wss://b","open":true,"greeting":["hi"]}]}\n["ping",5,0,1]\n',
      { name: 'other' },
    );
    const merged = mergeCassettes(one, other);
    expect(merged.name).toBe('one + other');
    expect(entriesOf(merged)).toEqual([
      { what: 'start', wall: 1, mono: 0, standing: [] },
      { what: 'connect', wall: 2, mono: 1, connection: 2, url: 'wss://a' },
      {
        what: 'start',
        wall: 3,
        mono: 2,
        standing: [
          { connection: 2, url: 'wss://a', open: false, greeting: [] },
          { connection: 3, url: 'wss://b', open: true, greeting: ['hi'] },
        ],
      },
      { what: 'open', wall: 4, mono: 3, connection: 2 },
      { what: 'ping', wall: 5, mono: 4, connection: 3 },
    ]);
  });

  it(
    'lets two vendors be heard together, each as it was',
    marbles(({ flush }) => {
      const sink = memorySink();
      const live: FeedEvent[] = [];
      const other = (connection: FeedConnection) =>
        tickflow({ apiKey: 'any-key', topics: quotes('600000.SH'), ...connection });
      let accepted = 0;
      const { openSocket } = fakeNetwork((connection) => {
        accepted += 1;
        connection.open();
        if (accepted < 3) connection.close(1001);
      });
      record((connection) => other({ ...connection, backoff: () => 300 }), sink, { openSocket })
        .pipe(takeUntil(timer(6_000)))
        .subscribe((event) => live.push(event));
      const first = recordedLive(flush);
      const seen: FeedEvent[] = [];
      replay([first.cassette, sink.cassette()], (connection) => merge(feed(connection), other(connection)), {
        speed: Infinity,
      }).subscribe((event) => seen.push(event));
      flush();
      const of = (provider: string) => seen.filter((event) => event.provider === provider);
      expect(of('itick')).toEqual(first.live);
      expect(of('tickflow')).toEqual(live);
    }),
  );

  it(
    'lets each vendor ask again when it did, also after a silence that nobody told it of',
    marbles(({ flush }) => {
      const live: FeedEvent[] = [];
      const sink = memorySink();
      const both = (connection: FeedConnection) =>
        merge(
          feed({ backoff: () => 1_000, ...connection }, TOKEN),
          tickflow({ apiKey: 'any-key', topics: quotes('600000.SH'), backoff: () => 300, ...connection }),
        );
      // One falls silent for good, and is noticed after 5 s. Soon after, the other is closed, and asks again sooner.
      const { openSocket } = fakeNetwork((connection) => {
        if (connection.url.includes('itick')) return welcome(connection);
        connection.open();
        timer(5_500).subscribe(() => connection.close(1001));
      });
      record(both, sink, { openSocket, monotonic: () => asyncScheduler.now() })
        .pipe(takeUntil(timer(20_000)))
        .subscribe((event) => live.push(event));
      flush();
      const seen: FeedEvent[] = [];
      replay(sink.cassette(), both, { speed: Infinity }).subscribe((event) => seen.push(event));
      flush();
      expect(live.filter(({ kind }) => kind === 'disconnected').length).toBeGreaterThan(4);
      expect(seen).toEqual(live);
    }),
  );
});
