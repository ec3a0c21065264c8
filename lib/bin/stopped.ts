import { fromEvent, map, merge, NEVER, timer, type Observable } from 'rxjs';
import type { Io, Output } from './Io.js';

/** Emits when somebody asks for the end, when the time is up, and when nobody reads any more; fails when writing does. */
export const stopped = ({ stdout, interrupted$ }: Pick<Io, 'stdout' | 'interrupted$'>, length: number | undefined) =>
  merge(interrupted$, length === undefined ? NEVER : timer(length), readerLeft(stdout));

/** Emits when nobody reads any more; fails when writing fails for any other reason. */
const readerLeft = (out: Output): Observable<unknown> =>
  fromEvent(out, 'error').pipe(
    map((error) => {
      if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error as Error;
    }),
  );
