import type { Identity, Statement } from './identity.js';
import { anyKind, kindOf } from './kind.js';

export const FAILS = 0;
/** It gives the value back. */
export const SAME = 1;
/** It has to be run to know: it may change the value, or nothing is known of the codec. */
export const UNSURE = 2;

/** What `decode` would do to a value, known without running it. */
export type Verdict = typeof FAILS | typeof SAME | typeof UNSURE;

/**
 * Reaches a verdict. The value's kind settles most; `look` is asked about the kinds that are in neither set.
 *
 * A leaf is two bit sets and no call, which is what makes a guard cost a fraction of `JSON.parse`.
 */
export interface Judge extends Identity {
  readonly look: (value: unknown) => Verdict;
}

export const verdict = (judge: Judge, value: unknown): Verdict => {
  const kind = kindOf(value);
  return (judge.accepts & kind) !== 0 ? SAME : (judge.rejects & kind) !== 0 ? FAILS : judge.look(value);
};

const unsure = (): Verdict => UNSURE;

/** Knows of the kinds that are stated, and is unsure of the rest but for what is said not to decode. */
export const stated = ({ accepts, rejects, decodes }: Statement): Judge => ({
  accepts,
  rejects,
  look: decodes ? (value) => (decodes(value) ? UNSURE : FAILS) : unsure,
});

/** Knows nothing. */
export const opaque: Judge = stated({ accepts: 0, rejects: 0 });

/** Accepts these kinds and no other. */
export const ofKind = (accepts: number): Judge => stated({ accepts, rejects: anyKind & ~accepts });

/** Looks at these kinds and accepts no other. */
export const looking = (at: number, look: Judge['look']): Judge => ({ accepts: 0, rejects: anyKind & ~at, look });

/** The kinds that a judge has to look at. */
const lookedAt = ({ accepts, rejects }: Identity): number => anyKind & ~(accepts | rejects);

/** The first that does not fail, as io-ts tries the parts of a union in order. */
export const either = (first: Judge, second: Judge): Judge => {
  const accepts = first.accepts | (first.rejects & second.accepts);
  const rejects = first.rejects & second.rejects;
  // Such as an array or nothing: only the first ever looks, so it is asked without a detour.
  const firstDecides = lookedAt(second) === 0 && (lookedAt(first) & ~second.rejects) === 0;
  if (firstDecides) return { accepts, rejects, look: first.look };
  return {
    accepts,
    rejects,
    look: (value) => {
      const found = verdict(first, value);
      return found === FAILS ? verdict(second, value) : found;
    },
  };
};

/** Fails if one does, and is sure if both are. */
export const both = (first: Judge, second: Judge): Judge => ({
  accepts: first.accepts & second.accepts,
  rejects: first.rejects | second.rejects,
  look: (value) => {
    const found = verdict(first, value);
    const other = found === FAILS ? FAILS : verdict(second, value);
    return other === SAME ? found : other;
  },
});

/** What the inner one says, unless the value is its own and the predicate refuses it. */
export const refined = (inner: Judge, predicate: (value: unknown) => boolean): Judge => ({
  accepts: 0,
  rejects: inner.rejects,
  look: (value) => {
    const found = verdict(inner, value);
    return found === SAME && !predicate(value) ? FAILS : found;
  },
});

/** Accepts the literals and nothing else. */
export const oneOf = (literals: readonly unknown[]): Judge => {
  const kind = literals.reduce<number>((bits, literal) => bits | kindOf(literal), 0);
  const values = new Set(literals);
  const [only] = literals;
  const fits = literals.length === 1 ? (value: unknown) => value === only : (value: unknown) => values.has(value);
  return looking(kind, (value) => (fits(value) ? SAME : FAILS));
};
