import { delay, throwError } from 'rxjs';
import { ConnectionLost } from '../../lib/model/errors.js';
import { marbles } from '../../lib/testing/marbles.js';

describe('marbles', () => {
  it(
    'runs timers in virtual time',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('a|').pipe(delay(3_600_000))).toBe('3600s (a|)');
    }),
  );

  it('tells errors apart by their facts', () => {
    const differs = marbles(({ expectObservable }) => {
      expectObservable(throwError(() => new ConnectionLost(1000))).toBe('#', undefined, new ConnectionLost(1001));
    });
    expect(differs).toThrow();
  });
});
