import * as fc from 'fast-check';
import { ConnectionLost, InvalidOption } from '../../../lib/model/errors.js';
import { reorderWithin } from '../../../lib/testing/faults/frameFaults.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { heardOver, over, saidOver, timersLeft } from './line.js';

const onlyA = (text: string): boolean => text === 'a';

describe('reorderWithin', () => {
  it(
    'holds a frame back until a later one has passed',
    marbles(({ cold, expectObservable }) => {
      const source = cold('-a---b----c-');
      const expected = '   -----(ba)-c-';
      expectObservable(source.pipe(over(reorderWithin({ share: 1, frames: 1, only: onlyA })))).toBe(expected);
    }),
  );

  it(
    'holds it back no longer than it may when none follow',
    marbles(({ cold, expectObservable }) => {
      const source = cold('-a------b-');
      const expected = '   -----a--b-';
      const held = reorderWithin({ share: 1, frames: 1, releaseAfter: 4, only: onlyA });
      expectObservable(source.pipe(over(held))).toBe(expected);
    }),
  );

  it(
    'hands on what it holds before the end',
    marbles(({ cold, expectObservable }) => {
      const source = cold('-a-|');
      const expected = '   ---(a#)';
      const held = reorderWithin({ share: 1 });
      expectObservable(source.pipe(over(held))).toBe(expected, undefined, new ConnectionLost(1006));
    }),
  );

  it('loses none, adds none, and moves none by more places than it may', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    // Never when a frame is due: RxJS's virtual timers lose count when one ends another of the same moment.
    const releaseAfter = fc.nat(100).map((ms) => ms + 0.5);
    const some = { frames: fc.integer({ min: 1, max: 6 }), releaseAfter, share };
    fc.assert(
      fc.property(fc.record({ ...some, seed: fc.integer() }), fc.nat(40), (options, count) => {
        const said = Array.from({ length: count }, (_, index) => String(index));
        const heard = heardOver(said, reorderWithin(options)).map(({ text }) => text);
        expect([...heard].sort()).toEqual([...said].sort());
        heard.forEach((text, place) => expect(Math.abs(Number(text) - place)).toBeLessThanOrEqual(options.frames));
        expect(heardOver(said, reorderWithin(options)).map(({ text }) => text)).toEqual(heard);
      }),
      { numRuns: 50 },
    );
  });

  it('does reorder', () => {
    const said = Array.from({ length: 100 }, (_, index) => String(index));
    expect(heardOver(said, reorderWithin({ share: 0.2 })).map(({ text }) => text)).not.toEqual(said);
    expect(saidOver(said, reorderWithin({ share: 0.2, direction: 'out' }))).not.toEqual(said);
    expect(saidOver(said, reorderWithin({ share: 0.2 }))).toEqual(said);
    const many = Array.from({ length: 1_000 }, (_, index) => String(index));
    expect(heardOver(many, reorderWithin()).map(({ text }) => text)).not.toEqual(many);
  });

  it('leaves no timer when the client leaves', () => {
    expect(timersLeft(20, reorderWithin({ share: 1, frames: 9 }))).toBe(0);
  });

  it.each([{ frames: 0 }, { frames: 1.5 }, { releaseAfter: -1 }, { share: -1 }])('refuses %j', (options) => {
    expect(() => reorderWithin(options)).toThrow(InvalidOption);
  });
});
