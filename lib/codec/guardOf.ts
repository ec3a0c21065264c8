import type * as t from 'io-ts';
import { judge } from './judge.js';
import { SAME } from './verdict.js';

/**
 * Whether `codec.decode` would succeed and give the value back as it is; derived from the codec, once, without `eval`.
 *
 * A record member that is absent counts as `undefined`. Members called as what every object inherits (`constructor`,
 * `toString`) must be the value's own. A codec of unknown making is never vouched for; see `stateIdentity`.
 */
export const guardOf = <A>(codec: t.Type<A, unknown>): ((value: unknown) => value is A) => {
  const verdict = judge(codec);
  return (value): value is A => verdict(value) === SAME;
};
