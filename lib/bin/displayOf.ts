import type { OperatorFunction } from 'rxjs';
import { jsonBars, liveBars, plainBars } from './bars.js';
import { jsonBooks, liveLadder, plainBooks } from './books.js';
import type { Io } from './Io.js';
import { jsonLines, plainLines } from './lines.js';
import { liveTable } from './liveTable.js';
import type { Heard } from './openSource.js';
import type { Plan } from './Plan.js';

/** How what is heard is shown. */
export const displayOf = (plan: Plan, display: Plan['display'], io: Io): OperatorFunction<Heard, never> => {
  const { command, simulation } = plan;
  const { stdout } = io;
  switch (command.kind) {
    case 'watch':
      return { table: () => liveTable(plan, io), json: () => jsonLines(stdout), lines: () => plainLines(stdout) }[
        display
      ]();
    case 'book': {
      const { levels } = command;
      return {
        table: () => liveLadder(plan, levels, io),
        json: () => jsonBooks(stdout, levels),
        lines: () => plainBooks(stdout, levels),
      }[display]();
    }
    case 'klines': {
      const making = { interval: command.interval, simulation };
      return {
        table: () => liveBars(plan, making, io),
        json: () => jsonBars(stdout, making),
        lines: () => plainBars(stdout, making),
      }[display]();
    }
  }
};
