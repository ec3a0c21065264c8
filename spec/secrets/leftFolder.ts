import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a run of the specs gathers files, to search them for the credential; see reporter.cjs. */
const left = process.env['RXTAPE_LEFT'];

/** A new folder for files. */
export const leftFolder = (): string => mkdtempSync(join(left ?? tmpdir(), 'rxtape-'));

/** To be called when a spec is done with one; it is deleted once it has been searched. */
export const leave = (folder: string): void => {
  if (left === undefined) rmSync(folder, { recursive: true, force: true });
};
