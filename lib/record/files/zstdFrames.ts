const MAGIC = 0xfd2fb528;
/** What is in such a frame is for others; it has its length in front. */
const SKIPPABLE = 0x184d2a50;

/** The length of a frame's header, as far as its first bytes say; undefined where no frame begins. */
const headerLength = (head: Buffer): number | undefined => {
  if (head.length < 4) return 5;
  const magic = head.readUInt32LE();
  if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) return 8;
  if (magic !== MAGIC) return undefined;
  const descriptor = head[4];
  if (descriptor === undefined) return 5;
  const isSingle = (descriptor & 0x20) !== 0;
  const ofSize = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const ofDictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  return 5 + (isSingle ? 0 : 1) + ofDictionary + ofSize;
};

/**
 * The same bytes, with the end of a piece wherever a frame of zstd ends. Node 22 and Deno leave out, without a word, what
 * follows a frame in the same piece. What is no zstd is handed on as it is.
 */
export async function* atFrames(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer, undefined> {
  const state = { isLost: false, inFrame: false, ends: false };
  let checksum = 0;
  let head = Buffer.alloc(0);
  /** Bytes up to the next header, or to the end of the frame. */
  let skip = 0;

  /** Takes a byte of a header, and goes by the header where it is whole. */
  const take = (byte: number): void => {
    head = Buffer.concat([head, Buffer.of(byte)]);
    const length = state.inFrame ? 3 : headerLength(head);
    if (length === undefined) state.isLost = true;
    else if (head.length < length) return;
    else if (state.inFrame) {
      const block = head.readUIntLE(0, 3);
      state.ends = (block & 1) !== 0;
      const isRepeated = ((block >> 1) & 3) === 1;
      skip = (isRepeated ? 1 : block >> 3) + (state.ends ? checksum : 0);
    } else if (head.readUInt32LE() === MAGIC) {
      state.inFrame = true;
      checksum = ((head[4] ?? 0) & 4) === 0 ? 0 : 4;
    } else {
      skip = head.readUInt32LE(4);
      state.ends = true;
    }
    head = Buffer.alloc(0);
  };

  for await (const piece of pieces) {
    let from = 0;
    let at = 0;
    while (at < piece.length && !state.isLost) {
      if (skip === 0) take(piece[at++] ?? 0);
      const step = Math.min(skip, piece.length - at);
      skip -= step;
      at += step;
      if (skip > 0 || !state.ends) continue;
      yield piece.subarray(from, at);
      from = at;
      state.ends = state.inFrame = false;
    }
    if (from < piece.length) yield piece.subarray(from);
  }
}
