import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { lastValueFrom, NEVER } from 'rxjs';
import { InvalidOption } from '../../../lib/model/errors.js';
import { entryLine } from '../../../lib/record/format.js';
import {
  BadCassette,
  fileSink,
  readCassette,
  RecordingFailed,
  replay,
  writeCassette,
  type Entry,
  type FileSinkOptions,
  type Loss,
} from '../../../lib/record/index.js';
import { recording } from '../anEntry.js';
import { aFolder, read } from './aFolder.js';

const path = aFolder();

const write = async (file: string, entries: readonly Entry[], options: FileSinkOptions = {}) => {
  const sink = fileSink(file, options);
  const track = sink.start((error) => {
    throw error;
  });
  entries.forEach(track.write);
  track.end();
  track.end();
  await sink.written();
  return sink.stats();
};

const NO_FOLDER = 'its folder does not exist; make it first';
const begin: Entry = { what: 'start', wall: 0, mono: 0, standing: [] };
const connect: Entry = { what: 'connect', wall: 1, mono: 1, connection: 1, url: 'wss://host/path' };
const opened: Entry = { what: 'open', wall: 2, mono: 2, connection: 1 };
const frames = (count: number, size = 50): readonly Entry[] =>
  Array.from({ length: count }, (_, i) => ({
    what: 'in',
    wall: 2_000 + i,
    mono: i,
    connection: 1,
    frame: String(i).padStart(size, '.'),
  }));

describe.each(['tape.ndjson', 'tape.ndjson.gz'])('fileSink to %s', (name) => {
  it('writes what can be read again', async () => {
    await fc.assert(
      fc.asyncProperty(recording, async (entries) => {
        const { entries: count, bytes, files } = await write(path(name), entries);
        expect(await read(readCassette(path(name)))).toEqual(entries);
        expect([count, bytes, files]).toEqual([entries.length, readFileSync(path(name)).length, [path(name)]]);
        rmSync(path(name));
      }),
      { numRuns: 50 },
    );
  });

  it('is read up to its last whole line when it was cut off anywhere', async () => {
    // Several blocks: each entry is written while the next one comes.
    const sink = fileSink(path(name), { flushEvery: 0 });
    const track = sink.start(fail);
    const entries = [begin, connect, opened, ...frames(40)];
    for (const entry of entries) {
      track.write(entry);
      await new Promise(setImmediate);
    }
    track.end();
    await sink.written();
    const bytes = readFileSync(path(name));
    let longest = 0;
    for (let length = 0; length <= bytes.length; length += 7) {
      writeFileSync(path(`cut-${name}`), bytes.subarray(0, length));
      const found = await read(readCassette(path(`cut-${name}`))).catch((error: unknown) => error);
      if (found instanceof BadCassette) expect(longest).toBe(0);
      else {
        expect(found).toEqual(entries.slice(0, (found as readonly Entry[]).length));
        expect((found as readonly Entry[]).length).toBeGreaterThanOrEqual(longest);
        longest = (found as readonly Entry[]).length;
      }
    }
    expect(longest).toBeGreaterThan(35);
  });

  it('begins a new file when one is large enough, and each can be read alone', async () => {
    const sink = fileSink(path(name), { maxBytes: 500, flushEvery: 0 });
    const track = sink.start(fail);
    const entries = [begin, connect, opened, ...frames(60)];
    for (const entry of entries) {
      const { bytes } = sink.stats();
      track.write(entry);
      await until(() => sink.stats().bytes > bytes);
    }
    track.end();
    await sink.written();
    const { files } = sink.stats();
    expect(files.length).toBeGreaterThan(2);
    expect(files.slice(0, 2)).toEqual([1, 2].map((number) => path(name.replace('tape', `tape.${number}`))));
    const later = await read(readCassette(files[1] ?? ''));
    expect(later[0]).toMatchObject({
      what: 'start',
      standing: [{ connection: 1, url: 'wss://host/path', open: true, greeting: [] }],
    });
    const all = await read(readCassette(files));
    expect(all.filter((entry) => entry.what !== 'start')).toEqual(entries.slice(1));
  });

  it('begins a new file when one is old enough, and goes on after the files that are there', async () => {
    writeFileSync(path(name.replace('tape', 'tape.1')), '');
    const now = Date.now();
    const at = (seconds: number): Entry => ({ what: 'ping', wall: now + seconds * 1_000, mono: 0, connection: 1 });
    const { files } = await write(path(name), [begin, connect, opened, at(9), at(11), at(12), at(22)], {
      maxAge: 10_000,
    });
    expect(files).toEqual([2, 3, 4].map((number) => path(name.replace('tape', `tape.${number}`))));
  });

  it('loses frames, and nothing else, when the disk is too slow; and says so', async () => {
    const losses: Loss[] = [];
    const sink = fileSink(path(name), { maxQueueBytes: 1_000, onLoss: (loss) => losses.push(loss) });
    const track = sink.start(fail);
    [begin, connect, opened, ...frames(100)].forEach(track.write);
    track.write({ what: 'close', wall: 9_000, mono: 9_000, connection: 1, code: 1000, reason: '', byUs: true });
    track.end();
    await sink.written();
    const found = await read(readCassette(path(name)));
    const kept = found.filter(({ what }) => what === 'in').length;
    expect(kept).toBeLessThan(20);
    expect(losses).toEqual([{ count: 100 - kept, bytes: expect.any(Number) as number }]);
    expect(found.slice(-2)).toEqual([
      expect.objectContaining({ what: 'close' }),
      { what: 'lost', wall: 9_000, mono: 9_000, ...losses[0] },
    ]);
    expect(sink.stats().lost).toBe(100 - kept);
  });

  it('counts the bytes that wait and those that are lost, not their characters', async () => {
    const foreign = frames(20).map((entry) => ({ ...entry, frame: '腾'.repeat(1_000) }));
    const losses: Loss[] = [];
    const sink = fileSink(path(name), { maxQueueBytes: 20_000, onLoss: (loss) => losses.push(loss) });
    const track = sink.start(fail);
    [begin, connect, opened, ...foreign].forEach(track.write);
    track.end();
    await sink.written();
    expect(losses.map(({ count }) => count)).toEqual([14]);
    expect(losses[0]?.bytes).toBeGreaterThan(14 * 3_000);
  });

  it('writes nothing over', async () => {
    await write(path(name), [begin]);
    const before = readFileSync(path(name));
    expect(() => fileSink(path(name)).start(fail)).toThrow(InvalidOption);
    expect(readFileSync(path(name))).toEqual(before);
  });

  it('tells once when it cannot go on, and takes nothing after it', async () => {
    const failures: Error[] = [];
    const other = fileSink(path(name), { maxAge: 10, flushEvery: 0 });
    const track = other.start((error) => failures.push(error));
    track.write({ ...begin, wall: Date.now() });
    await until(() => other.stats().bytes > 0);
    rmSync(path(''), { recursive: true });
    const late = { ...begin, wall: Date.now() + 20 };
    track.write(late);
    await until(() => failures.length > 0);
    track.write(late);
    track.end();
    await other.written();
    expect(failures).toEqual([expect.any(RecordingFailed)]);
    expect(failures[0]?.message).toContain(
      'the next file could not be written (its folder does not exist; make it first)',
    );
  });

  it('says what to do when a file cannot be made', () => {
    const start = (file: string) => () => fileSink(path(file)).start(fail);
    expect(start(`later/${name}`)).toThrow(new InvalidOption('path', path(`later/${name}`), NO_FOLDER));
    writeFileSync(path('no-folder'), '');
    expect(start(`no-folder/${name}`)).toThrow(/it cannot be made \(ENOTDIR\)/);
  });
});

describe('fileSink', () => {
  it('compresses what comes within a while together', async () => {
    const entries = [begin, connect, opened, ...frames(1_000)];
    const { bytes } = await write(path('a.ndjson.gz'), entries);
    const lines = gunzipSync(readFileSync(path('a.ndjson.gz'))).length;
    expect(lines / bytes).toBeGreaterThan(5);
  });

  it.each([
    ['maxBytes', { maxBytes: 0 }],
    ['maxAge', { maxAge: -1 }],
    ['flushEvery', { flushEvery: NaN }],
    ['maxQueueBytes', { maxQueueBytes: 0 }],
  ])('refuses a %s that makes no sense', (option, options) => {
    expect(() => fileSink(path('a.ndjson'), options)).toThrow(new RegExp(`invalid option .${option}`));
  });
});

describe('writeCassette', () => {
  it.each(['copy.ndjson', 'copy.ndjson.gz'])(
    'writes a cassette from anywhere to %s, and nothing over',
    async (name) => {
      const entries = [begin, connect, opened, ...frames(100)];
      await write(path('tape.ndjson'), entries);
      await writeCassette(path(name), readCassette(path('tape.ndjson')));
      expect(await read(readCassette(path(name)))).toEqual(entries);
      await expect(writeCassette(path(name), readCassette(path('tape.ndjson')))).rejects.toThrow(/EEXIST/);
    },
  );
});

describe('readCassette', () => {
  it('says which file is missing', async () => {
    await expect(read(readCassette(path('none.ndjson.gz')))).rejects.toThrow(
      /none\.ndjson\.gz cannot be read \(ENOENT\)/,
    );
    await expect(read(readCassette(path('none.ndjson')))).rejects.toBeInstanceOf(BadCassette);
  });

  it('reads a damaged archive up to the damage, and tells of it', async () => {
    const file = path('a.ndjson.gz');
    const noise = Array.from({ length: 3_000 }, (_, i) => Math.sin(i)).map(String);
    const entries = noise.map((frame, i): Entry => ({ what: 'in', wall: i, mono: i, connection: 1, frame }));
    await write(file, [begin, connect, opened, ...entries]);
    const unknownMethod = Buffer.from([0x1f, 0x8b, 9, 0, 0, 0, 0, 0, 0, 3]);
    writeFileSync(file, Buffer.concat([readFileSync(file), unknownMethod]));
    const damages: string[] = [];
    const found = await read(readCassette(file, { onDamage: ({ message }) => damages.push(message) }));
    expect(found).toEqual([begin, connect, opened, ...entries].slice(0, found.length));
    expect(found.length).toBeGreaterThan(1_000);
    expect(damages.join()).toContain('a.ndjson.gz holds what cannot be unpacked (Z_');
  });

  it('reads what follows a damaged block, wherever the damage is, and tells of it', async () => {
    const file = path('a.ndjson.gz');
    const part = (block: number): readonly Entry[] =>
      frames(300).map((entry, i) => ({ ...entry, wall: block * 1_000 + i }));
    const [first, third] = [part(0), part(2)];
    const blockOf = (entries: readonly Entry[]): Buffer =>
      gzipSync(entries.map((entry) => `${entryLine(entry)}\n`).join(''));
    const before = blockOf([begin, ...first]);
    const damaged = blockOf(part(1));
    const spoilt = async (bytes: Buffer): Promise<void> => {
      writeFileSync(file, Buffer.concat([before, bytes, blockOf(third)]));
      const damages: string[] = [];
      const found = await read(readCassette(file, { onDamage: ({ message }) => damages.push(message) }));
      expect(found.slice(0, 301)).toEqual([begin, ...first]);
      expect(found.slice(-300)).toEqual(third);
      expect(damages.join()).toContain('holds what cannot be unpacked (Z_');
    };
    for (let at = 8; at < damaged.length; at += 37) {
      await spoilt(Buffer.from(damaged).fill(0xa5, at, at + 3));
      await spoilt(damaged.subarray(0, at));
    }
    expect.hasAssertions();
  });

  it('reads an archive that was made by others, of one block or several, with anything behind it', async () => {
    const file = path('a.ndjson.gz');
    const entries = [begin, connect, opened, ...frames(60_000, 200)];
    const text = Buffer.from(entries.map((entry) => `${entryLine(entry)}\n`).join(''));
    const named = (block: Buffer): Buffer => {
      const packed = gzipSync(block, { level: 1 });
      packed.writeUInt32LE(1_772_000_000, 4);
      return packed;
    };
    // A block too large to be unpacked at once, and blocks that end within lines.
    const blocks = [named(text.subarray(0, 9_999_999)), named(text.subarray(9_999_999)), Buffer.alloc(512)];
    writeFileSync(file, Buffer.concat(blocks));
    const damages: string[] = [];
    expect(await read(readCassette(file, { onDamage: ({ message }) => damages.push(message) }))).toEqual(entries);
    expect(damages).toEqual([]);
  });

  it('reads what follows a damaged block that is too large to be unpacked at once', async () => {
    const file = path('a.ndjson.gz');
    const noise = randomBytes(3 * 2 ** 20).toString('base64');
    const lines = (entries: readonly Entry[]): Buffer => gzipSync(entries.map((one) => `${entryLine(one)}\n`).join(''));
    const large = lines([...frames(1), { what: 'in', wall: 1, mono: 1, connection: 1, frame: noise }, ...frames(9)]);
    large.fill(0, 2 ** 21, 2 ** 21 + 64);
    writeFileSync(file, Buffer.concat([lines([begin]), large, lines([connect, opened])]));
    const damages: string[] = [];
    const found = await read(readCassette(file, { onDamage: ({ message }) => damages.push(message) }));
    expect(found.slice(0, 2)).toEqual([begin, ...frames(1)]);
    expect(found.slice(-2)).toEqual([connect, opened]);
    expect(damages[0]).toContain('holds what cannot be unpacked (Z_DATA_ERROR)');
  });

  it('tells of each damage once, also when it is replayed', async () => {
    const file = path('a.ndjson.gz');
    await write(file, [begin, connect, opened, ...frames(10)]);
    const block = gzipSync('["connect",1,1,"x"\n["in"\n');
    const spoilt = block.fill(0, block.length - 8);
    writeFileSync(file, Buffer.concat([readFileSync(file), spoilt, gzipSync('["connect",1,1,"x"]\n')]));
    const damages: string[] = [];
    const cassette = readCassette(file, { onDamage: ({ message }) => damages.push(message.replace(file, '')) });
    await lastValueFrom(
      replay(cassette, () => NEVER, { speed: Infinity }),
      { defaultValue: undefined },
    );
    expect(damages).toEqual([
      ' holds what cannot be unpacked (Z_DATA_ERROR); it was read up to there and behind it',
      ':15 is damaged; it was skipped',
    ]);
  });

  it.each([
    ['a folder', 'cannot be read (EISDIR); check its path', (file: string): void => mkdirSync(file)],
    [
      'noise',
      'cannot be unpacked (Z_DATA_ERROR); it is no cassette',
      (file: string): void => writeFileSync(file, 'no'),
    ],
    ['nothing', 'is empty: nothing was recorded', (file: string): void => writeFileSync(file, '')],
  ])('says of %s that it %s', async (_, problem, make) => {
    const file = path('a.ndjson.gz');
    make(file);
    await expect(read(readCassette(file))).rejects.toThrow(problem);
  });
});

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise(setImmediate);
};

const fail = (error: Error): void => {
  throw error;
};
