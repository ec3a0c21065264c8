import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { root } from '../sources/files.js';

const script = join(root, '.ci/run');
const folder = mkdtempSync(join(tmpdir(), 'rxtape-ci-spec-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `.ci/run` in a folder with a lock file and nothing else, where `npm` is a script of our own. */
const runWith = (name: string, npm: string) => {
  const clone = join(folder, name);
  mkdirSync(join(clone, '.ci'), { recursive: true });
  mkdirSync(join(clone, 'bin'));
  mkdirSync(join(clone, 'tmp'));
  cpSync(script, join(clone, '.ci/run'));
  writeFileSync(join(clone, 'package-lock.json'), '{}\n');
  const npmPath = join(clone, 'bin/npm');
  writeFileSync(npmPath, `#!/bin/sh\n${npm}\n`);
  chmodSync(npmPath, 0o755);
  const { status, stdout } = spawnSync(join(clone, '.ci/run'), {
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: `${join(clone, 'bin')}${delimiter}${process.env['PATH']}`,
      TMPDIR: join(clone, 'tmp'),
      NODE_PATH: '/somewhere',
      CHROMIUM: process.execPath,
      CALLS: join(clone, 'calls'),
    },
  });
  const calls = existsSync(join(clone, 'calls')) ? readFileSync(join(clone, 'calls'), 'utf8') : '';
  return { status, lines: stdout.trim().split('\n'), calls, left: readdirSync(join(clone, 'tmp')) };
};

const COUNTS = `echo '{"passed":12,"failed":0}' > "$RXTAPE_COUNTS"`;

describe('.ci/run', () => {
  it('calls the command that the README names', () => {
    const [, command = ''] = /^(npm install && npm test) /m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
    expect(command).not.toBe('');
    expect(readFileSync(script, 'utf8').split('\n')).toContain(command);
  });

  it('gives it a home, a cache and a temporary folder that are empty, and leaves nothing of them', () => {
    const seen = `echo "$1 [$(ls -A "$HOME" "$npm_config_cache" "$TMPDIR" | grep -v ':$' | tr -d '\\n')] $NODE_PATH" >> "$CALLS"`;
    const { status, lines, calls, left } = runWith('fresh', `${seen}\n${COUNTS}`);
    expect(calls).toBe('install [] \ntest [] \nrun [] \n');
    expect(lines.at(-1)).toBe('24 passed, 0 failed');
    expect(status).toBe(0);
    expect(left).toEqual([]);
  });

  it('counts a gate that no spec stands for', () => {
    expect(runWith('gate', `${COUNTS}\n[ "$1" = install ]`)).toMatchObject({ status: 1 });
    expect(runWith('install', 'exit 3').lines.at(-1)).toBe('0 passed, 2 failed');
  });

  it('adds what ran on other engines, and fails where that fails', () => {
    const failing = `echo '{"passed":3,"failed":2}' > "$RXTAPE_COUNTS"; exit 1`;
    const { status, lines } = runWith('engines', `if [ "$1" = run ]; then ${failing}; fi\n${COUNTS}`);
    expect(lines.at(-1)).toBe('15 passed, 2 failed');
    expect(status).toBe(1);
  });

  it('fails when the install changes the lock file', () => {
    const { status, lines } = runWith('lock', `echo changed > package-lock.json\n${COUNTS}`);
    expect(lines.slice(-2)).toEqual(['npm install has changed package-lock.json: commit it', '24 passed, 1 failed']);
    expect(status).toBe(1);
  });
});
