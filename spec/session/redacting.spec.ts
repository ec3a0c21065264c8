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

  it('knows it in any case, as hex digits have two', () => {
    expect(redacting('k/1')('?api_key=k%2f1&again=K%2F1')).toBe('?api_key=***&again=***');
  });

  it('knows it trimmed, as headers are', () => {
    expect(redacting('k1\n')('token: k1')).toBe('token: ***');
  });
});
