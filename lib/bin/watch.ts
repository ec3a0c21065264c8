import { lastValueFrom, merge, takeUntil } from 'rxjs';
import type { Io } from './Io.js';
import { openSource } from './openSource.js';
import type { Plan } from './Plan.js';
import { shown } from './shown.js';
import { simulated } from './simulated.js';
import { stopped } from './stopped.js';

/** Shows live data until somebody stops it. */
export const watch = (plan: Plan, io: Io): Promise<void> =>
  simulated(plan.simulation, async (url) => {
    const { stdout, stderr } = io;
    const heard$ = merge(...plan.sources.map((source) => openSource(source, { url })));
    const display = plan.display === 'table' && !stdout.isTTY ? 'lines' : plan.display;
    if (display !== 'table') stderr.write(`rxtape: watching ${plan.title}\n`);
    const picture$ = shown((make) => heard$.pipe(make), plan, display, io);
    await lastValueFrom(picture$.pipe(takeUntil(stopped(io, plan.length))), { defaultValue: undefined });
  });
