import { sameError } from '../sameError.js';

/** Decides for itself what it is equal to: `like`, and what `expect` of a runner makes. */
export interface Matcher {
  readonly asymmetricMatch: (value: unknown) => boolean;
  readonly toString: () => string;
  readonly toAsymmetricMatcher?: () => string;
}

export const isMatcher = (value: unknown): value is Matcher =>
  typeof value === 'object' &&
  value !== null &&
  'asymmetricMatch' in value &&
  typeof value.asymmetricMatch === 'function';

/**
 * Equality of values by what they hold, as `toEqual` of the test runners has it: a field that is undefined is as good as
 * none, errors are compared by tag and facts, and a matcher such as `like` or `expect.anything()` decides for itself.
 */
export const sameValue = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true;
  if (isMatcher(b)) return b.asymmetricMatch(a);
  if (isMatcher(a)) return a.asymmetricMatch(b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return sameError.call({ equals: sameValue }, a, b) ?? sameObject(a, b);
};

const sameObject = (a: object, b: object): boolean => {
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (a instanceof Date || b instanceof Date) return Number(a) === Number(b);
  if (isCollection(a) || isCollection(b)) return isCollection(a) && isCollection(b) && sameValue([...a], [...b]);
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return false;
  return keysOf(a, b).every((key) => sameValue(fieldOf(a, key), fieldOf(b, key)));
};

const isCollection = (value: object): value is Map<unknown, unknown> | Set<unknown> =>
  value instanceof Map || value instanceof Set;

/** The names of the fields of either. */
export const keysOf = (a: object, b: object): readonly string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])];

export const fieldOf = (value: object, key: string): unknown => (value as Readonly<Record<string, unknown>>)[key];
