import * as fc from 'fast-check';
import { redacting } from '../../lib/session/redacting.js';

const rawJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** As text leaves a program: half a character becomes a replacement. */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD');

/** The forms in which a credential travels, each as one kind of program writes it. */
const forms: Readonly<Record<string, (credential: string) => string>> = {
  'as it is': (credential) => credential,
  'in a component of a url': (credential) => encodeURIComponent(wellFormed(credential)),
  'in a url': (credential) => encodeURI(wellFormed(credential)),
  'in a form': (credential) => new URLSearchParams([['k', credential]]).toString().slice(2),
  'in the address of a socket': (credential) =>
    new URL(`wss://vendor/?k=${encodeURIComponent(wellFormed(credential))}`).search.slice(3),
  'in JSON': rawJson,
  'in JSON that escapes slashes': (credential) => rawJson(credential).replaceAll('/', '\\/'),
  'in JSON that is pure ASCII': (credential) =>
    rawJson(credential).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
};

// The mark is made of asterisks, so a credential that holds one could not be told from it.
const credential = fc
  .oneof(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: 'grapheme-ascii', minLength: 1 }))
  .map((text) => text.replaceAll('*', '+').trim())
  .filter((text) => text !== '');
const around = fc.string({ unit: fc.constantFrom(...Array.from('{}":,=&?/ \n贵')) });

describe('redacting', () => {
  it.each(Object.entries(forms))('leaves no credential %s', (_, form) => {
    fc.assert(
      fc.property(credential, around, around, (secret, before, after) => {
        const written = form(secret);
        const redacted = redacting(secret)(`${before}${written}${after}${written}`);
        expect(redacted).toContain('***');
        expect(redacted.replaceAll('***', '')).not.toContain(written);
      }),
    );
  });

  it.each(['a.c', '(', '[a', 'a|b', '\\', '$&', '^k$', '{2}', 'k+?'])('takes %p by its letters', (secret) => {
    expect(redacting(secret)(`<${secret}> abc k`)).toBe('<***> abc k');
  });

  it('touches nothing else', () => {
    expect(redacting('k/1')('{"code":1,"msg":"k 1, k2"}')).toBe('{"code":1,"msg":"k 1, k2"}');
    expect(redacting('k1')('k\\/1, k+1, \\/, +')).toBe('k\\/1, k+1, \\/, +');
    expect(redacting('k')('1 + 1 \\/')).toBe('1 + 1 \\/');
  });

  it('knows a blank in it by the plus that forms write', () => {
    expect(redacting('k 1')('api_key=k+1&again=k%201, k 1, k1')).toBe('api_key=***&again=***, ***, k1');
  });

  it.each(['\u{10400}', 'k\u{10D50}ey', '\u{1E900}\u{1E901}'])(
    'reads the escaped halves of a capital: %s',
    (secret) => {
      const halves = Array.from(
        { length: secret.length },
        (_, i) => `\\u${secret.charCodeAt(i).toString(16).padStart(4, '0')}`,
      );
      const written = [
        secret,
        secret.toLowerCase(),
        halves.join(''),
        encodeURIComponent(secret),
        JSON.stringify(secret),
      ];
      for (const text of written) expect(redacting(secret)(`<${text}>`)).toMatch(/^<"?\*\*\*"?>$/);
    },
  );

  it('knows it in any case, as hex digits have two', () => {
    expect(redacting('k/1')('?api_key=k%2f1&again=K%2F1')).toBe('?api_key=***&again=***');
  });

  it('knows it trimmed, as headers are', () => {
    expect(redacting('k1\n')('token: k1')).toBe('token: ***');
  });
});

const units = (char: string, write: (unit: number) => string): string =>
  Array.from({ length: char.length }, (_, i) => write(char.charCodeAt(i))).join('');
const percents = (char: string): string =>
  Array.from(new TextEncoder().encode(char), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const entity = (char: string): string =>
  ({ '"': '&quot;', '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&apos;', '/': '&sol;' })[char] ?? char;
const numbered = (char: string): string => `&#${char.codePointAt(0)};`;

/** How one character may be written; each of them may be met beside any other. */
const writers: readonly ((char: string) => string)[] = [
  (char) => char,
  (char) => (char < '\x7f' ? char.toUpperCase() : char),
  rawJson,
  (char) => units(char, (unit) => `\\u${unit.toString(16).padStart(4, '0')}`),
  (char) => rawJson(rawJson(char)),
  (char) => rawJson(rawJson(rawJson(char))),
  percents,
  (char) => percents(char).toUpperCase(),
  (char) => percents(char).replaceAll('%', '%25'),
  entity,
  numbered,
  (char) => `&#x${char.codePointAt(0)?.toString(16)};`,
  (char) => `&#0${char.codePointAt(0)};`,
  (char) => entity(char).replaceAll('&', '&amp;'),
  (char) => entity(rawJson(char)),
  (char) => encodeURIComponent(entity(char)),
  (char) => encodeURIComponent(numbered(char)),
  (char) => encodeURIComponent(rawJson(char)),
  (char) => numbered(char).replaceAll('&', '\\u0026'),
  (char) => (char === '/' ? '\\/' : char),
];

const RUN = 8;
const longer = fc
  .oneof(
    fc.stringMatching(/^[\da-f]{16,64}$/),
    fc.stringMatching(/^[\w.~+/=-]{8,64}$/),
    fc.string({ unit: 'grapheme', minLength: RUN, maxLength: 32 }),
    fc.string({ unit: fc.constantFrom(...Array.from('%&\\"/;25abu0x#')), minLength: RUN, maxLength: 32 }),
  )
  .map((text) => text.replaceAll('*', '+').trim())
  .filter((text) => text.length >= RUN && wellFormed(text) === text);

describe('a part of a credential', () => {
  it('of eight characters is left by no mix of escapes, wherever the text is cut', () => {
    const writing = fc.array(fc.nat(writers.length - 1), { minLength: 1, maxLength: 8 });
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(longer, writing, around, around, part, part, (secret, ways, before, after, first, last) => {
        const chars = Array.from(secret);
        const written = chars.map((char, i) => writers[ways[i % ways.length] ?? 0]?.(char) ?? char);
        const whole = before + written.join('') + after;
        const [from = 0, to = 0] = [first, last].map((at) => Math.round(at * whole.length)).sort((a, b) => a - b);
        const redacted = redacting(secret)(whole.slice(from, to));
        for (let i = 0; i + RUN <= chars.length; i += 1) {
          expect(redacted).not.toContain(written.slice(i, i + RUN).join(''));
          expect(redacted).not.toContain(chars.slice(i, i + RUN).join(''));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('is taken out where it ends a text, and where it is followed by more', () => {
    const redact = redacting('9f86d081884c7d659a2feaa0c55ad015');
    expect(redact('invalid token 9f86d08188')).toBe('invalid token ***');
    expect(redact('token 9f86d081884c7d65... is invalid')).toBe('token ***... is invalid');
    expect(redact('token ...c55ad015')).toBe('token ...***');
    expect(redact('token 9f86d08')).toBe('token 9f86d08');
  });

  it('is known in base64, wherever it stands in what was encoded', () => {
    const secret = 'tell-nobody/2abf6c0';
    for (const around of ['', 'u:', 'me:', 'user:']) {
      const encoded = Buffer.from(`${around}${secret}!`).toString('base64');
      expect(redacting(secret)(`Basic ${encoded}`)).toMatch(/^Basic \S{0,10}\*\*\*\S{0,6}$/);
    }
  });
});

describe('the time it takes', () => {
  const secret = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
  const json = JSON.stringify({ code: 1, msg: 'ok', data: { s: 'AAPL', ld: 225.1, t: 1765526889000 } });

  // A quadratic one would take hours for these.
  it.each([
    '0',
    '%',
    '%25',
    '%5c',
    '\\',
    '&',
    '&amp;',
    '&#0',
    '\\u005c',
    '%5c\\u0026#37;',
    'amp;',
    '\\u{0',
    json,
    secret,
  ])('grows with the length of the text only, of %j without end', (unit) => {
    const text = unit.repeat(2 ** 19 / unit.length);
    const redact = redacting(secret);
    const began = performance.now();
    expect(redact(text)).toBe(unit === secret ? '***'.repeat(2 ** 13) : text);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
