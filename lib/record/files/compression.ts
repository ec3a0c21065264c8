import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { InvalidOption } from '../../model/errors.js';

/** How a file is packed, by the end of its name. */
export interface Compression {
  /** Packs a block so that it can be unpacked alone; blocks may follow each other in a file. */
  readonly pack: (block: Buffer) => Promise<Buffer>;
  /** Unpacks a file, and of one that was cut off what is whole; undefined where there is nothing to do. */
  readonly unpack: () => Transform | undefined;
}

/** Younger than the typings of Node 20, and absent there. */
interface Zstd {
  readonly zstdCompress?: (block: Buffer, done: (error: Error | null, packed: Buffer) => void) => void;
  readonly createZstdDecompress?: () => Transform;
}

const plain: Compression = { pack: (block) => Promise.resolve(block), unpack: () => undefined };

const gzip: Compression = {
  pack: promisify<Buffer, Buffer>(zlib.gzip),
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
  return { pack: promisify(zstdCompress), unpack: () => createZstdDecompress() };
};

export const isCompressed = (path: string): boolean => /\.(gz|zst)$/.test(path);
