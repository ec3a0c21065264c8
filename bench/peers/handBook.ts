/** One side of a book as the floor keeps it: two typed arrays with the best at the end, where most of the change is. */
export interface HandSide {
  readonly set: (price: number, size: number) => void;
  /** Writes price and size of the best so many levels; fewer levels leave zeros. */
  readonly top: (levels: number, out: Float64Array, at: number) => void;
}

/** `sign` is 1 for bids, -1 for asks; a size of zero takes the level away. */
export const handSide = (sign: 1 | -1, capacity: number): HandSide => {
  const prices = new Float64Array(capacity);
  const sizes = new Float64Array(capacity);
  let length = 0;
  return {
    set: (price, size) => {
      const key = sign * price;
      // Steps that double, from the best level on: most updates are near it.
      let step = 1;
      while (step <= length && prices[length - step]! > key) step *= 2;
      let low = Math.max(0, length - step);
      let high = length - (step >> 1);
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (prices[middle]! < key) low = middle + 1;
        else high = middle;
      }
      const found = low < length && prices[low] === key;
      if (size !== 0 && found) sizes[low] = size;
      else if (size !== 0) {
        for (let i = length; i > low; i--) {
          prices[i] = prices[i - 1]!;
          sizes[i] = sizes[i - 1]!;
        }
        prices[low] = key;
        sizes[low] = size;
        length += 1;
      } else if (found) {
        length -= 1;
        for (let i = low; i < length; i++) {
          prices[i] = prices[i + 1]!;
          sizes[i] = sizes[i + 1]!;
        }
      }
    },
    top: (levels, out, at) => {
      for (let i = 0; i < levels; i++) {
        const from = length - 1 - i;
        out[at + 2 * i] = from < 0 ? 0 : sign * prices[from]!;
        out[at + 2 * i + 1] = from < 0 ? 0 : sizes[from]!;
      }
    },
  };
};
