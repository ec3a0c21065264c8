import { asyncScheduler, concat, of, takeUntil, throwError, timer } from 'rxjs';
import type { FeedEvent } from '../../lib/model/feedEvent.js';
import { dumpOn, memorySink, record, replay, ringSink, type Cassette, type Entry } from '../../lib/record/index.js';
import { aTrade } from '../../lib/testing/builders.js';
import { fakeNetwork } from '../../lib/testing/fakeNetwork.js';
import { marbles } from '../../lib/testing/marbles.js';
import { entriesOf, feed, TOKEN, troubled } from './aTape.js';

const ping = (wall: number): Entry => ({ what: 'ping', wall, mono: wall, connection: 1 });
const fail = (error: Error): void => {
  throw error;
};

describe('ringSink', () => {
  it('keeps what happened in the last milliseconds', () => {
    const ring = ringSink({ maxAge: 1_000 });
    const track = ring.start(fail);
    expect(entriesOf(ring.dump())).toEqual([]);
    track.write({ what: 'start', wall: 0, mono: 0, standing: [] });
    for (let wall = 0; wall <= 9_000; wall += 1) track.write(ping(wall));
    track.end();
    const [start, ...rest] = entriesOf(ring.dump());
    expect(start).toEqual({ what: 'start', wall: 8_000, mono: 8_000, standing: [] });
    expect(rest).toEqual(Array.from({ length: 1_001 }, (_, i) => ping(8_000 + i)));
  });

  it('keeps no more than it may', () => {
    const ring = ringSink({ maxAge: 1_000, maxBytes: 1_000 });
    const track = ring.start(fail);
    for (let i = 0; i < 500; i += 1) track.write(ping(100));
    expect(entriesOf(ring.dump()).length).toBeLessThan(60);
  });

  it('counts the bytes of what it keeps, not its characters', () => {
    const framesKept = (frame: string): number => {
      const ring = ringSink({ maxAge: 1_000, maxBytes: 3_000 });
      const track = ring.start(fail);
      for (let mono = 0; mono < 100; mono += 1) track.write({ what: 'in', wall: 0, mono, connection: 1, frame });
      return entriesOf(ring.dump()).filter(({ what }) => what === 'in').length;
    };
    expect(framesKept('腾'.repeat(40))).toBe(framesKept('t'.repeat(120)));
  });

  it('begins anew with each recording', () => {
    const ring = ringSink({ maxAge: 1_000 });
    ring.start(fail).write(ping(1));
    ring.start(fail);
    expect(entriesOf(ring.dump())).toEqual([]);
  });

  it.each([{ maxAge: -1 }, { maxAge: 1, maxBytes: 0 }])('refuses %j', (options) => {
    expect(() => ringSink(options)).toThrow(/invalid option/);
  });

  it(
    'dumps a cassette that replays like the whole one from then on',
    marbles(({ flush }) => {
      const ring = ringSink({ maxAge: 600 });
      const live: FeedEvent[] = [];
      const { openSocket } = fakeNetwork(troubled());
      const reports: Cassette[] = [];
      record((connection) => feed(connection, TOKEN), ring, { openSocket, monotonic: () => asyncScheduler.now() })
        .pipe(
          dumpOn(
            ring,
            (report) => reports.push(report),
            ({ kind }) => kind === 'disconnected',
          ),
        )
        .pipe(takeUntil(timer(4_500)))
        .subscribe((event) => live.push(event));
      flush();
      expect(reports).toHaveLength(1);
      const seen: FeedEvent[] = [];
      replay(reports, feed).subscribe((event) => seen.push(event));
      flush();
      expect(seen.map(({ kind }) => kind)).toEqual(['connected', 'subscribed', 'quote', 'disconnected']);
      expect(seen[2]).toEqual(live[3]);
    }),
  );
});

describe('dumpOn', () => {
  it('reports when the feed fails, and changes nothing', () => {
    const cassette = memorySink().cassette();
    const reports: unknown[] = [];
    const heard: unknown[] = [];
    const error = new Error('a bug');
    concat(
      of(aTrade({ price: 1 }), aTrade({ price: 2 })),
      throwError(() => error),
    )
      .pipe(dumpOn({ dump: () => cassette }, (...report) => reports.push(report)))
      .subscribe({ next: (value) => heard.push(value), error: (cause: unknown) => heard.push(cause) });
    expect(heard).toEqual([aTrade({ price: 1 }), aTrade({ price: 2 }), error]);
    expect(reports).toEqual([[cassette, error]]);
  });
});
