import { firstValueFrom } from 'rxjs';
import { InvalidOption, TokenUnavailable } from '../../lib/model/errors.js';
import { checkCredential, credential$, type Credential } from '../../lib/session/credential.js';

const supplied = (credential: Credential): Promise<string> => firstValueFrom(credential$(credential));

describe('credential$', () => {
  it.each<[string, Credential]>([
    ['a string', 'k'],
    ['a function', () => 'k'],
    ['a promise', () => Promise.resolve('k')],
  ])('emits what %s holds', async (_, credential) => {
    expect(await supplied(credential)).toBe('k');
  });

  it('asks the function for each attempt', async () => {
    let asked = 0;
    const stream$ = credential$(() => `k${++asked}`);
    expect([asked, await firstValueFrom(stream$), await firstValueFrom(stream$)]).toEqual([0, 'k1', 'k2']);
  });

  it.each<[string, () => string | Promise<string>, string]>([
    [
      'throws',
      () => {
        throw new Error('vault is sealed');
      },
      'vault is sealed',
    ],
    ['rejects', () => Promise.reject(new Error('vault is sealed')), 'vault is sealed'],
    [
      'throws no error',
      () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- others do
        throw 'k-secret';
      },
      'it threw',
    ],
    ['returns nothing', () => '', 'it returned no text'],
    ['returns white space', () => Promise.resolve(' \n'), 'it returned no text'],
    ['forgets to return', () => undefined as unknown as string, 'it returned no text'],
    ['returns a number', () => 12345 as unknown as string, 'it returned no text'],
    ['returns a list', () => ['k-secret'] as unknown as string, 'it returned no text'],
  ])('fails with TokenUnavailable when the function %s, and repeats no secret', async (_, credential, reason) => {
    await expect(supplied(credential)).rejects.toEqual(new TokenUnavailable(reason));
  });

  it('takes the credential it was given before out of the words of a later failure, and cuts them', async () => {
    const secrets = ['k-secret-0123456789', undefined];
    const stream$ = credential$(() => {
      const secret = secrets.shift();
      if (secret !== undefined) return secret;
      throw new Error(`no new one for k-secret-0123456789 ${'x'.repeat(1_000)}`);
    });
    expect(await firstValueFrom(stream$)).toBe('k-secret-0123456789');
    const reason = `no new one for *** ${'x'.repeat(1_000)}`.slice(0, 500);
    await expect(firstValueFrom(stream$)).rejects.toEqual(new TokenUnavailable(`${reason}…`));
  });
});

describe('checkCredential', () => {
  it('takes a string, and any function on trust', () => {
    expect(() => checkCredential('token', 'k')).not.toThrow();
    expect(() => checkCredential('token', () => '')).not.toThrow();
  });

  it.each(['', ' ', undefined, 12345])('throws for %p without repeating it', (credential) => {
    const problem = 'it is empty or missing; give a string, or a function that returns one';
    const error = new InvalidOption('token', undefined, problem);
    expect(() => checkCredential('token', credential as unknown as Credential)).toThrow(error);
  });
});
