import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { libFiles, root, textOf } from './sources/files.js';

/** Reading all sources takes half a minute of a busy machine. */
const LONG = 240_000;

describe('the API reference', () => {
  it(
    'has each name that a public one mentions, and no broken link',
    () => {
      const typedoc = join(root, 'node_modules/typedoc/bin/typedoc');
      const { status, stdout, stderr } = spawnSync(process.execPath, [typedoc, '--emit', 'none'], {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1' },
      });
      const complaints = `${stdout}\n${stderr}`.split('\n').filter((line) => /warning|error/i.test(line));
      expect(complaints).toEqual([]);
      expect(status).toBe(0);
    },
    LONG,
  );

  it('gives defaults as `@defaultValue`', () => {
    const inProse = /^ *(?:\/\*\*| \*) .*\bDefaults? (?:to|is) (?:(?!\*\/)[^])*\*\/\n *(?:readonly )?\w+\?:/gm;
    const found = libFiles
      .filter((file) => !file.startsWith('bin/'))
      .flatMap((file) => [...textOf(file).matchAll(inProse)].map(([comment]) => `${file}: ${comment}`));
    expect(found).toEqual([]);
  });
});
