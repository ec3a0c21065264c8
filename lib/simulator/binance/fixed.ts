/** Binance writes every price and size with eight decimals. */
const DECIMALS = 8;

/** A whole number of the smallest decimal, as Binance writes it: `fixed(9242653, 2)` is `92426.53000000`. */
export const fixed = (units: number | bigint, decimals: number): string => {
  const whole = typeof units === 'bigint' ? units : Math.round(units);
  const digits = String(whole)
    .replace('-', '')
    .padStart(decimals + 1, '0');
  const at = digits.length - decimals;
  return `${whole < 0 ? '-' : ''}${digits.slice(0, at)}.${digits.slice(at).padEnd(DECIMALS, '0')}`;
};
