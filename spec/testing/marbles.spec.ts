import { concatWith, delay, finalize, interval, NEVER, of, throwError } from 'rxjs';
import { ConnectionLost } from '../../lib/model/errors.js';
import { aTrade } from '../../lib/testing/builders.js';
import { marbles, type MarketHelpers } from '../../lib/testing/marbles.js';

/** What a test that fails has to say. */
const failureOf = (body: (helpers: MarketHelpers) => void): string => {
  try {
    marbles(body)();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it did not fail');
};

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
    expect(differs).toThrow('code: received 1000, expected 1001');
  });

  it('needs no runner', () => {
    const { expect: kept } = globalThis as { expect?: unknown };
    try {
      Reflect.deleteProperty(globalThis, 'expect');
      marbles(({ cold, expectObservable }) => expectObservable(cold('-a')).toBe('-a'))();
    } finally {
      Object.assign(globalThis, { expect: kept });
    }
  });

  it('unsubscribes what is left when it is over, and ends though a timer does not', () => {
    let over = 0;
    marbles(({ expectObservable }) => {
      const left$ = of('a').pipe(
        concatWith(NEVER),
        finalize(() => (over += 1)),
      );
      expectObservable(left$).toBe('a');
      interval(86_400_000).subscribe();
    })();
    expect(over).toBe(1);
  });

  it('shows two streams that differ as marbles, and the fields in which they do', () => {
    const failure = failureOf(({ feed, expectObservable }) => {
      const feed$ = feed('-c-t 60s t|', { t: aTrade({ price: 100 }) });
      expectObservable(feed$).toBe('-c-t 60s u|', {
        c: { kind: 'connected', provider: 'test', attempt: 1, resumed: undefined, receivedAt: 1 },
        t: aTrade({ price: 100, time: 3, receivedAt: 3 }),
        u: aTrade({ price: 101, time: 60_004, receivedAt: 60_004 }),
      });
    });
    expect(failure).toBe(
      [
        'the streams differ in 1 of 4 frames',
        '',
        'ms        1-3-60004-60005'.replaceAll('-', ' '),
        'received  c-t-a-----|-----',
        'expected  c-t-b-----|-----',
        '              ^',
        '',
        'at 60004 ms: received a trade AAPL.US, expected b trade AAPL.US',
        '    price: received 100, expected 101',
      ].join('\n'),
    );
  });

  it('says of subscriptions that differ what they were', () => {
    const failure = failureOf(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-a|');
      expectObservable(source$).toBe('-a|');
      expectSubscriptions(source$.subscriptions).toBe('^--!');
    });
    expect(failure).toBe(
      'received [{"subscribedFrame":0,"unsubscribedFrame":2}], expected [{"subscribedFrame":0,"unsubscribedFrame":3}]',
    );
  });
});
