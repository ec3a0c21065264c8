import { closeSync, existsSync, fstatSync, openSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { compressionOf } from '../../../lib/record/files/compression.js';
import { fileTrack } from '../../../lib/record/files/fileTrack.js';
import { fileSink, readCassette, RecordingFailed, type Entry, type Loss } from '../../../lib/record/index.js';
import { aFolder, read } from './aFolder.js';

const path = aFolder();

const begin: Entry = { what: 'start', wall: 0, mono: 0, standing: [] };
const connect: Entry = { what: 'connect', wall: 0, mono: 0, connection: 1, url: 'wss://host/path' };
const opened: Entry = { what: 'open', wall: 0, mono: 0, connection: 1 };
const frame = (wall: number): Entry => ({ what: 'in', wall, mono: wall, connection: 1, frame: `frame ${wall}` });

const isOpen = (descriptor: number): boolean => {
  try {
    fstatSync(descriptor);
    return true;
  } catch {
    return false;
  }
};

describe('fileTrack on a disk that fails', () => {
  /** What takes no byte: a file that is open for reading and, where there is one, the full disk of Linux. */
  const disks: readonly (readonly [code: string, open: () => readonly [file: string, descriptor: number]])[] = [
    [
      'EBADF',
      () => {
        writeFileSync(path('tape.ndjson'), '');
        return [path('tape.ndjson'), openSync(path('tape.ndjson'), 'r')];
      },
    ],
    ['ENOSPC', () => ['/dev/full', openSync('/dev/full', 'w')]],
  ];

  it.each(disks.slice(0, existsSync('/dev/full') ? 2 : 1))(
    'tells of %s once, lets go of the file and takes nothing more',
    async (code, disk) => {
      const [file, descriptor] = disk();
      const failures: Error[] = [];
      const losses: Loss[] = [];
      const stats = { entries: 0, bytes: 0, lost: 0 };
      const track = fileTrack({
        open: () => ({ file, descriptor }),
        pack: compressionOf('tape.ndjson').pack,
        maxBytes: Infinity,
        maxAge: Infinity,
        flushEvery: 0,
        maxQueueBytes: 1_000,
        onLoss: (loss) => losses.push(loss),
        onFailure: (error) => failures.push(error),
        stats,
      });
      [begin, connect, opened].forEach(track.write);
      await track.ended;
      for (let wall = 0; wall < 1_000; wall += 1) track.write(frame(wall));
      track.end();
      expect(failures).toEqual([expect.any(RecordingFailed)]);
      expect(failures[0]?.message).toMatch(new RegExp(`^${file} could not be written \\(${code}: `));
      expect([stats, losses]).toEqual([{ entries: 3, bytes: 0, lost: 0 }, []]);
      while (isOpen(descriptor)) await new Promise(setImmediate);
    },
  );

  it('tells when a file cannot be closed', async () => {
    const failures: Error[] = [];
    const descriptor = openSync(path('tape.ndjson'), 'w');
    const track = fileTrack({
      open: () => ({ file: path('tape.ndjson'), descriptor }),
      pack: (block) => Promise.resolve(block),
      maxBytes: Infinity,
      maxAge: Infinity,
      flushEvery: 0,
      maxQueueBytes: 1_000,
      onLoss: () => undefined,
      onFailure: (error) => failures.push(error),
      stats: { entries: 0, bytes: 0, lost: 0 },
    });
    closeSync(descriptor);
    track.end();
    await track.ended;
    expect(failures[0]?.message).toContain('could not be written (EBADF');
  });
});

describe.each(['tape.ndjson', 'tape.ndjson.gz'])('a storm that is written to %s in parts', (name) => {
  const bursts = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 12 });
  const limits = fc.record({
    maxBytes: fc.constantFrom(300, 5_000, Infinity),
    maxAge: fc.constantFrom(7, 100, 3_000),
    maxQueueBytes: fc.constantFrom(2_000, 20_000, 2 ** 24),
    flushEvery: fc.constantFrom(0, 5),
  });

  it('has each frame once and in its order or counts it as lost, and each part can be read alone', async () => {
    await fc.assert(
      fc.asyncProperty(bursts, limits, fc.nat(), async (sizes, options, run) => {
        // Before its file is opened, which takes a slow machine longer than a file may be old.
        const from = Date.now();
        const sink = fileSink(path(`${run}.${name}`), options);
        const track = sink.start((error) => {
          throw error;
        });
        [begin, connect, opened].forEach((entry) => track.write({ ...entry, wall: from }));
        let said = 0;
        for (const size of sizes) {
          for (const end = said + size; said < end; said += 1) track.write({ ...frame(said), wall: from + said });
          await new Promise(setImmediate);
        }
        track.end();
        await sink.written();

        const { files, lost, entries } = sink.stats();
        const parts = await Promise.all(files.map((file) => read(readCassette(file))));
        const all = parts.flat();
        const heard = all.flatMap((entry) => (entry.what === 'in' ? [entry.mono] : []));
        const confessed = all.flatMap((entry) => (entry.what === 'lost' ? [entry.count] : []));
        expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
        expect(heard.length + lost).toBe(said);
        expect(confessed.reduce((sum, count) => sum + count, 0)).toBe(lost);
        expect(all).toHaveLength(entries);
        for (const [first] of parts.slice(1)) {
          expect(first).toMatchObject({ what: 'start', standing: [{ connection: 1, open: true }] });
        }
      }),
      { numRuns: 40 },
    );
  });
});
