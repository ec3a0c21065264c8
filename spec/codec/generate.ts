/**
 * Writes the scanners of all providers.
 *
 *     npm run generate
 */
import { writeFileSync } from 'node:fs';
import { cwd } from 'node:process';
import { generated } from './generated.js';

for (const [path, source] of generated(cwd())) {
  writeFileSync(path, source);
  console.log(path);
}
