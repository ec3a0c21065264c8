import { asyncScheduler, concatMap, map } from 'rxjs';
import { InvalidOption } from '../../../lib/model/errors.js';
import { bounded } from '../../../lib/operators/throttling/bounded.js';
import { slowConsumer } from '../../../lib/testing/faults/feedFaults.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { virtually } from './line.js';

describe('slowConsumer', () => {
  it(
    'takes its time over each value',
    marbles(({ cold, expectObservable }) => {
      const source = cold('-a-b-------c|');
      const expected = '   -----a---b-----(c|)';
      expectObservable(source.pipe(concatMap(slowConsumer({ doneAfter: 4 })))).toBe(expected);
    }),
  );

  it(
    'makes a bounded feed say that it is slow, and what it lost',
    marbles(({ cold, expectObservable }) => {
      const value = { a: { kind: 'a' }, b: { kind: 'b' }, c: { kind: 'c' }, d: { kind: 'd' } };
      const source = cold('-abcd-----------|', value);
      const expected = '   ---s-----(afx)---c-------(d|)';
      const kinds = { a: 'a', s: 'slowConsumer', f: 'slowConsumerCleared', x: 'dropped', c: 'c', d: 'd' };
      const slow$ = source.pipe(bounded(slowConsumer({ doneAfter: 8 }), { capacity: 2 }));
      expectObservable(slow$.pipe(map(({ kind }) => kind))).toBe(expected, kinds);
    }),
  );

  it('takes the same time with the same seed, and never less than it must', () => {
    const waits = (seed: number): readonly number[] =>
      virtually(() => {
        const work = slowConsumer({ doneAfter: 10, jitter: 50, seed });
        const waited: number[] = [];
        for (let i = 0; i < 20; i += 1) work('value').subscribe(() => waited.push(asyncScheduler.now()));
        return waited;
      });
    expect(waits(1)).toEqual(waits(1));
    expect(waits(1)).not.toEqual(waits(2));
    expect(waits(1).every((wait) => wait >= 10 && wait < 60)).toBe(true);
  });

  it.each([{ doneAfter: -1 }, { doneAfter: NaN }, { doneAfter: 1, jitter: -1 }])('refuses %j', (options) => {
    expect(() => slowConsumer(options)).toThrow(InvalidOption);
  });
});
