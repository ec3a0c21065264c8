import { rmSync } from 'node:fs';

/** Removes what `install.ts` left. */
const uninstall = (): void => {
  const folder = process.env['RXTAPE_INSTALLED'];
  if (folder) rmSync(folder, { recursive: true, force: true });
};

// eslint-disable-next-line no-restricted-exports -- Jest calls the default export
export default uninstall;
