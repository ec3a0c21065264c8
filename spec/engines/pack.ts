// eslint-disable-next-line @typescript-eslint/no-require-imports -- Jest loads this file without its map of `.js` to `.ts`
import packing = require('../package/packed');

/** Packs the package once for all engines. */
const pack = (): void => {
  process.stderr.write('packs rxtape\n');
  packing.packed();
};

// eslint-disable-next-line no-restricted-exports -- Jest calls the default export
export default pack;
