import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
// eslint-disable-next-line @typescript-eslint/no-require-imports -- Jest loads this file without its map of `.js` to `.ts`
import packing = require('./packed');

/**
 * Installs the packed package, and the peers of all its doors, in an empty folder, once for all specs in here: neither the compiler nor Jest nor a link to
 * this folder would notice what is missing from the tarball.
 */
const install = (): void => {
  const { folder, tarball } = packing.packed();
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  const { devDependencies } = packing.manifest();
  const peers = packing.peers.map((name) => `${name}@${devDependencies[name]}`);
  packing.npm(folder, 'install', '--prefer-offline', tarball, ...peers);
};

// eslint-disable-next-line no-restricted-exports -- Jest calls the default export
export default install;
