import fc from 'fast-check';
import { atFrames } from '../../../lib/record/files/zstdFrames.js';

/** A block as it is, or one byte so many times. */
interface Block {
  readonly bytes: Uint8Array;
  readonly isRepeated: boolean;
}

const blockOf = ({ bytes, isRepeated }: Block, isLast: boolean): Buffer => {
  const header = Buffer.alloc(3);
  header.writeUIntLE((bytes.length << 3) | (isRepeated ? 2 : 0) | Number(isLast), 0, 3);
  return Buffer.concat([header, isRepeated ? Buffer.of(7) : bytes]);
};

/** A frame as RFC 8878 has it: what its header may hold, its blocks, and perhaps a checksum. */
const frame = fc
  .record({
    size: fc.integer({ min: 0, max: 3 }),
    isSingle: fc.boolean(),
    hasChecksum: fc.boolean(),
    dictionary: fc.integer({ min: 0, max: 3 }),
    blocks: fc.array(fc.record({ bytes: fc.uint8Array({ maxLength: 40 }), isRepeated: fc.boolean() }), {
      minLength: 1,
      maxLength: 4,
    }),
  })
  .map(({ size, isSingle, hasChecksum, dictionary, blocks }) => {
    const descriptor = (size << 6) | (isSingle ? 0x20 : 0) | (hasChecksum ? 4 : 0) | dictionary;
    const fields = (isSingle ? 0 : 1) + [0, 1, 2, 4][dictionary]! + [isSingle ? 1 : 0, 2, 4, 8][size]!;
    return Buffer.concat([
      Buffer.from('28b52ffd', 'hex'),
      Buffer.of(descriptor),
      Buffer.alloc(fields, 0xff),
      ...blocks.map((block, at) => blockOf(block, at === blocks.length - 1)),
      Buffer.alloc(hasChecksum ? 4 : 0, 0xff),
    ]);
  });

const skippable = fc.uint8Array({ maxLength: 20 }).map((bytes) => {
  const header = Buffer.from('5a2a4d1800000000', 'hex');
  header.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
});

async function* inPieces(bytes: Buffer, size: number): AsyncIterable<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

const piecesOf = async (bytes: Buffer, size: number): Promise<readonly Buffer[]> => {
  const pieces: Buffer[] = [];
  for await (const piece of atFrames(inPieces(bytes, size))) pieces.push(piece);
  return pieces;
};

describe('atFrames', () => {
  it('ends a piece where a frame ends, however the bytes came, and loses none', async () => {
    const frames = fc.array(fc.oneof(frame, skippable), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(frames, fc.integer({ min: 1, max: 120 }), async (some, size) => {
        const bytes = Buffer.concat(some);
        const pieces = await piecesOf(bytes, size);
        expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
        expect(pieces.every(({ length }) => length > 0 && length <= size)).toBe(true);
        let at = 0;
        const ends = new Set(pieces.map(({ length }) => (at += length)));
        at = 0;
        const wanted = some.map(({ length }) => (at += length));
        expect(wanted.filter((end) => !ends.has(end))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('hands on what is no zstd, and what follows a frame and is none', async () => {
    const text = Buffer.from('no zstd at all, but text');
    expect(await piecesOf(text, 10)).toEqual([text.subarray(0, 10), text.subarray(10, 20), text.subarray(20)]);
    const whole = Buffer.from('28b52ffd0058090000' + '61', 'hex');
    expect(Buffer.concat(await piecesOf(Buffer.concat([whole, text]), 1_000))).toEqual(Buffer.concat([whole, text]));
  });

  it('takes what an engine packs for one frame', async () => {
    // `zstdCompress` of Node 24 for "hello\n", twice.
    const hello = Buffer.from('28b52ffd0058310000' + '68656c6c6f0a', 'hex');
    expect(await piecesOf(Buffer.concat([hello, hello]), 1_000)).toEqual([hello, hello]);
  });
});
