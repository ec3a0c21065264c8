import type { Bytes, Cursor } from './cursor.js';

const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const SMALL_E = 0x65;

const powers = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

/**
 * A number as `JSON.parse` gives it; `NaN` where there is none, or an infinite one.
 *
 * Up to 15 digits are a whole number that a double holds, and one division by a power of ten rounds it as the standard
 * asks (Clinger, "How to read floating point numbers accurately", 1990). What has more digits, or an exponent, goes through `Number`.
 */
export const readNumber = (cursor: Cursor): number => {
  const { bytes } = cursor;
  let { at } = cursor;
  const isNegative = bytes[at] === MINUS;
  if (isNegative) at += 1;
  let digit = digitAt(bytes, at);
  if (!isDigit(digit)) return NaN;
  let whole = digit;
  let digits = 1;
  digit = digitAt(bytes, ++at);
  if (whole !== 0) {
    // Nine digits at a time fit an integer of the machine.
    for (; isDigit(digit) && digits < 9; digits++) {
      whole = (whole * 10 + digit) | 0;
      digit = digitAt(bytes, ++at);
    }
    if (isDigit(digit)) {
      let low = 0;
      const from = at;
      while (isDigit(digit) && at - from < 6) {
        low = (low * 10 + digit) | 0;
        digit = digitAt(bytes, ++at);
      }
      if (isDigit(digit)) return readLongNumber(cursor);
      whole = whole * (powers[at - from] as number) + low;
      digits += at - from;
    }
  }
  if (bytes[at] === POINT) {
    const from = ++at;
    let low = 0;
    digit = digitAt(bytes, at);
    if (!isDigit(digit)) return NaN;
    while (isDigit(digit) && at - from < 9) {
      low = (low * 10 + digit) | 0;
      digit = digitAt(bytes, ++at);
    }
    const places = at - from;
    if (isDigit(digit) || digits + places > 15) return readLongNumber(cursor);
    const power = powers[places] as number;
    whole = (whole * power + low) / power;
  }
  if (((bytes[at] as number) | 0x20) === SMALL_E) return readLongNumber(cursor);
  cursor.at = at;
  return isNegative ? -whole : whole;
};

/** The digit at a place; above 9 for what is none. Behind the end there are zeros without end, which no loop below ends at. */
const digitAt = (bytes: Bytes, at: number): number => ((bytes[at] as number) - ZERO) >>> 0;
const isDigit = (digit: number): boolean => digit <= 9;

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** No figure takes more characters. */
const LONGEST_NUMBER = 400;

const readLongNumber = (cursor: Cursor): number => {
  const { bytes, at: from } = cursor;
  let at = from;
  while (isOfNumber(bytes[at] as number)) at += 1;
  if (at - from > LONGEST_NUMBER) return NaN;
  const text = bytes.toString('latin1', from, at);
  const number = NUMBER.test(text) ? Number(text) : NaN;
  cursor.at = at;
  return number - number === 0 ? number : NaN;
};

const isOfNumber = (byte: number): boolean =>
  (byte >= ZERO && byte <= ZERO + 9) || byte === POINT || byte === MINUS || byte === PLUS || (byte | 0x20) === SMALL_E;
