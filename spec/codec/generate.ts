/**
 * Writes the scanners of all providers.
 *
 *     npm run generate
 */
import { writeFileSync } from 'node:fs';
import { cwd } from 'node:process';
import { generated } from './generated.js';

void generated(cwd()).then((modules) => {
  for (const [path, source] of modules) {
    writeFileSync(path, source);
    console.log(path);
  }
});
