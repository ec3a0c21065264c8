/** Things to look at, each at its time, or in its turn. */
export interface DueQueue<T> {
  readonly add: (item: T, due: number) => void;
  /** When the first is due; `Infinity` when there is none. */
  readonly next: () => number;
  /** The first, whenever it is due. */
  readonly first: () => T | undefined;
  /** Takes the first that is due by now. */
  readonly take: (now: number) => { readonly item: T; readonly due: number } | undefined;
}

interface Entry<T> {
  readonly item: T;
  readonly due: number;
}

/** A binary heap: each step costs the logarithm of what waits. */
export const dueQueue = <T>(): DueQueue<T> => {
  const heap: Entry<T>[] = [];
  const dueOf = (index: number): number => heap[index]?.due ?? Infinity;

  const rise = (entry: Entry<T>): void => {
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (!above || above.due <= entry.due) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  };

  const sink = (entry: Entry<T>): void => {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const child = dueOf(left + 1) < dueOf(left) ? left + 1 : left;
      const below = heap[child];
      if (!below || below.due >= entry.due) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = entry;
  };

  return {
    add: (item, due) => rise({ item, due }),
    next: () => dueOf(0),
    first: () => heap[0]?.item,
    take: (now) => {
      const first = heap[0];
      if (!first || first.due > now) return undefined;
      const last = heap.pop();
      if (last && heap.length > 0) sink(last);
      return first;
    },
  };
};
