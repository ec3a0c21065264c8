/** Some bytes of a file. */
export interface Piece {
  readonly bytes: Buffer;
  /** Whether a block ends with it, and whether that is the last one. */
  readonly ends: boolean;
  readonly isLast: boolean;
}

/** Cuts a file before each `mark`, which is what its blocks begin with; without one it is a single block. */
export async function* cut(file: AsyncIterable<Buffer>, mark: Buffer | undefined): AsyncGenerator<Piece, Piece> {
  let held = Buffer.alloc(0);
  // The mark that a block begins with ends none.
  let from = 1;
  for await (const some of file) {
    held = Buffer.concat([held, some]);
    for (let at = find(held, mark, from); at >= 0; at = find(held, mark, 1)) {
      yield { bytes: held.subarray(0, at), ends: true, isLast: false };
      held = held.subarray(at);
      from = 1;
    }
    // What may be the beginning of a mark stays.
    const sure = held.length - (mark ? mark.length - 1 : 0);
    if (sure <= 0) continue;
    yield { bytes: held.subarray(0, sure), ends: false, isLast: false };
    held = held.subarray(sure);
    from = 0;
  }
  return { bytes: held, ends: true, isLast: true };
}

const find = (bytes: Buffer, mark: Buffer | undefined, from: number): number => (mark ? bytes.indexOf(mark, from) : -1);
