/**
 * Reads a million frames of each kind from their bytes and as texts, and half a million more with wrong bytes in them. Ends with 1
 * where the two ways do not say the same, to the bit.
 *
 *     npm run prove:scanner
 *     npm run prove:scanner -- 100000 5     so many of each kind, another seed
 */
import { comparedFrames, kinds } from '../spec/laws/scannedFrames.js';

const BATCH = 50_000;
const [, , count = '1000000', seed = '1'] = process.argv;

console.log('| frames | read both ways | with wrong bytes | known by heart | first that differs |');
console.log('|---|---|---|---|---|');
for (const kind of kinds) {
  let [frames, changed, known] = [0, 0, 0];
  let wrong: string | undefined;
  for (let batch = 0; frames < Number(count) && wrong === undefined; batch++) {
    const found = comparedFrames(kind, Math.min(BATCH, Number(count) - frames), Number(seed) + batch);
    frames += found.frames;
    changed += found.changed;
    known += found.known;
    wrong = found.wrong;
  }
  if (wrong !== undefined) process.exitCode = 1;
  console.log(`| ${kind} | ${frames} | ${changed} | ${((100 * known) / frames).toFixed(2)} % | ${wrong ?? 'none'} |`);
}
