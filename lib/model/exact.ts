/**
 * Arithmetic of decimal figures that are kept as binary fractions. What a vendor sends with up to 15 significant digits
 * stays what it is: 0.1 + 0.2 is 0.3. Longer figures are added up as they are.
 */

/** 10 to the power of 0 to 22: the powers that a number holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/** The distance of a number of 1 to the next one. */
export const EPSILON = 2 ** -52;

/**
 * The decimal of 15 digits that a result stands for, if it is no further away than rounding explains. `scale` is the
 * largest of the figures it was made of: the rounding is as large as that of the largest.
 */
export const tidy = (value: number, scale: number = value): number => {
  const size = Math.abs(scale);
  if (Number.isInteger(value) || !(size < 1e15)) return value;
  const decimals = Math.min(14 - Math.floor(Math.log10(size)), 22);
  const power = POWERS[decimals] ?? 1;
  const decimal = Math.round(value * power) / power;
  // Adding 0 makes 0 of -0.
  return Math.abs(decimal - value) <= 2 * EPSILON * size ? decimal + 0 : value;
};

export const plus = (a: number, b: number): number => {
  const sum = a + b;
  return Number.isInteger(sum) ? sum : tidy(sum, Math.max(Math.abs(a), Math.abs(b), Math.abs(sum)));
};

export const minus = (a: number, b: number): number => {
  const rest = a - b;
  return Number.isInteger(rest) ? rest : tidy(rest, Math.max(Math.abs(a), Math.abs(b)));
};
