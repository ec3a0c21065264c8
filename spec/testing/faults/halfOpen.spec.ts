import { map, merge, switchMap, type Observable } from 'rxjs';
import { HeartbeatMissed, InvalidOption } from '../../../lib/model/errors.js';
import { heartbeat } from '../../../lib/session/heartbeat.js';
import { faulty } from '../../../lib/testing/faults/intercept.js';
import { halfOpen } from '../../../lib/testing/faults/connectionFaults.js';
import { fakeNetwork } from '../../../lib/testing/fakeNetwork.js';
import { marbles } from '../../../lib/testing/marbles.js';
import { connectOver } from '../../../lib/transport/connect.js';
import { over, saidOver, timersLeft } from './line.js';

describe('halfOpen', () => {
  it(
    'lets nothing arrive after so many frames, not even the end',
    marbles(({ cold, expectObservable }) => {
      const source = cold('-a-b-c-|');
      const expected = '   -a-b----';
      expectObservable(source.pipe(over(halfOpen({ frames: 2 })))).toBe(expected);
    }),
  );

  it(
    'lets nothing arrive so many milliseconds after it opened',
    marbles(({ cold, expectObservable }) => {
      const source = cold('-a-b-c-d|');
      const expected = '   -a-b-----';
      expectObservable(source.pipe(over(halfOpen({ after: 5 })))).toBe(expected);
    }),
  );

  it('lets nothing that is said get through', () => {
    expect(saidOver(['a', 'b', 'c', 'd'], halfOpen({ after: 25 }))).toEqual(['a', 'b']);
  });

  it(
    'opens all the same, and is dead from then on with no frames at all',
    marbles(({ cold, expectObservable }) => {
      const opened$ = cold('-a-b-').pipe(over(halfOpen({ frames: 0 })));
      expectObservable(opened$).toBe('-----');
    }),
  );

  it(
    'is noticed by a heartbeat, since pings do not arrive either',
    marbles(({ cold, expectObservable }) => {
      const { openSocket, connections } = fakeNetwork((connection) => connection.open());
      const pings$ = cold('   --p-p-p-p-p-p-p-p');
      const expected = '      o-------#';
      const beating$ = connectOver({ openSocket: faulty(openSocket, halfOpen({ after: 5 })), headers: true })(
        'ws://vendor.test',
      ).pipe(
        heartbeat({ within: 4 }),
        map(() => 'o'),
      );
      const alive$: Observable<string> = pings$.pipe(
        switchMap(() => {
          connections.forEach((connection) => connection.ping());
          return [];
        }),
      );
      expectObservable(merge(beating$, alive$)).toBe(expected, undefined, new HeartbeatMissed(4));
    }),
  );

  it('closes when its client leaves, and leaves no timer', () => {
    expect(timersLeft(20, halfOpen({ after: 10 }))).toBe(0);
  });

  it.each([{}, { frames: -1 }, { after: -1 }, { after: 1, maxConnections: 0 }])('refuses %j', (options) => {
    expect(() => halfOpen(options)).toThrow(InvalidOption);
  });
});
