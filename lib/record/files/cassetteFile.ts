import { once } from 'node:events';
import { createReadStream, promises } from 'node:fs';
import { PassThrough, Readable, type Transform } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { identity } from 'rxjs';
import type { Cassette, Entry, ReadOptions } from '../Cassette.js';
import { BadCassette } from '../errors.js';
import { entryLine } from '../format.js';
import { cassetteReader } from '../parseCassette.js';
import { compressionOf, type Compression } from './compression.js';
import { cut, type Piece } from './cut.js';

/**
 * The cassette in a file or, when it was rotated, in several: name them in their order. It is read as it is played.
 *
 * A line that cannot be read is reported to `onDamage` and skipped, and so is what cannot be unpacked; reading fails with
 * `BadCassette` for a file that is missing or not a cassette. Throws `InvalidOption` for `.zst` where Node has no zstd.
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
  // A reader of some kinds of entries reads the file once more, and reports damage then.
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

/**
 * Writes a cassette to a file: what a ring has kept, a merger, a text. Compressed as its name ends; rejects when the file
 * exists.
 *
 * @example
 * await writeCassette('both.ndjson.gz', mergeCassettes(readCassette('a.ndjson.gz'), readCassette('b.ndjson.gz')))
 */
export const writeCassette = async (path: string, cassette: Cassette): Promise<void> => {
  const { pack } = compressionOf(path);
  const file = await promises.open(path, 'wx');
  try {
    for await (const block of cassette.blocks()) {
      await file.appendFile(await pack(Buffer.from(block.map((entry) => `${entryLine(entry)}\n`).join(''))));
    }
  } finally {
    await file.close();
  }
};

/** Blocks up to this size, in bytes as they are packed, are unpacked in one go, which is much faster. */
const AT_ONCE = 2 ** 20;

/** Of a block that is damaged, so many bytes are unpacked at a time. */
const CRUMB = 2 ** 8;

/** Ends a torn line, so that the next block is not read as its rest. */
const LINE_END = Buffer.from('\n');

/**
 * What is in a packed file. Of a block that is damaged it is what comes before the damage; `onDamage` is called, and the
 * next one is read. The last block may be cut off.
 */
async function* unpacked(
  file: AsyncIterable<Buffer>,
  { mark, unpack, unpackBlock, aligned = identity }: Compression,
  onDamage: (code: string) => void,
): AsyncIterable<Buffer> {
  if (!unpack) {
    yield* file;
    return;
  }
  const pieces = cut(file, mark);
  const at = { ends: false, isLast: false };
  const begin = (): void => {
    at.ends = false;
  };
  const next = async (): Promise<Buffer | undefined> => {
    if (at.ends) return undefined;
    const { value } = await pieces.next();
    at.ends = value.ends;
    at.isLast = value.isLast;
    return value.bytes;
  };

  try {
    do {
      begin();
      const held: Buffer[] = [];
      let size = 0;
      for (let piece = await next(); piece; piece = size > AT_ONCE ? undefined : await next()) {
        held.push(piece);
        size += piece.length;
      }
      const isShort = at.ends;
      const whole = isShort ? unpackBlock(Buffer.concat(held)) : undefined;
      if (whole) yield whole;
      else {
        // A short block that is not whole is damaged, unless it is the last one.
        let damage = isShort && !at.isLast ? 'Z_BUF_ERROR' : undefined;
        yield* inPieces(aligned(chained(held, next)), unpack(), (code) => (damage = code));
        if (damage !== undefined) {
          onDamage(damage);
          yield LINE_END;
        }
      }
      // The rest of a block that is damaged.
      while (!at.ends) await next();
    } while (!at.isLast);
  } finally {
    await pieces.return(NOTHING);
  }
}

const NOTHING: Piece = { bytes: Buffer.alloc(0), ends: true, isLast: true };

async function* chained(held: readonly Buffer[], next: () => Promise<Buffer | undefined>): AsyncIterable<Buffer> {
  for (const piece of held) {
    for (let at = 0; at < piece.length; at += CRUMB) yield piece.subarray(at, at + CRUMB);
  }
  for (let piece = await next(); piece; piece = await next()) yield piece;
}

/** Piece by piece, as what a piece holds before its damage is withheld. */
async function* inPieces(
  packed: AsyncIterable<Buffer>,
  unpacking: Transform,
  onDamage: (code: string) => void,
): AsyncIterable<Buffer> {
  // Between us and what unpacks, which throws away what is whole when it meets what is not.
  const bytes = new PassThrough();
  const source = Readable.from(packed);
  source.on('error', (error) => bytes.destroy(error));
  unpacking.on('error', ({ code }: NodeJS.ErrnoException) => {
    onDamage(String(code));
    bytes.end();
  });
  source.pipe(unpacking).pipe(bytes);
  try {
    yield* bytes as AsyncIterable<Buffer>;
  } finally {
    unpacking.destroy();
    source.destroy();
    // It may still be reading.
    if (!source.closed) await once(source, 'close');
  }
}
