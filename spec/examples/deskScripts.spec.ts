import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';

const desk = resolve(__dirname, '../../examples/angular-desk');

interface Ended {
  readonly code: number;
  readonly said: string;
}

/** Runs a script of the desk until it ends, and returns what it complains of. */
const run = async (script: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> => {
  const child = spawn(process.execPath, [resolve(desk, script), ...words], {
    cwd: desk,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, said };
};

const sentence = /^[A-Z-][^\n]+\.\n$/;

describe('a script of the desk ends with code 2 and one sentence', () => {
  it.each(['serve.mjs', 'measure.mjs', 'screenshots.mjs'])('%s, of an option that there is not', async (script) => {
    const { code, said } = await run(script, ['--nonsense']);
    expect(said).toMatch(sentence);
    expect(said).toContain('--nonsense');
    expect(said).toMatch(/there (?:is|are) --/);
    expect(code).toBe(2);
  });

  it.each([
    ['serve.mjs', ['--port', 'many'], '--port takes a whole number from 0 to 65535'],
    ['serve.mjs', ['--port', '70000'], '--port takes a whole number from 0 to 65535'],
    ['serve.mjs', ['--rate', '0'], '--rate takes a number of at least 1'],
    ['measure.mjs', ['--rates', '100,x'], '--rates takes a number of at least 1'],
    ['screenshots.mjs', ['/nowhere/at/all'], 'There is no folder /nowhere/at/all'],
    ['screenshots.mjs', ['--only', 'dreams'], 'There is no series “dreams”'],
  ])('%s %s', async (script, words, wanted) => {
    const { code, said } = await run(script, words);
    expect(said).toMatch(sentence);
    expect(said).toContain(wanted);
    expect(code).toBe(2);
  });

  it.each(['measure.mjs', 'screenshots.mjs'])('%s, where there is no browser', async (script) => {
    const { code, said } = await run(script, [], { CHROMIUM: '/nowhere/chromium' });
    expect(said).toBe('CHROMIUM names /nowhere/chromium, and there is no such file.\n');
    expect(code).toBe(2);
  });

  it('serve.mjs, of a port that is taken, before it builds anything', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, said } = await run('serve.mjs', ['--port', String(port)]);
    await once(server.close(), 'close');
    expect(said).toBe(`Port ${port} of 127.0.0.1 is taken: give another one by --port, or end who has it.\n`);
    expect(code).toBe(2);
  });
});
