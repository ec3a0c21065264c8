import { isAt, plain, type Cursor } from './cursor.js';
import { readNumber } from './readNumber.js';

const QUOTE = 0x22;
const SMALL_F = 0x66;
const SMALL_N = 0x6e;
const SMALL_T = 0x74;

/** A number, or one in quotes; `NaN` where there is neither. */
export const readNumeric = (cursor: Cursor): number => {
  if (cursor.bytes[cursor.at] !== QUOTE) return readNumber(cursor);
  cursor.at += 1;
  const number = readNumber(cursor);
  return cursor.bytes[cursor.at++] === QUOTE ? number : NaN;
};

/** A number, or one in quotes, or null; undefined where there is none of them. */
export const readNumericOrNull = (cursor: Cursor): number | null | undefined => {
  const byte = cursor.bytes[cursor.at] as number;
  if (byte === SMALL_N) return readNull(cursor);
  const number = byte === QUOTE ? readNumeric(cursor) : readNumber(cursor);
  return number - number === 0 ? number : undefined;
};

/** How many texts are remembered, and how long one may be: a sender that makes texts up costs no memory. */
const TEXTS = 2 ** 14;
const LONGEST_TEXT = 64;
const texts = new Array<string>(TEXTS).fill('');

/**
 * A text of ASCII without escapes; undefined where there is none. Texts repeat, so that the same one is given back as long as
 * no other takes its place: a string that is new costs its memory, and a look-up by it has to hash it.
 */
export const readText = (cursor: Cursor): string | undefined => {
  const { bytes } = cursor;
  if (bytes[cursor.at] !== QUOTE) return undefined;
  const from = cursor.at + 1;
  let at = from;
  let hash = 0;
  let byte = bytes[at] as number;
  while (plain[byte] === 1) {
    hash = (Math.imul(hash, 31) + byte) | 0;
    byte = bytes[++at] as number;
  }
  if (byte !== QUOTE) return undefined;
  cursor.at = at + 1;
  const length = at - from;
  if (length > LONGEST_TEXT) return bytes.toString('latin1', from, at);
  const place = (hash ^ (hash >>> 14)) & (TEXTS - 1);
  const known = texts[place] as string;
  return known.length === length && isAt(bytes, from, known)
    ? known
    : (texts[place] = bytes.toString('latin1', from, at));
};

/** A text or null; undefined where there is neither. */
export const readTextOrNull = (cursor: Cursor): string | null | undefined =>
  cursor.bytes[cursor.at] === SMALL_N ? readNull(cursor) : readText(cursor);

/** A number or a text, each as it is; undefined where there is neither. */
export const readNumberOrText = (cursor: Cursor): number | string | undefined => {
  if (cursor.bytes[cursor.at] === QUOTE) return readText(cursor);
  const number = readNumber(cursor);
  return number - number === 0 ? number : undefined;
};

/** Null, or undefined where there is something else. */
export const readNull = (cursor: Cursor): null | undefined => (isWord(cursor, 'null') ? null : undefined);

/** A boolean; undefined where there is none. */
export const readBoolean = (cursor: Cursor): boolean | undefined =>
  isWord(cursor, 'true') ? true : isWord(cursor, 'false') ? false : undefined;

/** A boolean or null; undefined where there is neither. */
export const readBooleanOrNull = (cursor: Cursor): boolean | null | undefined =>
  cursor.bytes[cursor.at] === SMALL_N ? readNull(cursor) : readBoolean(cursor);

/** Any value but a list or a record; undefined where there is none. */
export const readScalar = (cursor: Cursor): number | string | boolean | null | undefined => {
  switch (cursor.bytes[cursor.at]) {
    case SMALL_N:
      return readNull(cursor);
    case SMALL_T:
    case SMALL_F:
      return readBoolean(cursor);
    default:
      return readNumberOrText(cursor);
  }
};

const isWord = (cursor: Cursor, word: string): boolean => {
  if (!isAt(cursor.bytes, cursor.at, word)) return false;
  cursor.at += word.length;
  return true;
};
