import {
  defer,
  endWith,
  finalize,
  ignoreElements,
  merge,
  takeUntil,
  takeWhile,
  tap,
  timer,
  type Observable,
} from 'rxjs';
import { here, type Clock } from './Clock.js';
import { clock as timeOfDay } from './format.js';
import type { Frame } from './frame.js';
import type { Io } from './Io.js';
import type { Heard } from './openSource.js';
import { quitKeys } from './quitKeys.js';
import { openScreen } from './screen.js';

/** What is kept of all that is heard, and how it looks. */
export interface Picture<A = Heard> {
  /** Takes in what is heard; what that emits is of no interest. */
  readonly watch: (heard$: Observable<A>) => Observable<unknown>;
  /** Counts the rates of all links anew. */
  readonly count: (now: number) => void;
  readonly lines: (frame: Pick<Frame, 'hint' | 'width' | 'height' | 'now'>) => readonly string[];
}

/** Milliseconds between two frames. */
const BEAT = 100;
const BEATS_PER_COUNT = 10;

const OVER = 'over';

/**
 * Keeps a picture on a terminal, drawn at most ten times a second whatever the load. Completes when somebody quits, and
 * when there is nothing more to hear.
 */
export const liveScreen =
  <A = Heard>(
    pictureAt: (now: number) => Picture<A>,
    { stdin, stdout }: Pick<Io, 'stdin' | 'stdout'>,
    { now, foreign }: Clock = here,
  ) =>
  (heard$: Observable<A>): Observable<never> =>
    defer(() => {
      const picture = pictureAt(now());
      const lines = (frame: Partial<Frame>): readonly string[] => {
        const { columns: width = 80, rows: height = 24 } = stdout;
        return picture.lines({ hint: '', width, height, now: now(), ...frame });
      };
      const screen = openScreen(stdout);
      const frames$ = timer(0, BEAT).pipe(
        tap((beat) => {
          if (beat % BEATS_PER_COUNT === 0) picture.count(now());
          screen.draw(lines({ hint: `${foreign ? `${timeOfDay(now()).slice(0, 8)}  ` : ''}q or Ctrl-C quits` }));
        }),
      );
      const heardOut$ = picture.watch(heard$).pipe(ignoreElements(), endWith(OVER));
      return merge(heardOut$, frames$.pipe(ignoreElements())).pipe(
        takeWhile((said) => said !== OVER),
        ignoreElements(),
        finalize(() => screen.leave(lines({ height: Infinity }))),
      );
    }).pipe(
      // Listens for keys before the screen opens: a job in the background is stopped here, with its terminal untouched.
      takeUntil(quitKeys(stdin)),
    );
