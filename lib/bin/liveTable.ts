import { tap } from 'rxjs';
import { newBoard } from './board.js';
import type { Clock } from './Clock.js';
import type { Io } from './Io.js';
import { liveScreen } from './liveScreen.js';
import type { Heard } from './openSource.js';
import type { Plan } from './Plan.js';
import { renderBoard } from './renderBoard.js';

/** Keeps a table of all that is watched on a terminal. Completes when somebody quits. */
export const liveTable = (
  { sources, title, colors }: Pick<Plan, 'sources' | 'title' | 'colors'>,
  io: Pick<Io, 'stdin' | 'stdout'>,
  clock?: Clock,
) =>
  liveScreen(
    (now) => {
      const board = newBoard(sources, now);
      const channels = new Set(sources.flatMap(({ topics }) => topics.map(({ channel }) => channel)));
      return {
        watch: tap<Heard>(({ source, event }) => board.hear(source, event)),
        count: board.count,
        lines: (frame) => renderBoard(board.parts(), { title, colors, channels, ...frame }),
      };
    },
    io,
    clock,
  );
