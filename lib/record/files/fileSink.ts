import { existsSync, openSync } from 'node:fs';
import { checkDuration } from '../../model/check.js';
import { InvalidOption } from '../../model/errors.js';
import type { Loss, Sink } from '../sinks.js';
import { compressionOf, isCompressed } from './compression.js';
import { fileTrack } from './fileTrack.js';

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
