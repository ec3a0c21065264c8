import type * as t from 'io-ts';
import { disarm } from './disarm.js';
import { judge } from './judge.js';
import { FAILS, SAME } from './verdict.js';

/**
 * What `codec.decode` would make of a value fresh from `JSON.parse`; undefined where it would fail.
 *
 * A value that already has the wanted form is given back itself, at a fraction of the cost of `decode`. Members called
 * `__proto__` have no effect, and are deleted from a value that has to be decoded.
 */
export const readerOf = <A>(codec: t.Type<A, unknown>): ((value: unknown) => A | undefined) => {
  const verdict = judge(codec);
  return (value) => {
    switch (verdict(value)) {
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
