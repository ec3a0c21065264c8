import * as fc from 'fast-check';
import { InvalidOption } from '../../../lib/model/errors.js';
import { duplicate } from '../../../lib/testing/faults/frameFaults.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { heardOver, over, saidOver, timersLeft } from './line.js';

describe('duplicate', () => {
  it(
    'hands frames on twice, one right after the other',
    marbles(({ cold, expectObservable }) => {
      const source = cold('-a----b-c---');
      const expected = '   -(aa)-b-(cc)';
      const twice = duplicate({ share: 1, only: (text) => text !== 'b' });
      expectObservable(source.pipe(over(twice))).toBe(expected);
    }),
  );

  it('adds copies and nothing else, the same ones for the same seed', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const texts = fc.array(fc.string({ minLength: 1 }), { maxLength: 30 });
    fc.assert(
      fc.property(texts, share, fc.integer(), (texts, share, seed) => {
        const said = texts.map((text, index) => `${index} ${text}`);
        const heard = heardOver(said, duplicate({ share, seed })).map(({ text }) => text);
        expect(heard.filter((text, index) => text !== heard[index - 1])).toEqual(said);
        expect(heard.length).toBeLessThanOrEqual(2 * said.length);
        expect(heardOver(said, duplicate({ share, seed })).map(({ text }) => text)).toEqual(heard);
      }),
      { numRuns: 50 },
    );
  });

  it('affects a hundredth of the frames unless it is told otherwise', () => {
    const said = Array.from({ length: 5_000 }, (_, index) => String(index));
    const added = heardOver(said, duplicate()).length - said.length;
    expect(added).toBeGreaterThan(25);
    expect(added).toBeLessThan(75);
  });

  it('affects what is said when it is told to', () => {
    expect(saidOver(['a', 'b'], duplicate({ share: 1, direction: 'out' }))).toEqual(['a', 'a', 'b', 'b']);
    expect(saidOver(['a', 'b'], duplicate({ share: 1 }))).toEqual(['a', 'b']);
    expect(heardOver(['a'], duplicate({ share: 1, direction: 'both' }))).toHaveLength(2);
  });

  it('leaves no timer when the client leaves', () => {
    expect(timersLeft(20, duplicate({ share: 1 }))).toBe(0);
  });

  it.each([{ share: -0.1 }, { share: 1.1 }, { share: NaN }, { maxConnections: 0.5 }])('refuses %j', (options) => {
    expect(() => duplicate(options)).toThrow(InvalidOption);
  });
});
