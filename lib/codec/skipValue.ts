import { closesList, closesRecord, goesOn, isEmptyList, isEmptyRecord, type Cursor } from './cursor.js';
import { readNumber } from './readNumber.js';
import { readBoolean, readNull } from './readScalar.js';

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const OPEN = 0x7b;
const SMALL_F = 0x66;
const SMALL_N = 0x6e;
const SMALL_T = 0x74;
/** What comes before it is a control character, which a text of JSON cannot hold. */
const FIRST_LETTER = 0x20;

/** A value nested deeper is declined. */
const DEEPEST = 8;

/** Passes over a value that the codec does not name; whether it is one. */
export const skipValue = (cursor: Cursor, depth = 0): boolean => {
  switch (cursor.bytes[cursor.at]) {
    case QUOTE:
      return skipText(cursor);
    case OPEN_LIST:
      return depth < DEEPEST && skipList(cursor, depth + 1);
    case OPEN:
      return depth < DEEPEST && skipRecord(cursor, depth + 1);
    case SMALL_N:
      return readNull(cursor) === null;
    case SMALL_T:
    case SMALL_F:
      return readBoolean(cursor) !== undefined;
    default: {
      const number = readNumber(cursor);
      return number - number === 0;
    }
  }
};

const skipList = (cursor: Cursor, depth: number): boolean => {
  if (isEmptyList(cursor)) return true;
  do {
    cursor.at += 1;
    if (!skipValue(cursor, depth)) return false;
  } while (goesOn(cursor));
  return closesList(cursor);
};

const skipRecord = (cursor: Cursor, depth: number): boolean => {
  if (isEmptyRecord(cursor)) return true;
  do {
    cursor.at += 1;
    if (!skipKey(cursor) || !skipValue(cursor, depth)) return false;
  } while (goesOn(cursor));
  return closesRecord(cursor);
};

const skipKey = (cursor: Cursor): boolean =>
  cursor.bytes[cursor.at] === QUOTE && skipText(cursor) && cursor.bytes[cursor.at++] === COLON;

/** A text that is passed over may hold any letters, such as a name in Chinese. */
const skipText = (cursor: Cursor): boolean => {
  const { bytes } = cursor;
  let at = cursor.at + 1;
  let byte = bytes[at] as number;
  while (byte !== QUOTE) {
    if (!(byte >= FIRST_LETTER) || byte === BACKSLASH) return false;
    byte = bytes[++at] as number;
  }
  cursor.at = at + 1;
  return true;
};
