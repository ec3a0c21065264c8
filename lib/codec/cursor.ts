/** The bytes of a frame: a `Buffer` of Node. */
export interface Bytes extends Uint8Array {
  /** The text of a part of them. */
  toString(encoding?: 'latin1', start?: number, end?: number): string;
}

/**
 * Where a frame of JSON is read, byte by byte. Each function reads what begins at the cursor and moves it behind that.
 * What it does not know by heart, such as escapes and white space, it declines: the frame is then read as a text.
 */
export interface Cursor {
  bytes: Bytes;
  at: number;
  /** The key that was read last, if it has more than four bytes; see `isKey`. */
  low: number;
  middle: number;
  high: number;
}

const nothing: Bytes = Buffer.alloc(0);

export const newCursor = (): Cursor => ({ bytes: nothing, at: 0, low: 0, middle: 0, high: 0 });

/** Puts the cursor before a frame; before nothing, so that a frame that has been read is not kept. */
export const placeAt = (cursor: Cursor, bytes = nothing): void => {
  cursor.bytes = bytes;
  cursor.at = 0;
};

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** 1 for the bytes of letters that a text shows as they are: printable ASCII but the quote that ends it, and the backslash. */
export const plain: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte <= 0x7e && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);

/** Whether the bytes from a place on are this text. */
export const isAt = (bytes: Bytes, from: number, text: string): boolean => {
  let i = 0;
  while (i < text.length && text.charCodeAt(i) === bytes[from + i]) i += 1;
  return i === text.length;
};

/** What `readKey` gives where no key is. */
export const NO_KEY = -1;

/** A key of up to so many bytes is told by its hash; that of a longer one is below 0, and another may have it, too. */
export const SHORT_KEY = 4;
/** A key of up to so many bytes is told by its three integers. */
export const LONG_KEY = 12;

const hashOf = (low: number, middle: number, high: number): number =>
  (low ^ Math.imul(middle, 31) ^ Math.imul(high, 257)) | 0x80000000;

/** The hash of the key that follows a `{` or a comma; the cursor goes behind its colon. Of a key of more than four bytes, ask `isKey`. */
export const readKey = (cursor: Cursor): number => {
  const { bytes } = cursor;
  const from = cursor.at + 2;
  if (bytes[from - 1] !== QUOTE) return NO_KEY;
  let at = from;
  let low = 0;
  let middle = 0;
  let high = 0;
  let byte = bytes[at] as number;
  while (plain[byte] === 1) {
    high = (high << 8) | (middle >>> 24);
    middle = (middle << 8) | (low >>> 24);
    low = (low << 8) | byte;
    byte = bytes[++at] as number;
  }
  if (byte !== QUOTE || bytes[at + 1] !== COLON) return NO_KEY;
  cursor.at = at + 2;
  if (at - from <= SHORT_KEY) return low;
  cursor.low = low;
  // Of a key that is longer than they are, the three would tell the end alone.
  cursor.middle = at - from > LONG_KEY ? 0 : middle;
  cursor.high = high;
  return hashOf(low, middle, high);
};

/** A key as `readKey` reads it: its hash, and its last twelve bytes as three integers. */
export interface Key {
  readonly hash: number;
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/** What `readKey` reads of a key; undefined of one that it does not read. */
export const keyOf = (key: string): Key | undefined => {
  if (!/^[ !#-[\]-~]*$/.test(key)) return undefined;
  const bytes = Array.from(key.padStart(LONG_KEY, '\0').slice(-LONG_KEY), (letter) => letter.charCodeAt(0));
  const integerAt = (from: number): number => bytes.slice(from, from + 4).reduce((sum, byte) => (sum << 8) | byte, 0);
  const [high, middle, low] = [integerAt(0), integerAt(4), integerAt(8)];
  const hash = key.length <= SHORT_KEY ? low : hashOf(low, middle, high);
  return hash === NO_KEY ? undefined : { hash, low, middle, high };
};

/** Whether the key that was just read is the one of these integers; for keys of more than four bytes, and up to twelve. */
export const isKey = (cursor: Cursor, low: number, middle: number, high: number): boolean =>
  cursor.low === low && cursor.middle === middle && cursor.high === high;

/** Whether the key that was just read is this one. */
export const endsKey = ({ bytes, at }: Cursor, key: string): boolean => {
  const from = at - 2 - key.length;
  return bytes[from - 1] === QUOTE && isAt(bytes, from, key);
};

/** Whether a record begins here that has members; the cursor stays for the first `readKey`. */
export const opensRecord = ({ bytes, at }: Cursor): boolean => bytes[at] === OPEN && bytes[at + 1] === QUOTE;

/** Whether a record without members is here; the cursor goes behind it. */
export const isEmptyRecord = (cursor: Cursor): boolean => isEmpty(cursor, CLOSE);

const isEmpty = (cursor: Cursor, end: number): boolean => {
  if (cursor.bytes[cursor.at + 1] !== end) return false;
  cursor.at += 2;
  return true;
};

/** Whether another member or item follows. */
export const goesOn = ({ bytes, at }: Cursor): boolean => bytes[at] === COMMA;

/** Whether the record ends here; the cursor goes behind it. */
export const closesRecord = (cursor: Cursor): boolean => cursor.bytes[cursor.at++] === CLOSE;

/** Whether the whole frame has been read. */
export const isOver = ({ bytes, at }: Cursor): boolean => at === bytes.length;

/** Whether a list begins here; the cursor stays before its first item. */
export const opensList = ({ bytes, at }: Cursor): boolean => bytes[at] === OPEN_LIST;

/** Whether a list without items is here; the cursor goes behind it. */
export const isEmptyList = (cursor: Cursor): boolean => isEmpty(cursor, CLOSE_LIST);

/** Whether the list ends here; the cursor goes behind it. */
export const closesList = (cursor: Cursor): boolean => cursor.bytes[cursor.at++] === CLOSE_LIST;

/** So many records and items of a frame are read by heart. */
export const MOST_ITEMS = 4_096;

/** Records that are filled anew for each frame. */
export interface Pool<T> {
  readonly rows: T[];
  used: number;
  readonly make: () => T;
}

/** A pool without records; `make` makes each that is needed. */
export const poolOf = <T>(make: () => T): Pool<T> => ({ rows: [], used: 0, make });

/** The next record of a pool; undefined where a frame has too many. */
export const nextOf = <T>(pool: Pool<T>): T | undefined => {
  const { rows, used } = pool;
  if (used === MOST_ITEMS) return undefined;
  pool.used = used + 1;
  return used < rows.length ? rows[used] : (rows[used] = pool.make());
};

/** A list of a pool with so many items. */
export const sized = <T>(items: T[], count: number): T[] => {
  if (items.length !== count) items.length = count;
  return items;
};
