const cents = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const points = new Intl.NumberFormat('en', { minimumFractionDigits: 4, maximumFractionDigits: 4 });
const compact = new Intl.NumberFormat('en', {
  notation: 'compact',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const price = (value: number | undefined): string =>
  value === undefined ? '–' : (Math.abs(value) > 0 && Math.abs(value) < 0.001 ? points : cents).format(value);

export const percent = (value: number | undefined): string =>
  value === undefined ? '–' : `${value < 0 ? '−' : '+'}${Math.abs(100 * value).toFixed(2)}%`;

export const size = (value: number | undefined): string =>
  value === undefined ? '–' : value < 100_000 ? whole.format(value) : compact.format(value);

export const count = (value: number): string => whole.format(value);

/** `10:31` */
export const minute = (time: number): string => clock(time).slice(0, 5);

/** `10:31:05` */
export const clock = (time: number): string => new Date(time).toISOString().slice(11, 19);
