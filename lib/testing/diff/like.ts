import { sameValue } from './sameValue.js';

/** A value of which only some fields matter; nested ones too. */
export type Part<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends readonly (infer I)[]
    ? readonly Part<I>[]
    : T extends object
      ? { readonly [K in keyof T]?: Part<T[K]> | undefined }
      : T;

/** Stands for every value that has the fields of `part`. */
export interface Like {
  readonly part: unknown;
  readonly asymmetricMatch: (value: unknown) => boolean;
}

/**
 * Stands for every value that has these fields, wherever values are compared: in the `values` of a diagram, and in the
 * `toEqual` of Jest and Vitest.
 *
 * @example
 * expectObservable(feed$).toBe('-c-t', { c: like({ attempt: 1 }), t: like({ price: 101 }) })
 */
export const like = (part: unknown): Like => ({ part, asymmetricMatch: (value) => hasPart(value, part) });

export const isLike = (value: unknown): value is Like =>
  typeof value === 'object' && value !== null && 'asymmetricMatch' in value && 'part' in value;

/** Whether a value has all fields of a part; lists have to be of one length. */
export const hasPart = (value: unknown, part: unknown): boolean => {
  if (typeof part !== 'object' || part === null || 'asymmetricMatch' in part || part instanceof Error) {
    return sameValue(value, part);
  }
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(part) && (!Array.isArray(value) || value.length !== part.length)) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  return Object.entries(part).every(([key, wanted]) => hasPart(fields[key], wanted));
};
