import { escapesAt, fold, isIntroducer, type Take } from './escapes.js';

/** What stands where a credential stood. */
const MARK = '***';

/** So many characters in a row of a credential are taken out; of a shorter credential it takes all of them. */
const RUN = 8;

/** Of one start, so many readings are followed: texts can be made that have no end of them. */
const STEPS = 64;

/**
 * Takes a credential out of any text, and any eight or more characters in a row of it, so that neither a text that was
 * cut nor one that was half sent shows a part of use. It is known in every form in which it travels: as it is, in any
 * case, in a URL, inside JSON and HTML, in base64, and in mixes of these.
 *
 * The time it takes grows with the length of the text and nothing else.
 *
 * @example
 * redacting('k/1')('GET /?api_key=k%2F1') // 'GET /?api_key=***'
 */
export const redacting = (credential: string): ((text: string) => string) => {
  // Headers and vendors trim what they are given.
  const secret = credential.trim();
  if (secret === '') return (text) => text;
  let find: Find | undefined;
  const once = (text: string): string => without(text, (find ??= finder(secret))(text));
  // The mark can complete a credential that has asterisks.
  return secret.includes('*')
    ? (text) => {
        const redacted = once(text);
        return once(redacted) === redacted ? redacted : MARK;
      }
    : once;
};

/** Where in a text something begins and ends. */
type TextRange = readonly [from: number, to: number];
type Find = (text: string) => readonly TextRange[];

const without = (text: string, places: readonly TextRange[]): string => {
  const kept: string[] = [];
  let from = 0;
  for (const [start, end] of places) {
    // Runs of one credential overlap; what only touches is the next one.
    if (kept.length === 0 || start >= from) kept.push(text.slice(from, start + blanksAt(text, start)));
    from = Math.max(from, end);
  }
  return kept.length === 0 ? text : [...kept, text.slice(from)].join(MARK);
};

/** A credential of words shares its blanks with the text around: they stay. */
const blanksAt = (text: string, start: number): number => {
  let at = start;
  while (text.charCodeAt(at) === BLANK) at += 1;
  return at - start;
};

const BLANK = 0x20;

/** Finds each place where some reading of the text has a run of the credential. */
const finder = (secret: string): Find => {
  const written = [
    ...new Set([secret, secret.toLowerCase(), wellFormed(secret), ...(secret.length < RUN ? [] : base64Of(secret))]),
  ].map(fold);
  const size = Math.min(RUN, secret.length);
  const runs = new Set(written.flatMap((form) => runsOf(form, size)));
  /** Which two characters follow one another in a run; several pairs share a place, so it can only be sure of a no. */
  const pairs = new Uint8Array(2 ** 16);
  for (const run of runs) for (let at = 0; at + 1 < size; at += 1) pairs[pairAt(run, at)] = 1;
  const units = new Set([...runs].flatMap((run) => run.split('')));
  let beginnings: Set<string> | undefined;
  const begins = (decoded: string): boolean => {
    beginnings ??= new Set([...runs].flatMap((run) => Array.from({ length: size }, (_, i) => run.slice(0, i + 1))));
    return beginnings.has(decoded);
  };

  /** The escapes that may stand for something of the credential, by where they begin. */
  const escapesIn = (text: string): Escapes => {
    const escapes = new Map<number, Reading[]>();
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      let found: Reading[] | undefined;
      const take: Take = (decoded, end) => {
        if (decoded !== '' && units.has(decoded.charAt(0))) (found ??= []).push({ decoded, end });
      };
      if (isIntroducer(unit)) escapesAt(text, at, take);
      else if (unit === PLUS) take(' ', at + 1);
      if (found) escapes.set(at, found);
    }
    return escapes;
  };

  return (original) => {
    const places: TextRange[] = [];
    const text = fold(original);
    const escapes = ESCAPED.test(text) ? escapesIn(text) : NO_ESCAPES;
    const ahead = escapes.keys();
    let escape = -1;
    for (let at = 0; at + size <= text.length;) {
      while (escape < at) escape = ahead.next().value ?? Infinity;
      if (escape < at + size) {
        const run = escapedRun(text, at, escapes, size, begins);
        if (run) places.push([at, run]);
        at += 1;
      } else if (size > 1 && pairs[pairAt(text, at + size - 2)] === 0) {
        // No run has this pair: the next one begins behind the first of the two.
        at += size - 1;
      } else {
        if (runs.has(text.slice(at, at + size))) places.push([at, at + size]);
        at += 1;
      }
    }
    return places;
  };
};

/** What an escape stands for, and where it ends. */
interface Reading {
  readonly decoded: string;
  readonly end: number;
}

type Escapes = ReadonlyMap<number, readonly Reading[]>;

const NO_ESCAPES: Escapes = new Map();
const ESCAPED = /[%&\\+]/;

/** Where the longest reading ends that begins here and is a run; 0 when there is none. */
const escapedRun = (
  text: string,
  start: number,
  escapes: Escapes,
  size: number,
  begins: (decoded: string) => boolean,
): number => {
  const open: Reading[] = [{ decoded: '', end: start }];
  let longest = 0;
  for (let steps = 0, next = open.pop(); next && steps < STEPS; steps += 1, next = open.pop()) {
    const { decoded, end } = next;
    if (decoded.length >= size) longest = Math.max(longest, end);
    else if (end < text.length) {
      const raw = decoded + text.charAt(end);
      if (begins(raw)) open.push({ decoded: raw, end: end + 1 });
      for (const more of escapes.get(end) ?? []) {
        const read = decoded + more.decoded;
        if (begins(read.slice(0, size))) open.push({ decoded: read, end: more.end });
      }
    }
  }
  return longest;
};

const PLUS = 0x2b;

const pairAt = (text: string, at: number): number => (text.charCodeAt(at) * 31 + text.charCodeAt(at + 1)) & 0xffff;

const runsOf = (form: string, size: number): readonly string[] =>
  Array.from({ length: Math.max(0, form.length - size + 1) }, (_, i) => form.slice(i, i + size));

/** As text leaves a program: half a character becomes a replacement. */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD');

/** What is sure to be in the base64 of any text that holds this one, wherever in it, for both alphabets. */
const base64Of = (text: string): readonly string[] => {
  const bytes = encodeURIComponent(wellFormed(text)).replace(/%([\dA-F]{2})/g, (_, byte: string) =>
    String.fromCharCode(parseInt(byte, 16)),
  );
  const parts = [0, 1, 2].map((before) =>
    btoa(' '.repeat(before) + bytes).slice(
      Math.ceil((before * BYTE) / BASE64),
      Math.floor(((before + bytes.length) * BYTE) / BASE64),
    ),
  );
  return [...parts, ...parts.map((part) => part.replaceAll('+', '-').replaceAll('/', '_'))];
};

/** In bits. */
const BYTE = 8;
const BASE64 = 6;
