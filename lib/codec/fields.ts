import * as t from 'io-ts';

const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** No figure takes more characters; `Number` of a long one takes its time. */
const LONGEST = 400;

/** The number that a field means; `NaN` or infinite where it means none. */
export const numberOf = (value: unknown): number =>
  typeof value === 'number'
    ? value
    : typeof value === 'string' && value.length <= LONGEST && DECIMAL.test(value)
      ? Number(value)
      : NaN;

/**
 * A finite number, or a string that JSON would read as one (`"2365.12"`, `"1e-7"`); decoded to the number.
 *
 * Refuses `""`, `" 1"`, `"0x10"`, `"NaN"`, `"Infinity"` and what overflows, such as `1e999`.
 */
export const numeric: t.Type<number, number> = new t.Type<number, number>(
  'number',
  (value): value is number => Number.isFinite(value),
  (value, context) => {
    const number = numberOf(value);
    return Number.isFinite(number) ? t.success(number) : t.failure(value, context);
  },
  t.identity,
);

/**
 * The codec, or nothing: absent, `undefined` or `null`, each kept as it came. In a `t.type` and in a `t.partial` alike;
 * the normaliser turns `null` into `undefined`.
 */
export const optional = <C extends t.Mixed>(codec: C): t.UnionC<[C, t.UndefinedC, t.NullC]> =>
  t.union([codec, t.undefined, t.null], `optional ${codec.name}`);
