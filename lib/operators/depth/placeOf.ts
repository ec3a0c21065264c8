/**
 * The first of `used` ascending numbers that is not below the key: where it is, or belongs.
 *
 * It gallops from the end, because most of what is looked for is near it.
 */
export const placeOf = (key: number, keys: Float64Array, used: number): number => {
  let high = used;
  let low = used - 1;
  for (let step = 1; low >= 0 && (keys[low] as number) >= key; step *= 2) {
    high = low;
    low -= step;
  }
  low = low < 0 ? 0 : low + 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as number) < key) low = middle + 1;
    else high = middle;
  }
  return low;
};
