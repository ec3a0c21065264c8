import { retry } from 'rxjs';
import { ConnectionLost, InvalidOption } from '../../../lib/model/errors.js';
import { dropAfter } from '../../../lib/testing/faults/connectionFaults.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { over, timersLeft } from './line.js';

const lost = new ConnectionLost(1006);

describe('dropAfter', () => {
  it(
    'ends the connection with the last of so many frames, without a close frame',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-b-c-');
      const expected = '   -a-(b#)';
      const subs = '       ^--!';
      expectObservable(source.pipe(over(dropAfter({ frames: 2 })))).toBe(expected, undefined, lost);
      expectSubscriptions(source.subscriptions).toBe(subs);
    }),
  );

  it(
    'ends it so many milliseconds after it opened',
    marbles(({ cold, expectObservable }) => {
      const source = cold('-a-b---c-');
      const expected = '   -a-b-#';
      expectObservable(source.pipe(over(dropAfter({ after: 5 })))).toBe(expected, undefined, lost);
    }),
  );

  it(
    'ends it at the earlier of the two',
    marbles(({ cold, expectObservable }) => {
      const source = cold('-a-b---c-');
      const expected = '   -a-(b#)';
      expectObservable(source.pipe(over(dropAfter({ frames: 2, after: 5 })))).toBe(expected, undefined, lost);
    }),
  );

  it(
    'ends it as it opens after no frames at all',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-a-').pipe(over(dropAfter({ frames: 0 })))).toBe('#', undefined, lost);
    }),
  );

  it(
    'says the code and the reason of a vendor that closes',
    marbles(({ cold, expectObservable }) => {
      const kick = dropAfter({ frames: 1, code: 4001, reason: 'another login' });
      expectObservable(cold('-a-').pipe(over(kick))).toBe(
        '-(a#)',
        undefined,
        new ConnectionLost(4001, 'another login'),
      );
    }),
  );

  it(
    'does so to each connection, or to the first ones only',
    marbles(({ cold, expectObservable }) => {
      const source = cold('-a-b-c|');
      const each = '       -a--a--(a#)';
      const first = '      -a--a-b-c#';
      const again = { count: 2, delay: 2 };
      expectObservable(source.pipe(over(dropAfter({ frames: 1 })), retry(again))).toBe(each, undefined, lost);
      const once = dropAfter({ frames: 1, maxConnections: 1 });
      expectObservable(source.pipe(over(once), retry({ count: 1, delay: 2 }))).toBe(first, undefined, lost);
    }),
  );

  it(
    'leaves a line alone that ends before',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-a-|').pipe(over(dropAfter({ frames: 9, after: 9 })))).toBe('-a-#', undefined, lost);
    }),
  );

  it('leaves no timer when the client leaves', () => {
    expect(timersLeft(20, dropAfter({ after: 1_000 }))).toBe(0);
  });

  it.each([{}, { frames: -1 }, { frames: 1.5 }, { after: -1 }, { after: NaN }, { frames: 1, code: 999 }])(
    'refuses %j',
    (options) => {
      expect(() => dropAfter(options)).toThrow(InvalidOption);
    },
  );

  it('refuses to affect no connection', () => {
    expect(() => dropAfter({ frames: 1, maxConnections: 0 })).toThrow(InvalidOption);
  });
});
