import { createReadStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Cassette, ReadOptions } from '../Cassette.js';
import { cassetteReader } from '../cassetteReader.js';
import type { Entry } from '../Entry.js';
import { BadCassette } from '../errors.js';
import { compressionOf } from './compression.js';

/**
 * The cassette in a file or, when it was rotated, in several: name them in their order. It is read as it is played.
 *
 * A line that cannot be read is told to `onDamage` and skipped, and so is what cannot be unpacked; reading fails with
 * `BadCassette` for a file that is missing or no cassette. Throws `InvalidOption` for `.zst` where Node has no zstd.
 *
 * @example
 * replay(readCassette('tape.ndjson.gz'), makeFeed, { speed: Infinity })
 */
export const readCassette = (paths: string | readonly string[], options: ReadOptions = {}): Cassette => {
  const files = typeof paths === 'string' ? [paths] : paths;
  files.forEach((file) => compressionOf(file));
  return { name: files.join(', '), blocks: (...only) => blocksOf(files, options, only) };
};

/** So many bytes are unpacked at a time: what is damaged spoils no more of what came before it. */
const PIECE = 2 ** 13;

async function* blocksOf(
  files: readonly string[],
  options: ReadOptions,
  only: readonly Entry['what'][],
): AsyncIterable<readonly Entry[]> {
  for (const file of files) {
    const reader = cassetteReader(file, options, only);
    for await (const text of textsOf(file, options)) {
      const entries = reader.read(text);
      if (entries.length > 0) yield entries;
    }
    yield reader.end();
  }
}

async function* textsOf(file: string, { onDamage = () => undefined }: ReadOptions): AsyncIterable<string> {
  const decoder = new StringDecoder('utf8');
  // Between us and what unpacks, which throws away what is whole when it meets what is not.
  const bytes = new PassThrough();
  const packed = createReadStream(file, { highWaterMark: PIECE });
  const unpacking = compressionOf(file).unpack() ?? new PassThrough();
  packed.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
    bytes.destroy(new BadCassette(file, 0, `cannot be read (${code}); check its path`));
  });
  unpacking.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
    onDamage(new BadCassette(file, 0, `cannot be unpacked to its end (${code}); it was read up to there`));
    bytes.end();
  });
  packed.pipe(unpacking).pipe(bytes);
  try {
    for await (const some of bytes as AsyncIterable<Buffer>) yield decoder.write(some);
  } finally {
    packed.destroy();
    unpacking.destroy();
  }
}
