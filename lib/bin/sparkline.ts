const BLOCKS = '▁▂▃▄▅▆▇█';
const ASCII = '_.-:=+*#';

/** Numbers as one character each, from the lowest of them to the highest; all in the middle when none differs. */
export const sparkline = (values: readonly number[], blocks: boolean): string => {
  const ramp = blocks ? BLOCKS : ASCII;
  const low = Math.min(...values);
  const range = Math.max(...values) - low;
  const height = (value: number): number => (range === 0 ? 0.5 : (value - low) / range);
  return values
    .map((value) => ramp.charAt(Math.min(ramp.length - 1, Math.floor(height(value) * ramp.length))))
    .join('');
};
