/**
 * Frame text -> validated, normalised events, against bare `JSON.parse` of the same text in the same process.
 *
 *     npm run bench:decode
 */
import { execFileSync } from 'node:child_process';
import type { Decode } from '../lib/session/encoded.js';
import { quotes } from '../lib/model/topic.js';
import { frameDecoder as binanceDecoder } from '../lib/providers/binance/decodeFrame.js';
import { dataReader } from '../lib/providers/binance/readData.js';
import { frameDecoder as itickDecoder } from '../lib/providers/itick/decodeFrame.js';
import { spelling } from '../lib/providers/itick/symbols.js';
import { frameDecoder as tickflowDecoder } from '../lib/providers/tickflow/decodeFrame.js';
import { spellingOf } from '../lib/providers/tickflow/symbols.js';
import { nothingWanted, wanting } from '../lib/session/wanted.js';
import { frameKinds, framesOf, symbols, withInvalid, type FrameKind } from './frames.js';
import { bytesOf, ratioOf } from './ratio.js';

const FRAMES = 10_000;
const SLICE = 1_000;

const decoderOf = (kind: FrameKind): Decode<unknown> => {
  if (kind.startsWith('it')) {
    return itickDecoder({
      feed: 'itick:stock',
      spell: spelling(symbols),
      tickVolume: 'cumulative',
      sizeUnit: 'shares',
    });
  }
  if (kind.startsWith('bn')) return binanceDecoder(dataReader({ feed: 'binance' }));
  const wanted = { state: wanting(nothingWanted, quotes(...symbols)) };
  return tickflowDecoder({ feed: 'tickflow', spell: spellingOf(wanted) });
};

/** Walks through the frames a slice at a time, so that each round sees others. */
const inSlices = (frames: readonly string[], each: (frame: string) => void): (() => void) => {
  let at = 0;
  return () => {
    for (let i = 0; i < SLICE; i++) each(frames[at++ % frames.length]!);
  };
};

/** Something of every result goes here, so that no work can be optimised away. */
export let sink = 0;

const measure = (kind: FrameKind, invalid: boolean): void => {
  const frames = invalid ? withInvalid(framesOf(kind, FRAMES)) : framesOf(kind, FRAMES);
  const decode = decoderOf(kind);
  const work = inSlices(frames, (frame) => {
    sink += Array.isArray(decode(frame, 1_731_689_407_000)) ? 1 : 2;
  });
  const floor = inSlices(frames, (frame) => {
    try {
      sink += typeof JSON.parse(frame) === 'object' ? 1 : 0;
    } catch {
      sink += 1;
    }
  });
  const { ratio, floorNs } = ratioOf(work, floor);
  const bytes = bytesOf(work) / bytesOf(floor);
  const size = frames.reduce((sum, frame) => sum + Buffer.byteLength(frame), 0) / frames.length;
  const cells = [kind + (invalid ? ' 1 % bad' : ''), size.toFixed(0), (floorNs / SLICE / 1000).toFixed(2)];
  console.log(`| ${[...cells, ratio.toFixed(2), bytes.toFixed(2)].join(' | ')} |`);
};

const [, , kind, invalid] = process.argv;
if (kind === undefined) {
  console.log('| frames | bytes | JSON.parse us | x JSON.parse | bytes allocated x JSON.parse |');
  console.log('|---|---|---|---|---|');
  // A process for each variant: variants that share code change each other's type feedback.
  const run = (...args: readonly string[]): void => {
    execFileSync(process.execPath, ['--expose-gc', '--max-semi-space-size=256', __filename, ...args], {
      stdio: 'inherit',
    });
  };
  for (const each of frameKinds) run(each);
  for (const mixed of ['itMixed', 'tfMixed', 'bnMixed']) run(mixed, 'invalid');
} else {
  measure(kind as FrameKind, invalid === 'invalid');
}
