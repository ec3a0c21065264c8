import * as t from 'io-ts';
import { stateIdentity } from './identity.js';
import { anyKind, kinds } from './kind.js';

const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** No figure takes more characters; `Number` of a long one takes its time. */
const LONGEST = 400;

const toNumber = (value: unknown): number =>
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
export const numeric: t.Type<number, number> = stateIdentity(
  new t.Type<number, number>(
    'number',
    (value): value is number => Number.isFinite(value),
    (value, context) => {
      const number = toNumber(value);
      return Number.isFinite(number) ? t.success(number) : t.failure(value, context);
    },
    t.identity,
  ),
  {
    accepts: kinds.finite,
    rejects: anyKind & ~kinds.finite & ~kinds.string,
    decodes: (value) => Number.isFinite(toNumber(value)),
  },
);
