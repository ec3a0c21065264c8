import type { TabChannel, TabLocks, TabTools } from '../../../lib/share/tabs/TabTools.js';

interface Request {
  readonly tab: number;
  readonly held: () => Promise<void> | undefined;
  readonly resolve: (result: unknown) => void;
}

/** A queue for each lock; the first in it holds it. Locks are granted in tasks of their own, as in browsers. */
const aLockManager = () => {
  const queues = new Map<string, Request[]>();

  const grant = (name: string): void => {
    const first = queues.get(name)?.[0];
    if (first === undefined) return;
    setTimeout(() => {
      if (queues.get(name)?.[0] !== first) return;
      void Promise.resolve(first.held()).then((result) => {
        first.resolve(result);
        leave(name, first);
      });
    });
  };
  const leave = (name: string, request: Request): void => {
    const queue = queues.get(name) ?? [];
    const held = queue[0] === request;
    queues.set(
      name,
      queue.filter((other) => other !== request),
    );
    if (held) grant(name);
  };

  return {
    locksOf: (tab: number): TabLocks => ({
      request: (name, { signal }, held) =>
        new Promise((resolve, reject) => {
          const request: Request = { tab, resolve, held: () => (signal?.removeEventListener('abort', abort), held()) };
          const abort = (): void => {
            leave(name, request);
            reject(new DOMException('The request was aborted.', 'AbortError'));
          };
          signal?.addEventListener('abort', abort);
          const queue = queues.get(name) ?? [];
          queues.set(name, [...queue, request]);
          if (queue.length === 0) grant(name);
        }),
    }),
    release: (tab: number): void => {
      for (const [name, queue] of queues) {
        queue.filter((request) => request.tab === tab).forEach((request) => leave(name, request));
      }
    },
    count: (): number => [...queues.values()].flat().length,
  };
};

/** The tabs of one origin: locks and channels that reach from one to the other. Its clock is that of jest. */
export const aBrowser = () => {
  const ears = new Map<TabChannel, { readonly tab: number; readonly hear: (data: unknown) => void }>();
  const { locksOf, release, count } = aLockManager();
  const crashed = new Set<number>();
  const said: unknown[] = [];
  let tabs = 0;

  return {
    openTab: () => {
      const tab = tabs++;
      const openChannel = (): TabChannel => {
        const channel: TabChannel = {
          postMessage: (message) => {
            if (crashed.has(tab)) return;
            const data: unknown = structuredClone(message);
            said.push(data);
            const others = [...ears].filter(([other]) => other !== channel);
            // A moment, and not none: jest's timers of 0 ms overtake each other, and messages do not.
            setTimeout(() => others.forEach(([other, { hear }]) => ears.has(other) && hear({ data })), 1);
          },
          addEventListener: (_, listener) => ears.set(channel, { tab, hear: listener as (data: unknown) => void }),
          close: () => ears.delete(channel),
        };
        return channel;
      };
      return {
        tools: { locks: locksOf(tab), openChannel } satisfies TabTools,
        /** The tab hears nothing any more, but is there. */
        deafen: (): void => {
          for (const [channel, ear] of ears) if (ear.tab === tab) ears.delete(channel);
        },
        /** The tab is gone without a word: its code runs on in the test, but nobody hears it. */
        crash: (): void => {
          crashed.add(tab);
          for (const [channel, ear] of ears) if (ear.tab === tab) ears.delete(channel);
          release(tab);
        },
      };
    },
    /** What a page with other code, such as another version of the app, says on the channels. */
    say: (data: unknown): void => ears.forEach(({ hear }) => hear({ data })),
    /** All that was ever said between tabs. */
    said: said as readonly Readonly<Record<string, unknown>>[],
    /** Locks held or waited for, and open channels. */
    left: () => ({ locks: count(), channels: ears.size }),
  };
};
