import fc from 'fast-check';
import { endpointOf, withoutQueryValues, withoutSecrets } from '../../lib/record/withoutSecrets.js';
import { SECRET } from '../secrets/secret.cjs';

const inUrl = `wss://host/ws?token=${encodeURIComponent(SECRET)}&symbols=a`;

describe('withoutSecrets', () => {
  it('goes by the url alone, for a socket that is opened without options', () => {
    const clean = withoutSecrets(inUrl);
    expect(clean(`${inUrl} and ${SECRET}, in JSON ${JSON.stringify({ token: SECRET })}`)).toBe(
      'wss://host/ws?token=***&symbols=a and ***, in JSON {"token":"***"}',
    );
    expect(withoutSecrets('wss://host/ws')('all of it')).toBe('all of it');
  });

  it('takes the values of telling headers, with and without what they are the bearer of', () => {
    const clean = withoutSecrets('wss://host', { headers: { Authorization: `Bearer abc-123`, 'X-Client': 'rxtape' } });
    expect(clean('Bearer abc-123, abc-123 of rxtape')).toBe('***, *** of rxtape');
  });

  it('leaves nothing of the credential, wherever it stands', () => {
    const clean = withoutSecrets(inUrl);
    const around = fc.string({ unit: fc.constantFrom('"', '\\', '/', '%', 'a', ' '), maxLength: 8 });
    fc.assert(
      fc.property(around, around, (before, after) => {
        const cleaned = clean(before + SECRET + after);
        expect(cleaned + JSON.stringify(cleaned)).not.toContain('nobody');
      }),
    );
  });

  it('hands texts to the redact of the provider, and gives up one that only JSON would spell', () => {
    const clean = withoutSecrets(inUrl, { redact: (text) => text.replaceAll('\\n1', '***').replaceAll('x', '*') });
    expect([clean('box'), clean('\n1'), clean(SECRET)]).toEqual(['bo*', '***', SECRET.replaceAll('x', '*')]);
  });
});

describe('an address', () => {
  it('keeps the names of its query, and neither values, user nor fragment', () => {
    expect(withoutQueryValues('wss://me:pw@host/path?a=1&b=2=3&bare#key')).toBe('wss://host/path?a=***&b=***&***');
    expect(withoutQueryValues('wss://host/path#key')).toBe('wss://host/path');
    expect(endpointOf('wss://host/path?a=1\n2')).toBe('wss://host/path');
  });
});
