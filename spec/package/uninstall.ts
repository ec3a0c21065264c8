import { rmSync } from 'node:fs';

/** Removes what was packed, and all that was installed beside it. */
const uninstall = (): void => {
  const home = process.env['RXTAPE_PACKED'];
  if (home) rmSync(home, { recursive: true, force: true });
};

// eslint-disable-next-line no-restricted-exports -- Jest calls the default export
export default uninstall;
