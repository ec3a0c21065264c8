/** The middle of the values. */
export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/**
 * How many times as long one piece of work takes as another: short slices in turn (A B B A), a ratio for each round, the
 * median of the rounds. Absolute times drift twofold on a shared machine; ratios of neighbours do not.
 */
export const ratioOf = (
  work: () => void,
  floor: () => void,
  rounds = 61,
): { readonly ratio: number; readonly floorNs: number } => {
  const ratios: number[] = [];
  const floors: number[] = [];
  for (let warm = 0; warm < 20; warm++) {
    work();
    floor();
  }
  for (let round = 0; round < rounds; round++) {
    const first = timed(work);
    const second = timed(floor) + timed(floor);
    ratios.push((first + timed(work)) / second);
    floors.push(second / 2);
  }
  return { ratio: median(ratios), floorNs: median(floors) };
};

/** CPU time, in nanoseconds: what another process takes meanwhile is not counted. */
const timed = (work: () => void): number => {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) * 1_000;
};

/** Bytes of heap that a piece of work allocates; the young generation has to be large enough to hold them. */
export const bytesOf = (work: () => void): number => {
  for (let warm = 0; warm < 20; warm++) work();
  const samples = Array.from({ length: 9 }, () => {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    work();
    return process.memoryUsage().heapUsed - before;
  });
  return median(samples);
};
