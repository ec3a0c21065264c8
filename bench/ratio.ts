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

/**
 * The CPU time of several pieces of work in each round, in nanoseconds. Each has two turns a round, there and back, and
 * each is the first as often as any other.
 */
export const turnsOf = (works: readonly (() => void)[], rounds = 61): readonly (readonly number[])[] => {
  const times = works.map(() => new Array<number>(rounds).fill(0));
  for (let warm = 0; warm < 20; warm++) for (const work of works) work();
  for (let round = 0; round < rounds; round++) {
    const there = works.map((_, i) => (i + round) % works.length);
    for (const i of [...there, ...there.reverse()]) times[i]![round]! += timed(works[i]!);
  }
  return times;
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
