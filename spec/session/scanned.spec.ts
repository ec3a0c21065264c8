import type { Cursor } from '../../lib/codec/cursor.js';
import { readNumber } from '../../lib/codec/readNumber.js';
import type { Decode } from '../../lib/session/encoded.js';
import { scanned } from '../../lib/session/scanned.js';

/** A decoder of numbers that counts how a frame was read, and scans those without a sign. */
const counting = () => {
  const seen: { cursor: Cursor | undefined; scans: number; texts: string[] } = {
    cursor: undefined,
    scans: 0,
    texts: [],
  };
  const decode: Decode<number> = (frame) => {
    seen.texts.push(frame);
    return Number(frame);
  };
  const decoder = scanned((cursor) => {
    seen.cursor = cursor;
    seen.scans += 1;
    const number = readNumber(cursor);
    return number >= 0 ? number : undefined;
  }, decode);
  return { seen, decoder, ofBytes: (text: string) => decoder.ofBytes?.(Buffer.from(text), 0) };
};

describe('a decoder with a scanner before it', () => {
  it('reads bytes and texts with the scanner, and what that declines as a text', () => {
    const { seen, decoder, ofBytes } = counting();
    expect([ofBytes('12'), decoder('13', 0), ofBytes('-14'), decoder('-15', 0)]).toEqual([12, 13, -14, -15]);
    expect(seen.texts).toEqual(['-14', '-15']);
    expect(seen.scans).toBe(4);
  });

  it('keeps nothing of a frame', () => {
    const { seen, ofBytes } = counting();
    ofBytes('12');
    expect(seen.cursor?.bytes.length).toBe(0);
    ofBytes('-12');
    expect(seen.cursor?.bytes.length).toBe(0);
  });

  it('gives the text without the mark that some put before it', () => {
    const { seen, ofBytes } = counting();
    ofBytes('\ufeff-7');
    expect(seen.texts).toEqual(['-7']);
  });

  it('looks at one frame in 64 of a vendor whose frames it does not know, and at all once it knows one again', () => {
    const { seen, ofBytes } = counting();
    for (let i = 0; i < 64 + 640; i++) ofBytes('-1');
    expect(seen.scans).toBe(64 + 10);
    for (let i = 0; i < 64; i++) ofBytes('1');
    const before = seen.scans;
    for (let i = 0; i < 10; i++) ofBytes('1');
    expect(seen.scans).toBe(before + 10);
    expect(seen.texts.length).toBeLessThanOrEqual(64 + 640 - 10 + 64);
  });

  it('reads a text that is too long for its room as a text', () => {
    const { seen, decoder } = counting();
    const text = '1'.padStart(40_000, '0');
    expect(decoder(text, 0)).toBe(1);
    expect(seen.texts).toEqual([text]);
    expect(seen.scans).toBe(0);
  });
});
