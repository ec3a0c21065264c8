import { appendFile, close, existsSync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { asyncScheduler, type Subscription } from 'rxjs';
import { checkDuration } from '../../model/check.js';
import { InvalidOption } from '../../model/errors.js';
import { activeConnections } from '../activeConnections.js';
import type { Entry } from '../Cassette.js';
import { RecordingFailed } from '../errors.js';
import { entryLine } from '../format.js';
import type { Loss, Sink, Track } from '../sinks.js';
import { compressionOf, isCompressed, type Compression } from './compression.js';

/** How large and how old a file may grow, and what may wait for the disk. */
export interface FileSinkOptions {
  /**
   * A file that has grown so large, in bytes on disk, is ended and the next one begun.
   *
   * @defaultValue no limit
   */
  readonly maxBytes?: number | undefined;
  /**
   * The same for its age, in milliseconds.
   *
   * @defaultValue no limit
   */
  readonly maxAge?: number | undefined;
  /**
   * How long entries may wait to be compressed together, in milliseconds: what a crash can cost.
   *
   * @defaultValue `1_000`, and 0 for a file that is not compressed
   */
  readonly flushEvery?: number | undefined;
  /**
   * How much may wait for a slow disk, in bytes before compression; frames beyond it are lost, and counted.
   *
   * @defaultValue 16 MiB
   */
  readonly maxQueueBytes?: number | undefined;
  /** Called with each loss when it is over; the cassette holds it too. */
  readonly onLoss?: ((loss: Loss) => void) | undefined;
}

/** A sink that writes files. */
export interface FileSink extends Sink {
  /** What was done so far, over all recordings. */
  readonly stats: () => FileStats;
  /** Resolves once all recordings that have ended are on disk, to be awaited before `process.exit`. */
  readonly written: () => Promise<void>;
}

/**
 * Writes recordings to a file, compressed as its name ends: `.gz`, `.zst` (from Node 22.15 on), or not at all.
 *
 * With `maxBytes` or `maxAge` to several files: `tape.1.ndjson.gz`, `tape.2.ndjson.gz` and so on, each of which can be read
 * alone. After a crash all is there but the last `flushEvery`. Never overwrites: throws `InvalidOption` for a file that
 * exists or cannot be made, as its folder is missing for example, when the recording starts.
 *
 * @example
 * record(makeFeed, fileSink('tape.ndjson.gz', { maxAge: 3_600_000 }))
 */
export const fileSink = (path: string, options: FileSinkOptions = {}): FileSink => {
  const { maxBytes = Infinity, maxAge = Infinity, flushEvery = isCompressed(path) ? 1_000 : 0 } = options;
  const { maxQueueBytes = 2 ** 24, onLoss = () => undefined } = options;
  const { pack } = compressionOf(path);
  if (!(maxBytes > 0)) throw new InvalidOption('maxBytes', maxBytes, 'it is a number of bytes above 0');
  if (!(maxQueueBytes > 0)) throw new InvalidOption('maxQueueBytes', maxQueueBytes, 'it is a number of bytes above 0');
  if (!(maxAge > 0)) throw new InvalidOption('maxAge', maxAge, 'it is a number of milliseconds above 0');
  checkDuration('flushEvery', flushEvery);

  const rotates = maxBytes < Infinity || maxAge < Infinity;
  const stats = { files: [] as string[], entries: 0, bytes: 0, lost: 0 };
  const ends = new Set<Promise<void>>();

  const open = (): { readonly file: string; readonly descriptor: number } => {
    const file = rotates ? firstFree(path) : path;
    const descriptor = opened(file);
    stats.files.push(file);
    return { file, descriptor };
  };
  return {
    start: (onFailure) => {
      const track = fileTrack({ open, pack, maxBytes, maxAge, flushEvery, maxQueueBytes, onLoss, onFailure, stats });
      ends.add(track.ended);
      void track.ended.then(() => ends.delete(track.ended));
      return track;
    },
    stats: () => ({ ...stats, files: [...stats.files] }),
    written: () => Promise.all(ends).then(() => undefined),
  };
};

const opened = (file: string): number => {
  try {
    return openSync(file, 'wx');
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    throw new InvalidOption('path', file, PROBLEMS[code] ?? `it cannot be made (${code})`);
  }
};

const PROBLEMS: Readonly<Partial<Record<string, string>>> = {
  EEXIST: 'it exists, and no recording is written over',
  ENOENT: 'its folder does not exist; make it first',
  ENOSPC: 'the disk is full; make room first',
  EACCES: 'its folder may not be written to; change its permissions, or choose another',
};

/** `tape.3.ndjson.gz`, when there are two already. */
const firstFree = (path: string): string => {
  const numbered = (number: number): string =>
    path.replace(/(?:\.ndjson)?(?:\.gz|\.zst)?$/, (ending) => `.${number}${ending}`);
  let number = 1;
  while (existsSync(numbered(number))) number += 1;
  return numbered(number);
};

/** What a sink has done. */
export interface FileStats {
  /** The files that were begun, oldest first. */
  readonly files: readonly string[];
  readonly entries: number;
  /** On disk. */
  readonly bytes: number;
  /** Frames that were lost as the disk was too slow. */
  readonly lost: number;
}

interface FileTrackOptions extends Pick<Compression, 'pack'> {
  readonly open: () => { readonly file: string; readonly descriptor: number };
  readonly maxBytes: number;
  readonly maxAge: number;
  readonly flushEvery: number;
  readonly maxQueueBytes: number;
  readonly onLoss: (loss: Loss) => void;
  readonly onFailure: (error: Error) => void;
  readonly stats: { entries: number; bytes: number; lost: number };
}

interface FileTrack extends Track {
  /** Resolves when all is on disk, or nothing more will be. */
  readonly ended: Promise<void>;
}

/** What goes into one file. */
interface FilePart {
  readonly since: number;
  file: { readonly file: string; readonly descriptor: number } | undefined;
  lines: string[];
  bytes: number;
}

/** So many bytes are compressed together. */
const BLOCK = 2 ** 18;

const append = promisify<number, Buffer>(appendFile);
const closed = promisify(close);

/** Writes a recording to files, one block at a time, so that what waits for the disk can be counted. */
export const fileTrack = (options: FileTrackOptions): FileTrack => {
  const { open, pack, maxBytes, maxAge, flushEvery, maxQueueBytes, onLoss, onFailure, stats } = options;
  const connections = activeConnections();
  const parts: FilePart[] = [{ since: asyncScheduler.now(), file: open(), lines: [], bytes: 0 }];
  const lost = { count: 0, bytes: 0 };
  let queued = 0;
  let writing = false;
  let over = false;
  let failed = false;
  let soon: Subscription | undefined;
  let last: Entry | undefined;
  let finish: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });

  const put = (entry: Entry): void => {
    const line = `${entryLine(entry)}\n`;
    const bytes = Buffer.byteLength(line);
    if (isFrame(entry) && queued + bytes > maxQueueBytes) {
      lost.count += 1;
      lost.bytes += bytes;
      stats.lost += 1;
      return;
    }
    connections.accept(entry);
    queued += bytes;
    stats.entries += 1;
    parts.at(-1)?.lines.push(line);
  };
  const reportLoss = (): void => {
    if (lost.count === 0 || !last) return;
    const loss = { ...lost };
    lost.count = lost.bytes = 0;
    put({ what: 'lost', wall: last.wall, mono: last.mono, ...loss });
    onLoss(loss);
  };
  const rotate = ({ wall, mono }: Entry): void => {
    const part = parts.at(-1);
    if (!part || (part.bytes < maxBytes && wall - part.since < maxAge)) return;
    parts.push({ since: wall, file: undefined, lines: [], bytes: 0 });
    put({ what: 'start', wall, mono, standing: connections.list() });
  };

  /** Writes what there is, file by file. */
  const drain = async (): Promise<void> => {
    for (let [part] = parts; part; [part] = parts) {
      const text = part.lines.join('');
      part.lines = [];
      part.file ??= open();
      const { descriptor } = part.file;
      if (text !== '') {
        const bytes = Buffer.from(text);
        const block = await pack(bytes);
        await append(descriptor, block);
        queued -= bytes.length;
        part.bytes += block.length;
        stats.bytes += block.length;
      }
      if (parts.length === 1 && !over) return;
      if (part.lines.length > 0) continue;
      await closed(descriptor);
      parts.shift();
    }
    finish();
  };
  const fail = (error: unknown): void => {
    failed = true;
    const current = parts[0]?.file;
    if (current) void closed(current.descriptor).catch(() => undefined);
    finish();
    const reason = error instanceof InvalidOption ? error.problem : String(error).replace(/^Error: /, '');
    onFailure(new RecordingFailed(current?.file ?? 'the next file', reason));
  };
  const flush = (): void => {
    soon = undefined;
    if (writing || failed) return;
    writing = true;
    drain().then(() => {
      writing = false;
      flushSoon();
    }, fail);
  };
  const flushSoon = (): void => {
    if (writing || queued === 0) return;
    if (flushEvery === 0 || over || queued >= BLOCK) flush();
    else soon ??= asyncScheduler.schedule(flush, flushEvery);
  };

  return {
    ended,
    write: (entry) => {
      if (failed || over) return;
      const isFirst = last === undefined;
      last = entry;
      if (queued < maxQueueBytes / 2) reportLoss();
      // A file that holds nothing is not ended, however long its first entry took to come.
      if (!isFirst) rotate(entry);
      put(entry);
      // At once: a file without its first line cannot be read.
      if (entry.what === 'start') flush();
      else flushSoon();
    },
    end: () => {
      if (over) return;
      reportLoss();
      over = true;
      soon?.unsubscribe();
      flush();
    },
  };
};

/** What may be lost: without the rest a cassette would not make sense. */
const isFrame = ({ what }: Entry): boolean =>
  what === 'in' || what === 'out' || what === 'binary' || what === 'ping' || what === 'answer';
