import { audit, share, timer, type MonoTypeOperatorFunction, type Observable } from 'rxjs';

/** Milliseconds between two beats: five times a second is as fast as figures can be read. */
const BEAT = 200;
/** So many parts a beat has. What changes together costs one frame, and no frame has to show all. */
const PARTS = 8;

const parts = Array.from({ length: PARTS }, (_, part): Observable<number> => {
  const offset = (part * BEAT) / PARTS;
  return timer(offset, BEAT).pipe(share());
});

/** The latest value of each beat, at its part of it. */
export const onBeat = <T>(part: () => number): MonoTypeOperatorFunction<T> =>
  audit(() => parts[part() % PARTS] ?? timer(BEAT));

/** The part of a row: every other one, so that what is beside the list has parts of its own. */
export const partOf = (symbol: string): number => 2 * ((symbol.charCodeAt(symbol.indexOf('.') - 1) || 0) % (PARTS / 2));

/** The parts of what is beside the list. */
export const aside = { ladder: () => 1, tape: () => 3, bars: () => 5, head: () => 7 } as const;
