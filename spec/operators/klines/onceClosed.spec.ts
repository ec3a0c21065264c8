import { onceClosed } from '../../../lib/operators/klines/onceClosed.js';
import { aKline } from '../../../lib/testing/builders.js';
import { marbles } from '../../../lib/testing/marbles.js';

const values = {
  f: aKline({ closed: false }),
  C: aKline({ closed: true }),
  R: aKline({ closed: true, revision: 1 }),
  r: aKline({ closed: false, revision: 1 }),
};

describe('onceClosed', () => {
  it(
    'passes each bar once, when it is over, and the end',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-f-f-C-f-R-r-C-|', values);
      const expected = '  -----C-------C-|';
      expectObservable(source.pipe(onceClosed())).toBe(expected, values);
      expectSubscriptions(source.subscriptions).toBe('^--------------!');
    }),
  );

  it(
    'passes an error, is silent with silence and lets go when it is left',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      expectObservable(cold('-C-#', values).pipe(onceClosed())).toBe('-C-#', values);
      const source = hot('-f--', values);
      expectObservable(source.pipe(onceClosed()), '^--!').toBe('----');
      expectSubscriptions(source.subscriptions).toBe('^--!');
    }),
  );
});
