import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of live heap, after the garbage is gone. */
export const liveHeap = (): number => {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
};

/** What keeps the process alive because of sockets and timers, counted by kind. */
export const handles = (): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (/^TCP|Timeout|Immediate/.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Lets the event loop turn until the check holds; sockets take some turns to close. Says the last failure. */
export const eventually = async (check: () => void, turns = 100_000): Promise<void> => {
  for (let left = turns; left > 0; left--) {
    try {
      check();
      return;
    } catch {
      await turn();
    }
  }
  check();
};

/** How many frames the stack has here. */
export const stackDepth = (): number => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = Infinity;
  const depth = (new Error().stack ?? '').split('\n').length;
  Error.stackTraceLimit = stackTraceLimit;
  return depth;
};
