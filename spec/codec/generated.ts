import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { scannerSource } from '../../lib/codec/generator/scannerSource.js';
import * as binance from '../../lib/providers/binance/frames.js';
import * as itick from '../../lib/providers/itick/frames.js';
import * as tickflow from '../../lib/providers/tickflow/frames.js';

const frames = { binance, itick, tickflow };

/** What `npm run generate` writes: the path of each module, and its source. */
export const generated = (root: string): readonly (readonly [path: string, source: string])[] =>
  Object.entries(frames).map(([provider, { Frame }]) => {
    const path = join(root, 'lib', 'providers', provider, 'scan.generated.ts');
    const input = scannerSource({ Frame }, { codecs: './frames.js', functions: '../../codec/scan.js' });
    const prettier = join(root, 'node_modules', 'prettier', 'bin', 'prettier.cjs');
    return [path, execFileSync(execPath, [prettier, '--stdin-filepath', path], { input, encoding: 'utf8' })];
  });
