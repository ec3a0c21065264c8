import { audit, defer, share, timer, type MonoTypeOperatorFunction, type Observable } from 'rxjs';

/** Milliseconds between two beats: five times a second is as fast as figures can be read. */
const BEAT = 200;
/** So many parts a beat has. What changes together costs one frame, and no frame has to show all. */
const PARTS = 4;
/** Milliseconds between two parts. All that changes by itself does so on one of them, by the clock of the page. */
export const STEP = BEAT / PARTS;

/** The next time of a part, for all who wait for it. It is counted by the clock, as a timer for each would begin anew. */
const parts = Array.from({ length: PARTS }, (_, part): Observable<number> => {
  const since = (): number => (performance.now() + BEAT - part * STEP) % BEAT;
  return defer(() => timer(BEAT - since())).pipe(share());
});

/** The latest value of each beat, at its part of it; `waiting` may let it wait for something else. */
export const onBeat = <T>(
  part: () => number,
  waiting = (beat$: Observable<unknown>): Observable<unknown> => beat$,
): MonoTypeOperatorFunction<T> => audit(() => waiting(parts[part() % PARTS] ?? timer(BEAT)));

/** The part of a row. */
export const partOf = (symbol: string): number => symbol.charCodeAt(symbol.indexOf('.') - 1) || 0;

/** The parts of what is beside the list. */
export const aside = { ladder: () => 0, tape: () => 2, bars: () => 3, head: () => 1 } as const;
