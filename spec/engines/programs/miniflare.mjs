// Runs a worker in Cloudflare's runtime. The words are the file of the worker, and where the simulator is.
import { readFileSync } from 'node:fs';
import { argv, exit } from 'node:process';
import { Miniflare } from 'miniflare';

const script = readFileSync(argv[2], 'utf8');
const worker = new Miniflare({ modules: true, script, compatibilityDate: '2026-04-01' });
const answer = await worker.dispatchFetch(`http://localhost/?url=${encodeURIComponent(argv[3])}`);
const text = await answer.text();
await worker.dispose();
if (text !== 'ok') throw new Error(text);
exit(0);
