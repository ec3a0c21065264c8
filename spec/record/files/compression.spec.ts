import { PassThrough } from 'node:stream';
import { InvalidOption } from '../../../lib/model/errors.js';
import { compressionOf } from '../../../lib/record/files/compression.js';

describe('compressionOf', () => {
  it('goes by the end of the name', async () => {
    const block = Buffer.from('a block');
    expect(await compressionOf('tape.ndjson').pack(block)).toBe(block);
    expect((await compressionOf('tape.ndjson.gz').pack(block)).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
  });

  it('takes zstd where Node has it', async () => {
    const unpacking = new PassThrough();
    const { pack, unpack } = compressionOf('tape.ndjson.zst', {
      zstdCompress: (block, done) => done(null, Buffer.concat([Buffer.from('zstd '), block])),
      createZstdDecompress: () => unpacking,
    });
    expect(String(await pack(Buffer.from('a block')))).toBe('zstd a block');
    expect(unpack?.()).toBe(unpacking);
  });

  it('says what to do where Node has no zstd', () => {
    expect(() => compressionOf('tape.ndjson.zst', {})).toThrow(InvalidOption);
    expect(() => compressionOf('tape.ndjson.zst', {})).toThrow(/use \.gz, or Node 22\.15 or later/);
  });
});
