/**
 * Loopback socket -> provider pipeline -> subscriber, against a bare `ws` client that only parses, in turn (A B B A).
 * Server and client are processes of their own, so that the CPU is the client's alone.
 *
 *     npm run bench:feed
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FrameKind } from './frames.js';
import { median } from './ratio.js';

interface Figures {
  /** Microseconds of CPU per message. */
  readonly cpu: number;
  /** Messages per second. */
  readonly rate: number;
}

const MESSAGES = 400_000;
const ROUNDS = 5;
const kinds: readonly FrameKind[] = ['itTick', 'itQuote', 'itDepth', 'itMixed'];

const run = async (kind: FrameKind, which: 'bare' | 'feed'): Promise<Figures> => {
  const pump = fork(join(__dirname, 'pump.js'), [kind, String(MESSAGES)]);
  const [port] = (await once(pump, 'message')) as [number];
  const client = fork(join(__dirname, 'client.js'), [which, `ws://127.0.0.1:${port}`, String(MESSAGES)]);
  const [figures] = (await once(client, 'message')) as [Figures];
  pump.disconnect();
  return figures;
};

const main = async (): Promise<void> => {
  console.log(
    '| frames | ws + JSON.parse: CPU us a message | feed: CPU us a message | ratio | feed: messages a second |',
  );
  console.log('|---|---|---|---|---|');
  for (const kind of kinds) {
    const bare: Figures[] = [];
    const feed: Figures[] = [];
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const [a, b, c, d] = [
        await run(kind, 'feed'),
        await run(kind, 'bare'),
        await run(kind, 'bare'),
        await run(kind, 'feed'),
      ];
      bare.push(b, c);
      feed.push(a, d);
      ratios.push((a.cpu + d.cpu) / (b.cpu + c.cpu));
    }
    const cpu = (figures: readonly Figures[]): string => median(figures.map((figure) => figure.cpu)).toFixed(2);
    const rate = median(feed.map((figure) => figure.rate)).toFixed(0);
    console.log(`| ${kind} | ${cpu(bare)} | ${cpu(feed)} | ${median(ratios).toFixed(2)} | ${rate} |`);
  }
};

void main();
