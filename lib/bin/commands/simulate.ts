import { lastValueFrom, take } from 'rxjs';
import type { SimulatePlan } from '../Plan.js';
import { simulated } from '../sources.js';
import { stopped, type Io } from '../terminal.js';

/** Runs a simulated market for other programs until it is stopped. */
export const simulate = ({ simulation, length }: SimulatePlan, io: Io): Promise<void> =>
  simulated(simulation, async (url, restUrl) => {
    io.stdout.write(`${url}\n${restUrl}\n`);
    io.stderr.write(
      'rxtape: iTick, TickFlow and Binance are simulated here; token and key are "demo"; Ctrl-C ends them\n',
    );
    await lastValueFrom(stopped(io, length).pipe(take(1)));
  });
