import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { InvalidOption } from '../../model/errors.js';
import { atFrames } from './zstdFrames.js';

/** How a file is packed, by the end of its name. */
export interface Compression {
  /** Packs a block so that it can be unpacked alone; blocks may follow each other in a file. */
  readonly pack: (block: Buffer) => Promise<Buffer>;
  /** What a block begins with and what nothing else holds, if there is such a thing. */
  readonly mark?: Buffer;
  /** Unpacks a block at once; undefined when it is damaged, cut off, or has to be unpacked in pieces. */
  readonly unpackBlock: (block: Buffer) => Buffer | undefined;
  /** Cuts what is to be unpacked in pieces as `unpack` needs it. */
  readonly aligned?: (pieces: AsyncIterable<Buffer>) => AsyncIterable<Buffer>;
  /** Unpacks blocks, and of one that was cut off what is whole. Absent where nothing is packed. */
  readonly unpack?: () => Transform;
}

/** Younger than the typings of Node 20, and absent there. */
interface Zstd {
  readonly zstdCompress?: (block: Buffer, done: (error: Error | null, packed: Buffer) => void) => void;
  readonly createZstdDecompress?: () => Transform;
}

const plain: Compression = {
  pack: (block) => Promise.resolve(block),
  unpackBlock: () => undefined,
};

/** The header that Node writes. Text has no such bytes, and packed ones have them by chance once in 10^19. */
const GZIP_HEADER = Buffer.from('1f8b080000000000', 'hex');
/** A block of ours holds at most so many bytes. */
const LARGEST_BLOCK = 2 ** 26;

const gzip: Compression = {
  pack: promisify<Buffer, Buffer>(zlib.gzip),
  mark: GZIP_HEADER,
  unpackBlock: (block) => {
    try {
      return zlib.gunzipSync(block, { maxOutputLength: LARGEST_BLOCK });
    } catch {
      return undefined;
    }
  },
  // By default the end of a file in the middle of a block is an error, and all that came before in it is withheld.
  unpack: () => zlib.createGunzip({ finishFlush: zlib.constants.Z_SYNC_FLUSH }),
};

/** The compression of a path; throws `InvalidOption` for `.zst` where Node has none. */
export const compressionOf = (
  path: string,
  { zstdCompress, createZstdDecompress }: Zstd = zlib as object,
): Compression => {
  if (path.endsWith('.gz')) return gzip;
  if (!path.endsWith('.zst')) return plain;
  if (!zstdCompress || !createZstdDecompress) {
    throw new InvalidOption('path', path, 'this Node has no zstd; use .gz, or Node 22.15 or later');
  }
  return {
    pack: promisify(zstdCompress),
    unpackBlock: () => undefined,
    aligned: atFrames,
    unpack: () => createZstdDecompress(),
  };
};

export const isCompressed = (path: string): boolean => /\.(gz|zst)$/.test(path);
