/** The distribution of a figure, in bounded memory: large values are counted to three digits. */
export interface Tally {
  readonly add: (value: number) => void;
  readonly count: () => number;
  /** The least value that is not below such a part of all: 0.5 for the median; undefined of nothing. */
  readonly quantile: (part: number) => number | undefined;
}

export const newTally = (): Tally => {
  const counts = new Map<number, number>();
  let total = 0;
  return {
    add: (value) => {
      const rounded = Math.abs(value) < 1_000 ? Math.round(value) : Number(value.toPrecision(3));
      counts.set(rounded, (counts.get(rounded) ?? 0) + 1);
      total += 1;
    },
    count: () => total,
    quantile: (part) => {
      let left = Math.max(1, Math.ceil(part * total));
      for (const [value, count] of [...counts].sort(([a], [b]) => a - b)) {
        left -= count;
        if (left <= 0) return value;
      }
      return undefined;
    },
  };
};
