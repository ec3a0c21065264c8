/**
 * Frame bytes or text -> validated, normalised events, against bare `JSON.parse` of the ready text in the same process.
 *
 *     npm run bench:decode
 */
import { execFileSync } from 'node:child_process';
import type { Decode } from '../lib/session/encoded.js';
import { quotes } from '../lib/model/topic.js';
import { bytesDecoder as binanceDecoder } from '../lib/providers/binance/bytesDecoder.js';
import { frameDecoder as binanceText } from '../lib/providers/binance/decodeFrame.js';
import { dataReader } from '../lib/providers/binance/readData.js';
import { bytesDecoder as itickDecoder } from '../lib/providers/itick/bytesDecoder.js';
import { frameDecoder as itickText } from '../lib/providers/itick/decodeFrame.js';
import { spelling } from '../lib/providers/itick/symbols.js';
import { bytesDecoder as tickflowDecoder } from '../lib/providers/tickflow/bytesDecoder.js';
import { frameDecoder as tickflowText } from '../lib/providers/tickflow/decodeFrame.js';
import { spellingOf } from '../lib/providers/tickflow/symbols.js';
import { nothingWanted, wanting } from '../lib/session/wanted.js';
import { frameKinds, framesOf, symbols, withInvalid, type FrameKind } from './frames.js';
import { bytesOf, ratioOf } from './ratio.js';

const FRAMES = 10_000;
const SLICE = 1_000;

const decoderOf = (kind: FrameKind, isOfBytes: boolean): Decode<unknown> => {
  if (kind.startsWith('it')) {
    return (isOfBytes ? itickDecoder : itickText)({
      feed: 'itick:stock',
      spell: spelling(symbols),
      tickVolume: 'cumulative',
      sizeUnit: 'shares',
    });
  }
  if (kind.startsWith('bn')) return (isOfBytes ? binanceDecoder : binanceText)(dataReader({ feed: 'binance' }));
  const wanted = { state: wanting(nothingWanted, quotes(...symbols)) };
  return (isOfBytes ? tickflowDecoder : tickflowText)({ feed: 'tickflow', spell: spellingOf(wanted) });
};

/** Walks through the frames a slice at a time, so that each round sees others. */
const inSlices = <F>(frames: readonly F[], each: (frame: F) => void): (() => void) => {
  let at = 0;
  return () => {
    for (let i = 0; i < SLICE; i++) each(frames[at++ % frames.length]!);
  };
};

/** Something of every result goes here, so that no work can be optimised away. */
export let sink = 0;

const measure = (kind: FrameKind, form: 'bytes' | 'text', invalid: boolean): void => {
  const frames = invalid ? withInvalid(framesOf(kind, FRAMES)) : framesOf(kind, FRAMES);
  const decode = decoderOf(kind, form === 'bytes');
  const { ofBytes } = decode;
  const note = (found: unknown): void => {
    sink += Array.isArray(found) ? 1 : 2;
  };
  const work =
    form === 'text' || !ofBytes
      ? inSlices(frames, (frame) => note(decode(frame, 1_731_689_407_000)))
      : inSlices(
          frames.map((frame) => Buffer.from(frame)),
          (frame) => note(ofBytes(frame, 1_731_689_407_000)),
        );
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
  const cells = [kind + (invalid ? ' 1 % bad' : ''), form, size.toFixed(0), (floorNs / SLICE / 1000).toFixed(2)];
  console.log(`| ${[...cells, ratio.toFixed(2), bytes.toFixed(2)].join(' | ')} |`);
};

const [, , kind, form, invalid] = process.argv;
if (kind === undefined) {
  console.log('| frames | read from | bytes | JSON.parse us | x JSON.parse | bytes allocated x JSON.parse |');
  console.log('|---|---|---|---|---|---|');
  // A process for each variant: variants that share code change each other's type feedback.
  const run = (...args: readonly string[]): void => {
    execFileSync(process.execPath, ['--expose-gc', '--max-semi-space-size=256', __filename, ...args], {
      stdio: 'inherit',
    });
  };
  for (const from of ['bytes', 'text']) {
    for (const each of frameKinds) run(each, from);
    for (const mixed of ['itMixed', 'tfMixed', 'bnMixed']) run(mixed, from, 'invalid');
  }
} else {
  measure(kind as FrameKind, form === 'text' ? 'text' : 'bytes', invalid === 'invalid');
}
