import type * as t from 'io-ts';
import { checkOf, FAILS, SAME, UNSURE, resultOf } from './check.js';

/**
 * What `codec.decode` would make of a value fresh from `JSON.parse`; undefined where it would fail.
 *
 * A value that already has the wanted form is given back itself, at a fraction of the cost of `decode`. Any other that may
 * decode goes through `decode`. Members called `__proto__` have no effect, and are deleted from a value that is decoded.
 */
export const readerOf = <A>(codec: t.Type<A, unknown>): ((value: unknown) => A | undefined) => {
  const check = checkOf(codec);
  return (value) => {
    switch (resultOf(check, value)) {
      case SAME:
        return value as A;
      case FAILS:
        return undefined;
      default: {
        const decoded = codec.decode(disarm(value));
        return decoded._tag === 'Right' ? decoded.right : undefined;
      }
    }
  };
};

/**
 * Whether `codec.decode` would succeed and give the value back as it is; derived from the codec, once, without `eval`.
 *
 * A record member that is absent counts as `undefined`. Members called as what every object inherits (`constructor`,
 * `toString`) must be the value's own.
 */
export const guardOf = <A>(codec: t.Type<A, unknown>): ((value: unknown) => value is A) => {
  const check = checkOf(codec);
  return (value): value is A => {
    const found = resultOf(check, value);
    if (found !== UNSURE) return found === SAME;
    const decoded = codec.decode(value);
    return decoded._tag === 'Right' && Object.is(decoded.right, value);
  };
};

/** Whether `codec.decode` would fail. It is run only where that is uncertain: it lists all that is wrong with a frame. */
export const refuses = (codec: t.Mixed, value: unknown): boolean => {
  const found = resultOf(checkOf(codec), value);
  return found === FAILS || (found === UNSURE && codec.decode(value)._tag === 'Left');
};

/**
 * The same value, with no member called `__proto__` at any depth.
 *
 * `JSON.parse` makes such a member an ordinary one, but io-ts copies records by assignment, which would make it the
 * prototype of the copy, and so let a frame pass off what it does not hold. A loop, since frames can nest deeper than
 * the stack.
 */
const disarm = (value: unknown): unknown => {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (Object.hasOwn(next, '__proto__')) Reflect.deleteProperty(next, '__proto__');
    for (const member of Object.values(next)) open.push(member);
  }
  return value;
};
