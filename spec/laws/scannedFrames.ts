import { isDeepStrictEqual } from 'node:util';
import { newCursor, placeAt, type Cursor } from '../../lib/codec/cursor.js';
import { quotes } from '../../lib/model/topic.js';
import { bytesDecoder as binanceBytes } from '../../lib/providers/binance/bytesDecoder.js';
import { frameDecoder as binanceText } from '../../lib/providers/binance/decodeFrame.js';
import { dataReader } from '../../lib/providers/binance/readData.js';
import { scanFrame as binanceScan } from '../../lib/providers/binance/scan.generated.js';
import { bytesDecoder as itickBytes } from '../../lib/providers/itick/bytesDecoder.js';
import { frameDecoder as itickText } from '../../lib/providers/itick/decodeFrame.js';
import { scanFrame as itickScan } from '../../lib/providers/itick/scan.generated.js';
import { spelling } from '../../lib/providers/itick/symbols.js';
import { bytesDecoder as tickflowBytes } from '../../lib/providers/tickflow/bytesDecoder.js';
import { frameDecoder as tickflowText } from '../../lib/providers/tickflow/decodeFrame.js';
import { scanFrame as tickflowScan } from '../../lib/providers/tickflow/scan.generated.js';
import { spellingOf } from '../../lib/providers/tickflow/symbols.js';
import { stampRule } from '../../lib/model/stamps.js';
import type { Decode } from '../../lib/session/encoded.js';
import { quotedFrame } from '../../lib/session/undecodable.js';
import { nothingWanted, wanting } from '../../lib/session/wanted.js';
import { framesOf, seeded, symbols, type FrameKind } from '../../bench/frames.js';

export const kinds = [
  'itTick',
  'itQuote',
  'itDepth',
  'itKline',
  'tfQuotes',
  'tfDepth',
  'bnTrade',
  'bnTicker',
  'bnBook',
  'bnDepth',
  'bnKline',
] as const satisfies readonly FrameKind[];

interface Decoders {
  readonly text: Decode<unknown>;
  readonly bytes: Decode<unknown>;
}

/** Both decoders of a vendor, each with a memory of its own. */
const decodersOf = (kind: FrameKind): Decoders => {
  if (kind.startsWith('bn')) {
    const reader = () => dataReader({ feed: 'binance', stamps: stampRule() });
    return { text: binanceText(reader()), bytes: binanceBytes(reader()) };
  }
  if (kind.startsWith('tf')) {
    const spell = spellingOf({ state: wanting(nothingWanted, quotes(...symbols)) });
    const options = () => ({ feed: 'tickflow', spell, stamps: stampRule() });
    return { text: tickflowText(options()), bytes: tickflowBytes(options()) };
  }
  const options = () => ({
    feed: 'itick:stock',
    spell: spelling(symbols),
    tickVolume: 'cumulative' as const,
    sizeUnit: 'shares' as const,
    stamps: stampRule(),
  });
  return { text: itickText(options()), bytes: itickBytes(options()) };
};

const NOW = 1_731_689_407_000;

const scans: Readonly<Record<string, (cursor: Cursor) => unknown>> = {
  it: itickScan,
  tf: tickflowScan,
  bn: binanceScan,
};

/** Bytes that break JSON, and that are often met in it. */
const usual = Buffer.from('"\\{}[],:0123456789-+.eE \t\0truefalsn');

/** The frame with up to three bytes changed, lost or put in. */
const mutated = (frame: Buffer, roll: () => number): Buffer => {
  let bytes = frame;
  for (let edits = 1 + Math.floor(roll() * 3); edits > 0; edits--) {
    const at = Math.floor(roll() * bytes.length);
    const put = roll() < 0.8 ? (usual[Math.floor(roll() * usual.length)] ?? 0) : Math.floor(roll() * 256);
    const lost = Math.floor(roll() * 3);
    bytes = Buffer.concat([
      bytes.subarray(0, at),
      roll() < 0.8 ? Buffer.from([put]) : Buffer.alloc(0),
      bytes.subarray(at + lost),
    ]);
  }
  return bytes;
};

export interface Found {
  readonly frames: number;
  /** How many of the frames that are whole were known by heart. */
  readonly known: number;
  /** How many frames had a byte changed. */
  readonly changed: number;
  /** The first frame that was not read the same from bytes and as a text. */
  readonly wrong: string | undefined;
}

const isSame = (first: unknown, second: unknown): boolean => isDeepStrictEqual(comparable(first), comparable(second));

/** What is said of a frame that cannot be read, is not in the event before its end. */
const comparable = (said: unknown): unknown =>
  [said].flat().map((message) => {
    const { kind } = message as { readonly kind: string };
    if (kind === 'undecodable') return quotedFrame(message as never, 'any', (text) => text);
    return kind === 'control' ? JSON.stringify(message) : message;
  });

/**
 * Reads frames of a kind from their bytes and as texts, and every second one with wrong bytes as well. Both ways have to say
 * the same, to the bit.
 */
export const comparedFrames = (kind: FrameKind, count: number, seed: number): Found => {
  const roll = seeded(seed);
  const { text, bytes } = decodersOf(kind);
  const scan = scans[kind.slice(0, 2)];
  const cursor = newCursor();
  const isKnown = (frame: Buffer): boolean => {
    placeAt(cursor, frame);
    return scan?.(cursor) !== undefined;
  };
  const differs = (frame: Buffer): boolean => !isSame(bytes.ofBytes?.(frame, NOW), text(frame.toString(), NOW));

  let known = 0;
  let changed = 0;
  for (const [i, frame] of framesOf(kind, count, undefined, seed).entries()) {
    const whole = Buffer.from(frame);
    if (isKnown(whole)) known += 1;
    if (differs(whole)) return { frames: i, known, changed, wrong: frame };
    if (i % 2 === 0) continue;
    changed += 1;
    const broken = mutated(whole, roll);
    if (differs(broken)) return { frames: i, known, changed, wrong: broken.toString('latin1') };
  }
  return { frames: count, known, changed, wrong: undefined };
};
