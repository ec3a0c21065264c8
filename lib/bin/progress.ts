import { asyncScheduler, finalize, from, ignoreElements, interval, lastValueFrom, merge, takeUntil, tap } from 'rxjs';
import type { Cassette } from '../record/index.js';
import { amount, elapsed, printable } from './format.js';
import type { Io } from './Io.js';
import { statusLine } from './statusLine.js';

/** Milliseconds until the first word, and between two. */
const EVERY = 2_000;

/** Says on stderr how far the reading of recordings is, where that takes long. */
export interface Progress {
  /** The same cassette; its entries are counted while it is read. */
  readonly counted: (cassette: Cassette) => Cassette;
  /** Waits for a work that reads, and says meanwhile how far it is. */
  readonly during: <T>(work: Promise<T>) => Promise<T>;
}

export const newProgress = ({ stderr }: Pick<Io, 'stderr'>, name: string): Progress => {
  let entries = 0;
  const begun = asyncScheduler.now();
  return {
    counted: (cassette) => ({
      name: cassette.name,
      blocks: async function* (...only) {
        for await (const block of cassette.blocks(...only)) {
          entries += block.length;
          yield block;
        }
      },
    }),
    during: async (work) => {
      const status = statusLine(stderr, stderr.isTTY === true);
      let said = false;
      const done$ = from(work);
      const beats$ = interval(EVERY).pipe(
        tap(() => {
          said = true;
          const far = `${amount(entries)} ${entries === 1 ? 'entry' : 'entries'} in ${elapsed(asyncScheduler.now() - begun)}`;
          status.show(`rxtape: reading ${printable(name)}: ${far}; Ctrl-C ends it`);
        }),
        ignoreElements(),
        takeUntil(done$),
        finalize(() => {
          if (said) status.end();
        }),
      );
      return lastValueFrom(merge(done$, beats$));
    },
  };
};
