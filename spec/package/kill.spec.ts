import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastValueFrom, toArray } from 'rxjs';
import { isMarketEvent } from '../../lib/model/feedEvent.js';
import { quotes } from '../../lib/model/topic.js';
import { itick } from '../../lib/providers/itick/index.js';
import { readCassette, replay, type BadCassette, type Entry } from '../../lib/record/index.js';
import { formOf } from '../secrets/formOf.cjs';
import { leave, leftFolder } from '../secrets/leftFolder.js';
import { SECRET } from '../secrets/secret.cjs';
import { folder, written } from './consumer.js';

const KILLS = 50;
const AT_ONCE = 5;
const symbols = ['AAPL.US', '700.HK', 'TSLA.US', '9988.HK'];

/** Records the simulator to two files at once, says that it has begun, and never ends. */
const recorder = `
  import { quotes } from 'rxtape';
  import { itick } from 'rxtape/itick';
  import { fileSink, record } from 'rxtape/record';
  import { startSimulator } from 'rxtape/simulator';
  const { url } = await startSimulator({ seed: 7, speed: 50, itick: { token: ${JSON.stringify(SECRET)}, echoToken: true } });
  const path = process.argv[2];
  const sinks = [fileSink(path + '.ndjson'), fileSink(path + '.ndjson.gz', { flushEvery: 40 })];
  const both = {
    start: (onFailure) => {
      const tracks = sinks.map((sink) => sink.start(onFailure));
      return {
        write: (entry) => tracks.forEach((track) => track.write(entry)),
        end: () => tracks.forEach((track) => track.end()),
      };
    },
  };
  record((connection) => itick({ url, token: ${JSON.stringify(SECRET)}, market: 'stock', topics: quotes(...${JSON.stringify(symbols)}), ...connection }), both)
    .subscribe(({ kind }) => kind === 'connected' && console.log('recording'));`;

const killed = async (script: string, path: string, after: number): Promise<void> => {
  const child = spawn(process.execPath, [script, path], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  await new Promise((resolve) => setTimeout(resolve, after));
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
};

const read = async (path: string): Promise<{ readonly entries: readonly Entry[]; readonly damages: BadCassette[] }> => {
  const damages: BadCassette[] = [];
  const entries: Entry[] = [];
  const { blocks } = readCassette(path, { onDamage: (damage) => damages.push(damage) });
  for await (const block of blocks()) entries.push(...block);
  return { entries, damages };
};

describe(`a recorder that is killed with SIGKILL, ${KILLS} times`, () => {
  it('leaves cassettes that replay up to their last whole frame', async () => {
    const cassettes = leftFolder();
    const script = written('recorder.mjs', recorder);
    const counts: number[] = [];
    const once = async (run: number): Promise<void> => {
      const path = join(cassettes, String(run));
      await killed(script, path, Math.random() * 400);

      const plain = await read(`${path}.ndjson`);
      const packed = await read(`${path}.ndjson.gz`);
      const whole = readFileSync(`${path}.ndjson`, 'utf8').split('\n').length - 1;
      expect([whole, whole + 1]).toContain(plain.entries.length);
      expect(plain.damages.length).toBeLessThanOrEqual(1);
      // What was compressed is what was written, up to the last block.
      expect(packed.entries).toEqual(plain.entries.slice(0, packed.entries.length));
      expect(packed.entries.length).toBeGreaterThan(0);
      for (const file of ['ndjson', 'ndjson.gz']) {
        expect(formOf(SECRET, readFileSync(`${path}.${file}`))).toBeUndefined();
      }

      for (const [file, { entries }] of Object.entries({ ndjson: plain, 'ndjson.gz': packed })) {
        const said = entries.filter((entry) => entry.what === 'in' && entry.frame.includes('"type":"quote"'));
        const feed$ = replay(
          readCassette(`${path}.${file}`),
          (connection) => itick({ token: 'any', market: 'stock', topics: quotes(...symbols), ...connection }),
          { speed: Infinity },
        );
        const heard = await lastValueFrom(feed$.pipe(toArray()), { defaultValue: [] });
        expect(heard.filter(isMarketEvent)).toHaveLength(said.length);
        counts.push(said.length);
      }
    };
    for (let run = 0; run < KILLS; run += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => once(run + i)));
    }
    expect(counts).toHaveLength(2 * KILLS);
    expect(counts.reduce((sum, count) => sum + count)).toBeGreaterThan(KILLS);
    leave(cassettes);
  }, 240_000);
});
