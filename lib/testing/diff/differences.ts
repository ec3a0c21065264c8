import { hasPart, isLike } from './like.js';
import { fieldOf, isMatcher, keysOf, sameValue } from './sameValue.js';

/** A field in which two values differ; the path is empty where they are no objects. */
export interface Difference {
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
