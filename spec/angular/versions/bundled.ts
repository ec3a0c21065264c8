import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { root } from '../../sources/files.js';

/** Angular, zone.js and RxJS are those of a folder, also for the library itself: there must be one of each. */
const from = (folder: string): Plugin => ({
  name: 'one of each',
  setup: ({ onResolve, resolve }) => {
    onResolve({ filter: /^(@angular\/|rxjs|zone\.js|tslib)/ }, ({ path, kind, pluginData }) =>
      pluginData === folder ? undefined : resolve(path, { kind, resolveDir: folder, pluginData: folder }),
    );
  },
});

/** The page of `page.mjs` as one script, on the Angular of a folder. */
export const bundled = async (folder: string, hasZone: boolean): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'spec/angular/versions/page.mjs')],
    // Before all else.
    inject: hasZone ? [join(folder, 'node_modules/zone.js/fesm2015/zone.js')] : [],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    plugins: [from(folder)],
  });
  return outputFiles[0]?.text ?? '';
};
