import * as fc from 'fast-check';
import { InvalidOption } from '../../../lib/model/errors.js';
import { garble } from '../../../lib/testing/faults/frameFaults.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { heardOver, over, saidOver, timersLeft } from './line.js';

const NO_CHARACTER = '\uFFFD';
const corruptedIn = (text: string): number => text.split(NO_CHARACTER).length - 1;

describe('garble', () => {
  it(
    'corrupts a character, in the frames it may',
    marbles(({ cold, expectObservable }) => {
      const source = cold('-a-b-', { a: '1', b: 'answer' });
      const expected = '   -x-b-';
      const data = garble({ share: 1, only: (text) => text.length === 1 });
      expectObservable(source.pipe(over(data))).toBe(expected, { x: NO_CHARACTER, b: 'answer' });
    }),
  );

  it('corrupts at most as many characters as it is told, and changes no others', () => {
    const texts = fc.array(fc.stringMatching(/^[ -~]{0,20}$/), { maxLength: 20 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 5 }), fc.integer(), (said, characters, seed) => {
        const heard = heardOver(said, garble({ share: 1, characters, seed }));
        expect(heard).toHaveLength(said.length);
        heard.forEach(({ text }, index) => {
          const whole = said[index] ?? '';
          expect(text).toHaveLength(whole.length);
          expect(corruptedIn(text)).toBeLessThanOrEqual(characters);
          if (whole !== '') expect(corruptedIn(text)).toBeGreaterThan(0);
          text.split('').forEach((unit, at) => unit === NO_CHARACTER || expect(unit).toBe(whole[at]));
        });
        expect(heardOver(said, garble({ share: 1, characters, seed }))).toEqual(heard);
      }),
      { numRuns: 50 },
    );
  });

  it('corrupts other frames with another seed', () => {
    const said = Array.from({ length: 100 }, (_, index) => `frame ${index}`);
    const lastReceivedBy = (seed: number): readonly number[] =>
      heardOver(said, garble({ share: 0.2, seed })).flatMap(({ text }, index) =>
        corruptedIn(text) > 0 ? [index] : [],
      );
    expect(lastReceivedBy(1)).not.toEqual(lastReceivedBy(2));
    expect(lastReceivedBy(1).length).toBeGreaterThan(5);
  });

  it(
    'corrupts binary frames, and leaves the vendor its own bytes',
    marbles(({ cold, expectObservable, flush }) => {
      const { buffer } = new TextEncoder().encode('1');
      const view = new TextEncoder().encode('2');
      const source = cold('-a-b-', { a: buffer, b: view as unknown as ArrayBuffer });
      expectObservable(source.pipe(over(garble({ share: 1 })))).toBe('-x-x-', { x: NO_CHARACTER });
      flush();
      expect(new TextDecoder().decode(buffer)).toBe('1');
      expect(new TextDecoder().decode(view)).toBe('2');
    }),
  );

  it(
    'leaves a frame alone that is neither text nor bytes',
    marbles(({ cold, expectObservable }) => {
      const blob = { toString: () => 'blob' } as unknown as string;
      expectObservable(cold('-b-', { b: blob }).pipe(over(garble({ share: 1 })))).toBe('-b-', { b: 'blob' });
    }),
  );

  it('leaves alone what is said, unless it is told otherwise', () => {
    expect(saidOver(['a'], garble({ share: 1 }))).toEqual(['a']);
    expect(saidOver(['a'], garble({ share: 1, direction: 'out' }))).toEqual([NO_CHARACTER]);
  });

  it('affects a hundredth of the frames unless it is told otherwise', () => {
    const said = Array.from({ length: 5_000 }, () => 'abcd');
    const corrupted = heardOver(said, garble()).filter(({ text }) => corruptedIn(text) === 1).length;
    expect(corrupted).toBeGreaterThan(25);
    expect(corrupted).toBeLessThan(75);
  });

  it('leaves no timer when the client leaves', () => {
    expect(timersLeft(20, garble({ share: 1 }))).toBe(0);
  });

  it.each([{ share: 2 }, { characters: 0 }, { characters: 1.5 }])('refuses %j', (options) => {
    expect(() => garble(options)).toThrow(InvalidOption);
  });
});
