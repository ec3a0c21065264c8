/** Values in the order of arrival, of which the first and the last can be taken. */
export interface Fifo<A> {
  readonly size: () => number;
  readonly put: (value: A) => void;
  readonly shift: () => A | undefined;
  readonly pop: () => A | undefined;
}

/** A ring that grows, so that a value that waits is no object of its own. */
export const fifo = <A>(): Fifo<A> => {
  let places = empty<A>(16);
  let first = 0;
  let size = 0;

  const take = (at: number): A | undefined => {
    const value = places[at];
    places[at] = undefined;
    size -= 1;
    return value;
  };
  const grow = (): void => {
    const all = [...places.slice(first), ...places.slice(0, first)];
    places = [...all, ...empty<A>(all.length)];
    first = 0;
  };

  return {
    size: () => size,
    put: (value) => {
      if (size === places.length) grow();
      places[(first + size) & (places.length - 1)] = value;
      size += 1;
    },
    shift: () => {
      if (size === 0) return undefined;
      const at = first;
      first = (first + 1) & (places.length - 1);
      return take(at);
    },
    pop: () => (size === 0 ? undefined : take((first + size - 1) & (places.length - 1))),
  };
};

/** As many places as a power of two, none of which is a hole. */
const empty = <A>(count: number): (A | undefined)[] => new Array<A | undefined>(count).fill(undefined);
