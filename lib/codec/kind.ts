// Each constant stands alone, as one read from another module or from an object costs a look-up per field of a frame.
const STRING = 1;
const FINITE = 2;
const NON_FINITE = 4;
const BOOLEAN = 8;
const NULL = 16;
const UNDEFINED = 32;
const RECORD = 64;
const ARRAY = 128;
const OTHER = 256;

/** The kinds of values that can be told apart without looking closer, as bits. */
export const kinds = {
  string: STRING,
  /** A number that JSON can write. */
  finite: FINITE,
  /** `NaN` and the infinities; `JSON.parse('1e999')` makes one. */
  nonFinite: NON_FINITE,
  boolean: BOOLEAN,
  null: NULL,
  undefined: UNDEFINED,
  record: RECORD,
  array: ARRAY,
  /** What JSON knows nothing of: functions, symbols, bigints. */
  other: OTHER,
} as const;

/** All kinds. */
export const anyKind = 511;

/** The bit of the value's kind. Each `typeof` is compared where it stands: a `switch` would make a string of it first. */
export const kindOf = (value: unknown): number => {
  if (typeof value === 'number') return value - value === 0 ? FINITE : NON_FINITE;
  if (typeof value === 'string') return STRING;
  if (typeof value === 'object') return value === null ? NULL : Array.isArray(value) ? ARRAY : RECORD;
  if (typeof value === 'boolean') return BOOLEAN;
  return typeof value === 'undefined' ? UNDEFINED : OTHER;
};
