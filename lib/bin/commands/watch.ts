import {
  asyncScheduler,
  identity,
  lastValueFrom,
  merge,
  takeUntil,
  tap,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import { isMarketEvent } from '../../index.js';
import { jsonLines, plainLines } from '../lines.js';
import { repairing } from '../past.js';
import type { Plan, Presentation } from '../Plan.js';
import { openSource, reachable, simulated, type SourceEvent } from '../sources.js';
import { stopped, type Clock, type Io } from '../terminal.js';
import { jsonBooks, liveLadder, plainBooks, withBooks } from '../views/book.js';
import { jsonBars, liveBars, plainBars, withBars } from '../views/klines.js';
import { jsonHealth, liveHealth, plainHealth, withHealth } from '../views/health.js';
import { liveTable } from '../views/watch.js';

/** Shows live data until it is stopped. */
export const watch = (plan: Plan, io: Io): Promise<void> =>
  simulated(plan.simulation, async (url, restUrl) => {
    const { stdout, stderr } = io;
    const startedAt = asyncScheduler.now();
    const heard = { isServed: false, why: '' };
    const events$ = merge(
      ...plan.sources.map((source) =>
        openSource(source, { url, restUrl, repair: repairing(source, plan, restUrl) }).pipe(
          plan.isFirstLook ? reachable(source) : identity,
        ),
      ),
    ).pipe(
      tap(({ event }) => {
        if (isMarketEvent(event) || event.kind === 'subscribed') heard.isServed = true;
        else if (event.kind === 'refused') heard.why = `: ${event.reason}`;
        else if (event.kind === 'disconnected') heard.why = `: ${event.cause.message}`;
      }),
    );
    const display = plan.display === 'table' && !stdout.isTTY ? 'lines' : plan.display;
    if (display !== 'table')
      stderr.write(`rxtape: watching ${plan.title}${plan.note === undefined ? '' : `; ${plan.note}`}\n`);
    const picture$ = shown((make) => events$.pipe(make), plan, display, io);
    await lastValueFrom(picture$.pipe(takeUntil(stopped(io, plan.length))), { defaultValue: undefined });
    const isTimeUp = asyncScheduler.now() - startedAt >= (plan.length ?? Infinity);
    if (isTimeUp && !heard.isServed) throw new Error(`nothing was served in that time${heard.why}`);
  });

/** Opens all sources, and makes of their events what is wanted, by the clock of the sources: in a replay, its own. */
export type OpenFeeds = <A>(make: OperatorFunction<SourceEvent, A>) => Observable<A>;

/** Shows what the sources bring, by the clock of this machine. */
export const shown = (open: OpenFeeds, plan: Presentation, display: Plan['display'], io: Io, clock?: Clock) => {
  const { view, simulated } = plan;
  const { stdout } = io;
  switch (view.kind) {
    case 'watch': {
      if (view.health) {
        const show = {
          table: () => liveHealth(plan, io, clock),
          json: () => jsonHealth(stdout),
          lines: () => plainHealth(stdout),
        };
        return open(withHealth(simulated)).pipe(show[display]());
      }
      const show = {
        table: () => liveTable(plan, io, clock),
        json: () => jsonLines(stdout),
        lines: () => plainLines(stdout),
      };
      return open((events$) => events$).pipe(show[display]());
    }
    case 'book': {
      const { levels } = view;
      const show = {
        table: () => liveLadder(plan, levels, io, clock),
        json: () => jsonBooks(stdout),
        lines: () => plainBooks(stdout),
      };
      return open(withBooks(levels)).pipe(show[display]());
    }
    case 'klines': {
      const { interval } = view;
      const show = {
        table: () => liveBars(plan, io, clock),
        json: () => jsonBars(stdout),
        lines: () => plainBars(stdout),
      };
      return open(withBars({ interval, simulated, forming: display === 'table' })).pipe(show[display]());
    }
  }
};
