import * as fc from 'fast-check';
import { stepOf } from '../../lib/model/sequence.js';

describe('the step of an update', () => {
  it.each([
    ['next', { first: 11, last: 11 }, 10],
    ['next', { first: 8, last: 11 }, 10],
    ['next', { previous: 10, last: 17 }, 10],
    ['next', { previous: 4, last: 17 }, 10],
    ['next', { previous: 10, last: 10 }, 10],
    ['next', { previous: 10, last: 3 }, 10],
    ['old', { first: 8, last: 10 }, 10],
    ['old', { previous: 4, last: 10 }, 10],
    ['hole', { previous: 4, last: 9 }, 10],
    ['old', { first: 4, last: 9 }, 10],
    ['hole', { first: 12, last: 12 }, 10],
    ['hole', { previous: 11, last: 17 }, 10],
  ] as const)('is %s for %j after %d', (step, sequence, at) => {
    expect(stepOf(sequence, at)).toBe(step);
  });

  it('is the same in both ways of counting while numbers only grow', () => {
    const number = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(number, fc.nat(5), number, (first, width, at) => {
        const last = first + width;
        // A smaller number shows a lost beginning only where the one before is named.
        fc.pre(last >= at);
        expect(stepOf({ previous: first - 1, last }, at)).toBe(stepOf({ first, last }, at));
      }),
    );
  });
});
