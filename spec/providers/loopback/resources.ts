import { createHook, type AsyncHook } from 'node:async_hooks';
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

let counting: AsyncHook | undefined;

/**
 * Counts the sockets and timers that were made since and are still open, by kind. What others of this process hold does not count: the
 * idle connections of a `fetch` outlive the spec file that made them. A second call ends the first count.
 */
export const newHandles = (kinds = /^(?:TCP|Timeout)/): (() => Readonly<Record<string, number>>) => {
  const open = new Map<number, string>();
  counting?.disable();
  counting = createHook({
    init: (id, kind) => kinds.test(kind) && open.set(id, kind),
    destroy: (id) => open.delete(id),
  }).enable();
  return () => {
    const counts: Record<string, number> = {};
    for (const kind of open.values()) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  };
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
