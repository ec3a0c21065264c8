import { join } from 'node:path';
import * as prettier from 'prettier';
import { scannerSource } from '../../lib/codec/generator/scannerSource.js';
import * as binance from '../../lib/providers/binance/frames.js';
import * as itick from '../../lib/providers/itick/frames.js';
import * as tickflow from '../../lib/providers/tickflow/frames.js';

const frames = { binance, itick, tickflow };

/** What `npm run generate` writes: the path of each module, and its source. */
export const generated = (root: string): Promise<readonly (readonly [string, string])[]> =>
  Promise.all(
    Object.entries(frames).map(async ([provider, { Frame }]) => {
      const path = join(root, 'lib', 'providers', provider, 'scan.generated.ts');
      const source = scannerSource({ Frame }, { codecs: './frames.js', functions: '../../codec/scan.js' });
      const style = await prettier.resolveConfig(path);
      return [path, await prettier.format(source, { ...style, filepath: path })] as const;
    }),
  );
