import { once } from 'node:events';
import { PassThrough, Readable, type Transform } from 'node:stream';
import type { Compression } from './compression.js';
import { cut, type Piece } from './cut.js';

/** Blocks up to this size, in bytes as they are packed, are unpacked in one go, which is much faster. */
const AT_ONCE = 2 ** 20;

/** Of a block that is damaged, so many bytes are unpacked at a time. */
const CRUMB = 2 ** 8;

/** Ends a line that is torn, lest the next block be taken for its rest. */
const LINE_END = Buffer.from('\n');

/**
 * What is in a packed file. Of a block that is damaged it is what comes before the damage; `onDamage` is told, and the
 * next one is read. The last block may be cut off.
 */
export async function* unpacked(
  file: AsyncIterable<Buffer>,
  { mark, unpack, unpackBlock }: Compression,
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
        yield* inPieces(chained(held, next), unpack(), (code) => (damage = code));
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
