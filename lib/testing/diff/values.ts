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

const isLike = (value: unknown): value is Like =>
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

/** Decides for itself what it is equal to: `like`, and what `expect` of a runner makes. */
interface Matcher {
  readonly asymmetricMatch: (value: unknown) => boolean;
  readonly toString: () => string;
  readonly toAsymmetricMatcher?: () => string;
}

const isMatcher = (value: unknown): value is Matcher =>
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
const keysOf = (a: object, b: object): readonly string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])];

const fieldOf = (value: object, key: string): unknown => (value as Readonly<Record<string, unknown>>)[key];

const isError = (value: unknown): value is Error => value instanceof Error;

/**
 * Equality for errors by class name, message and facts; test runners compare errors by message only.
 *
 * @example
 * expect.addEqualityTesters([sameError])
 */
export function sameError(
  this: { readonly equals: (a: unknown, b: unknown) => boolean } | undefined,
  a: unknown,
  b: unknown,
): boolean | undefined {
  if (!isError(a) || !isError(b)) return isError(a) === isError(b) ? undefined : false;
  const facts = (error: Error): unknown => ({
    ...Object.fromEntries(Object.entries(error)),
    name: error.name,
    message: error.message,
  });
  return this?.equals(facts(a), facts(b)) ?? JSON.stringify(facts(a)) === JSON.stringify(facts(b));
}

/** A field in which two values differ; the path is empty where they are not objects. */
interface Difference {
  readonly path: string;
  readonly received: unknown;
  readonly expected: unknown;
}

/** The fields in which two values differ, deep inside lists and objects too; of a `like` only those it names count. */
export const differences = (received: unknown, expected: unknown): readonly Difference[] =>
  isLike(expected) ? within(received, expected.part, '', true) : within(received, expected, '', false);

const within = (received: unknown, expected: unknown, path: string, inPart: boolean): readonly Difference[] => {
  if (inPart ? hasPart(received, expected) : sameValue(received, expected)) return [];
  if (!isRecord(received) || !isRecord(expected) || areOtherErrors(received, expected))
    return [{ path, received, expected }];
  const keys = inPart ? Object.keys(expected) : keysOf(received, expected);
  const found = keys.flatMap((key) =>
    within(fieldOf(received, key), fieldOf(expected, key), path === '' ? key : `${path}.${key}`, inPart),
  );
  // Lists of which the longer begins with the shorter, collections, dates.
  return found.length > 0 ? found : [{ path, received, expected }];
};

const isRecord = (value: unknown): value is object => typeof value === 'object' && value !== null && !isMatcher(value);

/** Errors of two classes have nothing in common that is worth a look. */
const areOtherErrors = (a: object, b: object): boolean => a instanceof Error && b instanceof Error && a.name !== b.name;

const LONGEST = 200;

/** A value on one line of a failure. */
export const shown = (value: unknown): string => {
  const text = plain(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
};

const plain = (value: unknown): string => {
  if (isLike(value)) return `like ${plain(value.part)}`;
  if (isMatcher(value)) return matcherText(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value === 'object' && value !== null) return asJson(value);
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
};

/** Some of Jest's say what they want only so; others have only a name. */
const matcherText = (matcher: Matcher): string => {
  const { sample } = matcher as { readonly sample?: unknown };
  return matcher.toAsymmetricMatcher?.() ?? `${matcher.toString()}${sample === undefined ? '' : ` ${shown(sample)}`}`;
};

const asJson = (value: object): string => {
  try {
    return JSON.stringify(value, (_, field: unknown) => inJson(field));
  } catch {
    return Object.prototype.toString.call(value);
  }
};

/** JSON has no such things, or nothing to say of them. */
const inJson = (field: unknown): unknown => {
  if (typeof field === 'bigint' || (typeof field === 'number' && !Number.isFinite(field))) return String(field);
  return field instanceof Map || field instanceof Set ? [...(field as Iterable<unknown>)] : field;
};

/** What a value is, in a word or two: `quote AAPL.US`, `disconnected`; empty for a value that is not an event. */
export const nameOf = (value: unknown): string => `${wordIn(value, 'kind')} ${wordIn(value, 'symbol')}`.trim();

/** The kind of an event; empty for another value. */
export const kindOf = (value: unknown): string => wordIn(value, 'kind');

const wordIn = (value: unknown, field: 'kind' | 'symbol'): string => {
  const event: unknown = isLike(value) ? value.part : value;
  const word: unknown = typeof event === 'object' && event !== null && field in event ? fieldOf(event, field) : '';
  return typeof word === 'string' ? word : '';
};
