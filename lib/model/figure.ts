/** No price, no size and no sum of a market is as large. What is smaller can be multiplied and added up, and is a number. */
const TOO_LARGE = 1e100;

/** Whether a value is a number that can be a price or a sum of money. A text is not one. */
export const isFigure = (value: unknown): value is number =>
  typeof value === 'number' && value > -TOO_LARGE && value < TOO_LARGE;

/** The value where it is a number that can be a price; what is none counts as not sent. */
export const figureOf = (value: unknown): number | undefined => (isFigure(value) ? value : undefined);

/** Whether a value is a number that can be a size or a volume. */
export const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value < TOO_LARGE;

/** The value where it is a number that can be a size or a volume; any other value counts as not sent. */
export const amountOf = (value: unknown): number | undefined => (isAmount(value) ? value : undefined);

/** The value without the sign of a zero: JSON has one zero, so a bar with another would not come back the same. */
export const oneZero = <T extends number | undefined>(value: T): T => (value === 0 ? (0 as T) : value);
