import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { formOf } from './formOf.cjs';
import { SECRET } from './secret.cjs';

const json = (text: string): string => JSON.stringify(text);
const everyByte = (text: string): string =>
  Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const everyUnit = (text: string): string =>
  Array.from(text, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

const forms: readonly (readonly [string, (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['in capitals', (text) => text.toUpperCase()],
  ['in a URL', encodeURIComponent],
  ['in a URL, byte by byte', everyByte],
  ['in a form', (text) => new URLSearchParams({ token: text }).toString()],
  ['in JSON', json],
  ['in JSON in JSON in JSON', (text) => json(json(json(text)))],
  ['in JSON, unit by unit', everyUnit],
  ['in a URL in JSON', (text) => json(encodeURIComponent(json(text)))],
  ['in base64', (text) => Buffer.from(text).toString('base64')],
];

const around = fc.array(fc.constantFrom('a', '7', ' ', '"', '{', '\n', '/', '&')).map((chars) => chars.join(''));

describe('the search for the credential', () => {
  it.each(forms)('finds it %s', (_, form) => {
    expect(form(SECRET)).not.toBe('');
    expect(formOf(SECRET, form(`say ${SECRET} here`))).toBeDefined();
    fc.assert(
      fc.property(around, around, (before, after) => formOf(SECRET, form(before + SECRET + after)) !== undefined),
      { numRuns: 30 },
    );
  });

  it('finds it in what is packed in blocks, and in a file that was cut off', () => {
    const [one, two] = [gzipSync('["in",1,1,1,"hello"]\n'), gzipSync(`["in",2,2,1,${json(json(SECRET))}]\n`)];
    expect(formOf(SECRET, Buffer.concat([one, two]))).toBeDefined();
    expect(formOf(SECRET, Buffer.concat([one, two, one.subarray(0, 15)]))).toBeDefined();
    expect(formOf(SECRET, Buffer.from(SECRET))).toBe('plain');
    expect(formOf(SECRET, one)).toBeUndefined();
  });

  it('finds nothing where it was taken out', () => {
    const clean = forms.map(([, form]) => form('***'));
    for (const text of ['', 'tell-nobody', '%zz \\u12 "\\', ...clean]) expect(formOf(SECRET, text)).toBeUndefined();
    expect(formOf(SECRET, gzipSync('["connect",1,1,1,"wss://x/?token=***"]\n'))).toBeUndefined();
  });
});
