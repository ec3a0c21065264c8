import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { WebSocketServer } from 'ws';
import { startSimulator, type Simulator } from '../../../lib/simulator/index.js';
import { describeInBrowser, launch } from '../../desk/browser.js';
import { until } from '../../desk/until.js';
import { root } from '../../sources/files.js';
import { bundled } from './bundled.js';
import { installed, versions } from './installed.js';

/** Installing, compiling and a run of Jest, on a machine that is busy with others. */
const LONG = 400_000;
/** Messages that are counted. */
const MANY = 2_000;
const FEW = 100;

interface Counts {
  readonly version: string;
  readonly hasZone: boolean;
  readonly messages: number;
  readonly checks: number;
  readonly renders: number;
  readonly frames: number;
}

/** All that a program says; rejects with it when the program fails. */
const ran = (env: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, { cwd: root, env: { ...process.env, ...env } });
    let said = '';
    child.stdout.on('data', (part: Buffer) => (said += part.toString()));
    child.stderr.on('data', (part: Buffer) => (said += part.toString()));
    child.on('close', (code) => (code === 0 ? resolve(said) : reject(new Error(`${words.join(' ')}\n${said}`))));
  });

describe.each(versions)('on Angular %s', (version) => {
  let folder = '';
  beforeAll(() => {
    folder = installed(version);
  }, LONG);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(
    'the library compiles',
    async () => {
      const config = join(folder, 'tsconfig.json');
      const compilerOptions = {
        noEmit: true,
        rootDir: '/',
        typeRoots: [join(root, 'node_modules/@types')],
        paths: { '@angular/core': [join(folder, 'node_modules/@angular/core')] },
      };
      const files = ['lib/angular/index.ts', 'spec/angular/feedResource.spec.ts'].map((file) => join(root, file));
      writeFileSync(
        config,
        JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, files, include: [] }),
      );
      await expect(ran({}, join(root, 'node_modules/typescript/bin/tsc'), '-p', config)).resolves.toBe('');
    },
    LONG,
  );

  it(
    'the specs of signals pass',
    async () => {
      const config = join(folder, 'jest.config.json');
      const resolver = join(root, 'spec/angular/versions/resolver.cjs');
      writeFileSync(config, JSON.stringify({ ...jestConfig, resolver }));
      const jest = join(root, 'node_modules/jest/bin/jest.js');
      const said = await ran(
        { RXTAPE_ANGULAR: folder, RXTAPE_ANGULAR_VERSION: version },
        jest,
        '--config',
        config,
        '--ci',
        '--runInBand',
        '--no-coverage',
      );
      expect(said).toMatch(/^Tests: +\d+ passed, \d+ total$/m);
    },
    LONG,
  );

  describeInBrowser('change detection', () => {
    let browser: Browser;
    let simulator: Simulator;
    let pump: NodeJS.Timeout;
    let plain: WebSocketServer;
    beforeAll(async () => {
      browser = await launch();
      simulator = await startSimulator({ speed: 0, symbols: ['AAPL.US'], itick: { token: 'demo' } });
      plain = new WebSocketServer({ port: 0, host: '127.0.0.1' });
      plain.on('connection', (socket) => {
        const send = (): void => socket.send('tick');
        const sending = setInterval(send, 5);
        socket.on('close', () => clearInterval(sending));
      });
      pump = setInterval(() => Array.from({ length: 50 }).forEach(() => simulator.step()), 10);
    }, LONG);
    afterAll(async () => {
      clearInterval(pump);
      await browser.close();
      await simulator.close();
      plain.close();
    });

    /** What has happened in a page while so many messages came. */
    const during = async (hasZone: boolean, mode: 'quiet' | 'busy' | 'plain', messages: number): Promise<Counts> => {
      const script = await bundled(folder, hasZone);
      const page: Page = await browser.newPage();
      try {
        await page.setContent('<app-root></app-root>');
        const { port } = plain.address() as { readonly port: number };
        const given = { url: simulator.url, raw: `ws://127.0.0.1:${port}`, mode };
        await page.evaluate((it) => Object.assign(globalThis, { given: it }), given);
        await page.addScriptTag({ content: script, type: 'module' });
        const counts = (): Promise<Counts> =>
          page.evaluate(() => ({ ...(globalThis as unknown as { counts: Counts }).counts }));
        const before = await until(counts, (now) => now.messages > 5);
        const after = await until(counts, (now) => now.messages >= before.messages + messages);
        expect(after).toMatchObject({ version, hasZone });
        const since = (key: 'messages' | 'checks' | 'renders' | 'frames'): number => after[key] - before[key];
        return {
          ...after,
          messages: since('messages'),
          checks: since('checks'),
          renders: since('renders'),
          frames: since('frames'),
        };
      } finally {
        await page.close();
      }
    };

    describe.each([
      ['with', true],
      ['without', false],
    ])('%s zone.js', (_, hasZone) => {
      it(
        'runs for no message that changes no value',
        async () => {
          await expect(during(hasZone, 'quiet', MANY)).resolves.toMatchObject({ checks: 0, renders: 0 });
        },
        LONG,
      );

      it(
        'runs once a frame at most where each message changes a value',
        async () => {
          const { messages, checks, renders, frames } = await during(hasZone, 'busy', MANY);
          expect(messages).toBeGreaterThanOrEqual(MANY);
          expect(renders).toBeGreaterThan(0);
          // The two are not counted in the same moment.
          expect(Math.max(checks, renders)).toBeLessThanOrEqual(frames + 1);
        },
        LONG,
      );
    });

    it(
      'is seen where it does run: under zone.js for each message of a socket that knows nothing of zones',
      async () => {
        const { messages, checks } = await during(true, 'plain', FEW);
        expect(checks).toBeGreaterThanOrEqual(messages - 1);
      },
      LONG,
    );
  });
});

const jestConfig = {
  rootDir: root,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/spec/angular/*.spec.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    // Types are checked by the compiler, against this Angular.
    '^.+\\.ts$': ['ts-jest', { tsconfig: 'spec/tsconfig.json', diagnostics: false }],
    '@angular/.+\\.mjs$': '<rootDir>/spec/toCommonJs.cjs',
  },
  transformIgnorePatterns: ['/node_modules/(?!@angular/)'],
};
