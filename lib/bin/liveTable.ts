import { asyncScheduler, finalize, defer, ignoreElements, merge, takeUntil, tap, timer, type Observable } from 'rxjs';
import { newBoard } from './board.js';
import type { Io } from './Io.js';
import type { Heard } from './openSource.js';
import type { Plan } from './Plan.js';
import { quitKeys } from './quitKeys.js';
import { renderBoard, type View } from './renderBoard.js';
import { openScreen } from './screen.js';

/** Milliseconds between two frames. */
const FRAME = 100;
const FRAMES_PER_COUNT = 10;

/** Keeps a table on a terminal, drawn at most ten times a second whatever the load. Completes when somebody quits. */
export const liveTable =
  (
    { sources, title, colors }: Pick<Plan, 'sources' | 'title' | 'colors'>,
    { stdin, stdout }: Pick<Io, 'stdin' | 'stdout'>,
  ) =>
  (heard$: Observable<Heard>): Observable<never> =>
    defer(() => {
      const board = newBoard(sources, asyncScheduler.now());
      const channels = new Set(sources.flatMap(({ topics }) => topics.map(({ channel }) => channel)));
      const lines = (view: Partial<View>): readonly string[] => {
        const { columns: width = 80, rows: height = 24 } = stdout;
        const now = asyncScheduler.now();
        return renderBoard(board.parts(), { title, hint: '', channels, colors, width, height, now, ...view });
      };
      const screen = openScreen(stdout);
      const frames$ = timer(0, FRAME).pipe(
        tap((frame) => {
          if (frame % FRAMES_PER_COUNT === 0) board.count(asyncScheduler.now());
          screen.draw(lines({ hint: 'q or Ctrl-C quits' }));
        }),
      );
      return merge(heard$.pipe(tap(({ source, event }) => board.hear(source, event))), frames$).pipe(
        ignoreElements(),
        finalize(() => screen.leave(lines({ height: Infinity }))),
      );
    }).pipe(
      // Listens for keys before the screen opens: a job in the background is stopped here, with its terminal untouched.
      takeUntil(quitKeys(stdin)),
    );
