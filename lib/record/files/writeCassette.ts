import { promises } from 'node:fs';
import type { Cassette } from '../Cassette.js';
import { entryLine } from '../entryLine.js';
import { compressionOf } from './compression.js';

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
