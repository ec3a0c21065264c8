/** Is called with one way to read an escape: as these UTF-16 units, up to `end`. */
export type Take = (units: string, end: number) => void;

const PERCENT = 0x25;
const AMPERSAND = 0x26;
const BACKSLASH = 0x5c;

/** What an escape begins with. */
export const isIntroducer = (unit: number): boolean => unit === PERCENT || unit === AMPERSAND || unit === BACKSLASH;

/**
 * Lower case of each UTF-16 unit, so that it keeps the length and an escaped half of a letter is read like a whole one: hex
 * digits have two cases, and headers may change theirs.
 */
export const fold = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- ASCII begins there
  /[^\x00-\x7f]/.test(text) ? text.replace(/\p{Lu}/gu, lowered) : text.toLowerCase();

const lowered = (capital: string): string => {
  const small = capital.toLowerCase();
  return small.length === 1 && capital.length === 1 ? small : capital;
};

/** Writers wrap one another, as JSON in JSON or JSON in HTML in a URL: so often, of one kind and of several. */
const REPEATS = 3;
const DEPTH = 3;
/** JSON that is escaped again doubles its backslashes. */
const BACKSLASHES = 2 ** REPEATS;

/**
 * All ways to read the escape that may begin at `at` of a folded text: one of a URL, of JSON or a program, or of HTML,
 * also where it is escaped again. The work is bounded, whatever stands there.
 */
export const escapesAt = (text: string, at: number, take: Take): void =>
  escapes(text.charCodeAt(at), text, at + 1, take, DEPTH);

const escapes = (kind: number, text: string, from: number, take: Take, depth: number): void => {
  const both: Take = (units, end) => {
    take(units, end);
    const inner = units.charCodeAt(0);
    // What is escaped again by its own kind, the reader of that kind sees.
    if (depth > 0 && inner !== kind && isIntroducer(inner)) escapes(inner, text, end, take, depth - 1);
  };
  if (kind === PERCENT) percent(text, from, both);
  else if (kind === AMPERSAND) html(text, from, both);
  else if (kind === BACKSLASH) slash(text, from, both, depth);
};

/** `%2f`, `%e8%b4%b5`, `%u002f`, and `%252f`, where the percent sign is escaped too. */
const percent = (text: string, from: number, take: Take): void => {
  let at = from;
  for (let n = 0; n < REPEATS && text.startsWith('25', at); n += 1) {
    at += 2;
    take('%', at);
  }
  if (text.charCodeAt(at) === LETTER_U) {
    const unit = hexAt(text, at + 1, 4);
    if (unit >= 0) take(char(unit), at + 5);
    return;
  }
  const lead = hexAt(text, at, 2);
  if (lead < 0) return;
  at += 2;
  let more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
  let code = more > 0 ? lead & (0x3f >> more) : lead;
  for (; more > 0; more -= 1) {
    if (text.charCodeAt(at) !== PERCENT) return;
    at += 1;
    for (let n = 0; n < REPEATS && text.startsWith('25', at); n += 1) at += 2;
    const byte = hexAt(text, at, 2);
    if (byte < 0x80 || byte > 0xbf) return;
    code = (code << 6) | (byte & 0x3f);
    at += 2;
  }
  take(char(code), at);
};

/** `&quot;`, `&#47;`, `&#x2f;`, and `&amp;quot;`, where the ampersand is escaped too. */
const html = (text: string, from: number, take: Take): void => {
  let at = from;
  for (let n = 0; n < REPEATS && text.startsWith('amp;', at); n += 1) {
    at += 4;
    take('&', at);
  }
  const numeric = text.startsWith('#', at) ? 1 : text.startsWith('%23', at) ? 3 : 0;
  if (numeric === 0) {
    let end = at;
    while (end - at < LONGEST_NAME && isLetter(text.charCodeAt(end))) end += 1;
    const close = closedAt(text, end);
    const units = close > end ? NAMED.get(text.slice(at, end)) : undefined;
    if (units !== undefined) take(units, close);
    return;
  }
  at += numeric;
  const base = text.startsWith('x', at) ? 16 : 10;
  if (base === 16) at += 1;
  let code = 0;
  let end = at;
  for (; end - at < LONGEST_NUMBER; end += 1) {
    const digit = digitAt(text, end);
    if (digit < 0 || digit >= base) break;
    code = code * base + digit;
  }
  if (end > at) take(char(code), closedAt(text, end));
};

const LONGEST_NAME = 16;
const LONGEST_NUMBER = 12;

/** Where the semicolon ends that closes an entity, if there is one. */
const closedAt = (text: string, at: number): number =>
  text.startsWith(';', at) ? at + 1 : text.startsWith('%3b', at) ? at + 3 : at;

/** All that ASCII has, in lower case. */
const NAMED: ReadonlyMap<string, string> = new Map(
  (
    'tab:\t newline:\n excl:! quot:" num:# dollar:$ percnt:% amp:& apos:\' lpar:( rpar:) ast:* plus:+ ' +
    'comma:, period:. sol:/ colon:: semi:; lt:< equals:= gt:> quest:? commat:@ lsqb:[ lbrack:[ bsol:\\ rsqb:] rbrack:] ' +
    'hat:^ lowbar:_ grave:` lcub:{ lbrace:{ verbar:| vert:| rcub:} rbrace:}'
  )
    .split(' ')
    .map((pair): [string, string] => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]),
);

/** `\"`, `\u002f`, `\x2f`, `\n`, and `\\\"`, where the backslash is escaped too. */
const slash = (text: string, from: number, take: Take, depth: number): void => {
  let at = from;
  while (at - from < BACKSLASHES && text.charCodeAt(at) === BACKSLASH) at += 1;
  for (let length = 2; from - 1 + length <= at; length *= 2) take('\\', from - 1 + length);
  const unit = text.charCodeAt(at);
  if (unit === LETTER_U || unit === LETTER_X) {
    const digits = unit === LETTER_X ? 2 : 4;
    const code = hexAt(text, at + 1, digits);
    if (code >= 0) take(char(code), at + 1 + digits);
    else if (text.startsWith('{', at + 1)) braced(text, at + 2, take);
    return;
  }
  const letter = LETTERS.get(unit);
  if (letter !== undefined) take(letter, at + 1);
  // `\&quot;` and `\%22`: what was escaped here was escaped once more.
  else if (depth > 0 && (unit === PERCENT || unit === AMPERSAND)) {
    const quoted: Take = (units, end) => {
      if (LETTERS.get(units.charCodeAt(0)) === units) take(units, end);
    };
    escapes(unit, text, at + 1, quoted, depth - 1);
  }
};

/** The rest of `\u{2f}`. */
const braced = (text: string, from: number, take: Take): void => {
  const end = text.indexOf('}', from);
  const code = end > from && end - from <= 8 ? hexAt(text, from, end - from) : -1;
  if (code >= 0) take(char(code), end + 1);
};

const LETTER_U = 0x75;
const LETTER_X = 0x78;
const LETTERS: ReadonlyMap<number, string> = new Map(
  ['""', "''", '//', '``', '\\\\', 'b\b', 'f\f', 'n\n', 'r\r', 't\t', 'v\v', '0\0'].map((pair): [number, string] => [
    pair.charCodeAt(0),
    pair.slice(1),
  ]),
);

const isLetter = (unit: number): boolean => unit >= 0x61 && unit <= 0x7a;

const digitAt = (text: string, at: number): number => {
  const unit = text.charCodeAt(at);
  return unit >= 0x30 && unit <= 0x39 ? unit - 0x30 : unit >= 0x61 && unit <= 0x66 ? unit - 0x57 : -1;
};

/** The number that so many hex digits stand for; -1 where there are fewer. */
const hexAt = (text: string, from: number, digits: number): number => {
  let code = 0;
  for (let at = from; at < from + digits; at += 1) {
    const digit = digitAt(text, at);
    if (digit < 0) return -1;
    code = code * 16 + digit;
  }
  return code;
};

const char = (code: number): string => (code <= 0x10ffff ? fold(String.fromCodePoint(code)) : '');
