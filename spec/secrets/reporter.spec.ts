import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stderr } from 'node:process';
import { gzipSync } from 'node:zlib';
import { leave, leftFolder } from './leftFolder.js';
import { SecretReporter } from './reporter.cjs';
import { SECRET } from './secret.cjs';

describe('the reporter that searches a run for the credential', () => {
  const before = process.env['RXTAPE_LEFT'];
  let rootDir: string;
  let said: string;

  beforeEach(() => {
    rootDir = leftFolder();
    said = '';
    mkdirSync(join(rootDir, 'spec'));
    jest.spyOn(stderr, 'write').mockImplementation((text) => (said += String(text)) !== '');
  });
  afterEach(() => {
    jest.restoreAllMocks();
    if (before === undefined) delete process.env['RXTAPE_LEFT'];
    else process.env['RXTAPE_LEFT'] = before;
    leave(rootDir);
  });

  const errorAfter = (log: string, failure: string, file: string): Error | undefined => {
    const reporter = new SecretReporter({ rootDir });
    const left = process.env['RXTAPE_LEFT'] ?? '';
    writeFileSync(join(left, 'tape.ndjson.gz'), gzipSync(file));
    const console = [{ message: log, origin: '' }];
    const testResults = [{ fullName: 'it works', failureMessages: [failure] }];
    reporter.onTestResult({ path: join(rootDir, 'spec', 'a.spec.ts') }, { console, testResults });
    reporter.onRunComplete();
    expect(existsSync(left)).toBe(false);
    return reporter.getLastError();
  };

  it('says what it searched, and has no objection when there is nothing', () => {
    expect(errorAfter('hello', 'expected 1', '["in",1,1,1,"***"]')).toBeUndefined();
    expect(said).toMatch(/^Searched for the credential: 1 files and 3 texts, \d+ bytes; found 0 times\n$/);
  });

  it('fails the run with the places where it is', () => {
    const error = errorAfter(SECRET, encodeURIComponent(SECRET), JSON.stringify(['in', 1, 1, 1, SECRET]));
    expect(error?.message).toMatch(/a\.spec\.ts, a log.*a\.spec\.ts, a failure.*tape\.ndjson\.gz/);
    expect(said).toContain('found 3 times');
  });
});
