import type { Observable, OperatorFunction } from 'rxjs';
import { jsonBars, liveBars, plainBars, withBars } from './bars.js';
import { jsonBooks, liveLadder, plainBooks, withBooks } from './books.js';
import type { Clock } from './Clock.js';
import type { Io } from './Io.js';
import { jsonLines, plainLines } from './lines.js';
import { liveTable } from './liveTable.js';
import type { Heard } from './openSource.js';
import type { Picturing, Plan } from './Plan.js';

/** Opens all sources, and makes of what they say what is wanted, by the time of whoever says it. */
export type Opening = <A>(make: OperatorFunction<Heard, A>) => Observable<A>;

/** Shows what an opening brings, by the time of whoever looks on. */
export const shown = (opening: Opening, plan: Picturing, display: Plan['display'], io: Io, clock?: Clock) => {
  const { command, simulated } = plan;
  const { stdout } = io;
  switch (command.kind) {
    case 'watch': {
      const show = {
        table: () => liveTable(plan, io, clock),
        json: () => jsonLines(stdout),
        lines: () => plainLines(stdout),
      };
      return opening((heard$) => heard$).pipe(show[display]());
    }
    case 'book': {
      const { levels } = command;
      const show = {
        table: () => liveLadder(plan, levels, io, clock),
        json: () => jsonBooks(stdout),
        lines: () => plainBooks(stdout),
      };
      return opening(withBooks(levels)).pipe(show[display]());
    }
    case 'klines': {
      const { interval } = command;
      const show = {
        table: () => liveBars(plan, io, clock),
        json: () => jsonBars(stdout),
        lines: () => plainBars(stdout),
      };
      return opening(withBars({ interval, simulated, forming: display === 'table' })).pipe(show[display]());
    }
  }
};
