import fc from 'fast-check';
import { cut } from '../../../lib/record/files/cut.js';

const MARK = Buffer.from('1f8b', 'hex');

async function* inPieces(bytes: Buffer, size: number): AsyncIterable<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

const blocksOf = async (bytes: Buffer, size: number, mark?: Buffer): Promise<readonly string[]> => {
  const pieces = cut(inPieces(bytes, size), mark);
  const blocks = [''];
  for (;;) {
    const { value, done } = await pieces.next();
    blocks.push((blocks.pop() ?? '') + value.bytes.toString('hex'));
    if (done) return blocks;
    if (value.ends) blocks.push('');
  }
};

describe('cut', () => {
  it('begins a block at each mark, however the file is read', async () => {
    const bytes = fc.array(fc.constantFrom(0x1f, 0x8b, 0), { maxLength: 40 }).map((list) => Buffer.from(list));
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 1, max: 9 }), async (file, size) => {
        const naive = (file.toString('hex').match(/../g) ?? [])
          .join(' ')
          .replace(/(?!^)1f 8b/g, '|1f 8b')
          .split('|');
        expect(await blocksOf(file, size, MARK)).toEqual(naive.map((block) => block.replaceAll(' ', '')));
      }),
    );
  });

  it('leaves a file whole whose blocks have no mark', async () => {
    expect(await blocksOf(Buffer.from('1f8b1f8b', 'hex'), 3)).toEqual(['1f8b1f8b']);
  });
});
