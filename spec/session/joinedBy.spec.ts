import { joinedBy } from '../../lib/session/joinedBy.js';
import { marbles } from '../../lib/testing/marbles.js';

describe('joinedBy', () => {
  it(
    'interleaves both streams and completes with the busy one',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const busy = hot('-a-b-c-|');
      const rare = hot('--x---y---');
      const expected = '-axb-cy|';
      expectObservable(busy.pipe(joinedBy(rare))).toBe(expected);
      expectSubscriptions(busy.subscriptions).toBe('^------!');
      expectSubscriptions(rare.subscriptions).toBe('^------!');
    }),
  );

  it(
    'goes on when the rare one completes',
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-a-b-|').pipe(joinedBy(hot('x-|')))).toBe('xa-b-|');
    }),
  );

  it(
    'fails with either of them, and leaves the other',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const busy = hot('-a---');
      const rare = hot('--x#');
      expectObservable(busy.pipe(joinedBy(rare))).toBe('-ax#');
      expectSubscriptions(busy.subscriptions).toBe('^--!');
      expectObservable(hot('-#').pipe(joinedBy(hot('---')))).toBe('-#');
    }),
  );

  it(
    'leaves both when it is unsubscribed',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const busy = hot('-a-b-');
      const rare = hot('--x--');
      expectObservable(busy.pipe(joinedBy(rare)), '^--!').toBe('-ax-');
      expectSubscriptions(busy.subscriptions).toBe('^--!');
      expectSubscriptions(rare.subscriptions).toBe('^--!');
    }),
  );
});
