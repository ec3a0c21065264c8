import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { Cassette, ReadOptions } from '../Cassette.js';
import { cassetteReader } from '../cassetteReader.js';
import type { Entry } from '../Entry.js';
import { BadCassette } from '../errors.js';
import { compressionOf } from './compression.js';
import { unpacked } from './unpacked.js';

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

/** So many bytes are read at a time. */
const PIECE = 2 ** 13;

async function* blocksOf(
  files: readonly string[],
  options: ReadOptions,
  only: readonly Entry['what'][],
): AsyncIterable<readonly Entry[]> {
  // Who reads only some entries reads the others once more.
  const onDamage = only.length === 0 ? options.onDamage : undefined;
  for (const file of files) {
    const reader = cassetteReader(file, options, only);
    for await (const text of textsOf(file, { onDamage })) {
      const entries = reader.read(text);
      if (entries.length > 0) yield entries;
    }
    yield reader.end();
  }
}

async function* textsOf(file: string, { onDamage = () => undefined }: ReadOptions): AsyncIterable<string> {
  const decoder = new StringDecoder('utf8');
  let isEmpty = true;
  const damaged = (code: string): void => {
    if (isEmpty) throw new BadCassette(file, 0, `cannot be unpacked (${code}); it is no cassette`);
    onDamage(
      new BadCassette(file, 0, `holds what cannot be unpacked (${code}); it was read up to there and behind it`),
    );
  };
  for await (const bytes of unpacked(bytesOf(file), compressionOf(file), damaged)) {
    isEmpty = false;
    yield decoder.write(bytes);
  }
}

async function* bytesOf(file: string): AsyncIterable<Buffer> {
  try {
    yield* createReadStream(file, { highWaterMark: PIECE }) as AsyncIterable<Buffer>;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new BadCassette(file, 0, `cannot be read (${String(code)}); check its path`);
  }
}
