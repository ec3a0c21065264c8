// Opens each door by `import` and by `require`: both must give the same names, and the same things.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const manifest = JSON.parse(readFileSync('node_modules/rxtape/package.json', 'utf8'));
const doors = Object.keys(manifest.exports).filter((path) => path !== './package.json');
for (const door of doors) {
  const name = `rxtape${door.slice(1)}`;
  const imported = await import(name);
  const required = require(name);
  const names = Object.keys(imported).filter((key) => !['default', 'module.exports', '__esModule'].includes(key));
  if (names.length === 0) throw new Error(`${name} gives nothing`);
  const missing = Object.keys(required).filter((key) => !names.includes(key));
  if (missing.length > 0) throw new Error(`import of ${name} misses ${missing}`);
  const others = names.filter((key) => imported[key] !== required[key]);
  if (others.length > 0) throw new Error(`import and require of ${name} differ in ${others}`);
}
if (doors.length < 10) throw new Error(`only ${doors.length} doors`);
