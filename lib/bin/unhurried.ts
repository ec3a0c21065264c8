import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Cassette } from '../record/index.js';

/** A cassette that is read no faster than a stream takes what is made of it. */
export const unhurried = (cassette: Cassette, out: Writable): Cassette => ({
  name: cassette.name,
  blocks: async function* (...only) {
    for await (const block of cassette.blocks(...only)) {
      yield block;
      // Whoever left is noticed elsewhere.
      if (out.writableNeedDrain) await once(out, 'drain').catch(() => undefined);
    }
  },
});
