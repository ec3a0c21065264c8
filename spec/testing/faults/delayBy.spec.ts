import * as fc from 'fast-check';
import { asyncScheduler, map, startWith, switchMap } from 'rxjs';
import { ConnectionLost, InvalidOption } from '../../../lib/model/errors.js';
import { delayBy, type DelayOptions } from '../../../lib/testing/faults/connectionFaults.js';
import { faulty } from '../../../lib/testing/faults/intercept.js';
import { fakeNetwork } from '../../../lib/testing/fakeNetwork.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { connectOver } from '../../../lib/transport/connect.js';
import { heardOver, over, saidOver, timersLeft, virtually } from './line.js';

describe('delayBy', () => {
  it(
    'lets all that arrives arrive later, the end as well',
    marbles(({ cold, expectObservable }) => {
      const source = cold('-ab----(c|)');
      const expected = '   ----ab----(c#)';
      expectObservable(source.pipe(over(delayBy({ latency: 3 })))).toBe(expected, undefined, new ConnectionLost(1006));
    }),
  );

  it(
    'delays the opening and the pings',
    marbles(({ cold, expectObservable }) => {
      const { openSocket } = fakeNetwork((connection) => {
        connection.open();
        cold('--p').subscribe(connection.ping);
      });
      const session$ = connectOver({ openSocket: faulty(openSocket, delayBy({ latency: 3 })), headers: true })(
        'ws://vendor.test',
      );
      const heard$ = session$.pipe(
        switchMap(({ lastReceivedAt }) => cold('---a').pipe(map(lastReceivedAt), startWith(lastReceivedAt()))),
        map((at) => String(at)),
      );
      expectObservable(heard$).toBe('   ---o--p', { o: '3', p: '5' });
    }),
  );

  it('delays what is said, too, unless it is told otherwise', () => {
    const saidAt = (options: DelayOptions): readonly number[] =>
      virtually(() => {
        const times: number[] = [];
        const { openSocket } = fakeNetwork((connection) => {
          connection.open();
          connection.received$.subscribe(() => times.push(asyncScheduler.now()));
        });
        const connect = connectOver({ openSocket: faulty(openSocket, delayBy(options)), headers: true });
        connect('ws://vendor.test').subscribe(({ send }) => send('hello'));
        return times;
      });
    expect(saidAt({ latency: 7 })).toEqual([14]);
    expect(saidAt({ latency: 7, direction: 'in' })).toEqual([7]);
    expect(saidAt({})).toEqual([100]);
    expect(saidOver(['a', 'b'], delayBy())).toEqual(['a', 'b']);
  });

  it('keeps the order and loses nothing, and each frame takes as long as it may', () => {
    const texts = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(texts, fc.nat(80), fc.nat(80), fc.integer(), (said, latency, jitter, seed) => {
        const heard = heardOver(said, delayBy({ latency, jitter, seed, direction: 'in' }));
        expect(heard.map(({ text }) => text)).toEqual(said);
        heard.forEach(({ at }, index) => {
          expect(at).toBeGreaterThanOrEqual((index + 1) * 10 + latency);
          expect(at).toBeLessThanOrEqual((index + 1) * 10 + latency + jitter);
        });
        expect(heardOver(said, delayBy({ latency, jitter, seed, direction: 'in' }))).toEqual(heard);
      }),
      { numRuns: 50 },
    );
  });

  it('leaves no timer when the client leaves', () => {
    expect(timersLeft(20, delayBy({ latency: 10 }))).toBe(0);
  });

  it.each([{ latency: -1 }, { jitter: NaN }, { maxConnections: 0 }])('refuses %j', (options) => {
    expect(() => delayBy(options)).toThrow(InvalidOption);
  });
});
