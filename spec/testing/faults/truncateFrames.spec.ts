import * as fc from 'fast-check';
import { InvalidOption } from '../../../lib/model/errors.js';
import { truncateFrames } from '../../../lib/testing/faults/frameFaults.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { heardOver, over, saidOver, timersLeft } from './line.js';

describe('truncateFrames', () => {
  it('leaves the beginning of a frame, the same one for the same seed', () => {
    const texts = fc.array(fc.string({ minLength: 1 }), { maxLength: 20 });
    fc.assert(
      fc.property(texts, fc.integer(), (said, seed) => {
        const heard = heardOver(said, truncateFrames({ share: 1, seed }));
        expect(heard).toHaveLength(said.length);
        heard.forEach(({ text }, index) => {
          expect(said[index]?.startsWith(text)).toBe(true);
          expect(text.length).toBeLessThan(said[index]?.length ?? 0);
        });
        expect(heardOver(said, truncateFrames({ share: 1, seed }))).toEqual(heard);
      }),
      { numRuns: 50 },
    );
  });

  it('cuts at all places', () => {
    const said = Array.from({ length: 300 }, () => 'abcd');
    const kept = new Set(heardOver(said, truncateFrames({ share: 1 })).map(({ text }) => text));
    expect([...kept].sort()).toEqual(['', 'a', 'ab', 'abc']);
  });

  it(
    'cuts binary frames, and leaves alone those it may not',
    marbles(({ cold, expectObservable }) => {
      const { buffer } = new TextEncoder().encode('1');
      const source = cold<string | ArrayBuffer>('-a-b-', { a: buffer, b: 'b' });
      const first = truncateFrames({ share: 1, only: (text) => text === '1' });
      expectObservable(source.pipe(over(first))).toBe('-x-b-', { x: '', b: 'b' });
    }),
  );

  it('cuts what is said when it is told to', () => {
    expect(saidOver(['a'], truncateFrames({ share: 1, direction: 'out' }))).toEqual(['']);
    expect(saidOver(['a'], truncateFrames({ share: 1 }))).toEqual(['a']);
  });

  it('leaves no timer when the client leaves', () => {
    expect(timersLeft(20, truncateFrames({ share: 1 }))).toBe(0);
  });

  it('refuses a share that is none', () => {
    expect(() => truncateFrames({ share: 2 })).toThrow(InvalidOption);
  });

  it('spares all but a hundredth of the frames unless it is told otherwise', () => {
    const said = Array.from({ length: 5_000 }, () => 'abcd');
    const cut = heardOver(said, truncateFrames()).filter(({ text }) => text !== 'abcd').length;
    expect(cut).toBeGreaterThan(25);
    expect(cut).toBeLessThan(75);
  });
});
