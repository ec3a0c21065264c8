import { fromEvent, merge } from 'rxjs';
import type { Io } from './Io.js';

/** The streams and signals of this process. A second signal ends it at once, as nobody listens any more. */
export const processIo = (): Io => ({
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  interrupted$: merge(...['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => fromEvent(process, signal))),
});
