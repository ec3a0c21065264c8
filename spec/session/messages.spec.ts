import { map, NEVER, of } from 'rxjs';
import { ConnectionLost } from '../../lib/model/errors.js';
import { messages } from '../../lib/session/messages.js';
import { marbles } from '../../lib/testing/marbles.js';
import type { Session } from '../../lib/transport/Session.js';
import { aSession } from './aSession.js';

const lastReceivedAt = (): number => 0;
const values = { r: { kind: 'ready', lastReceivedAt }, a: 'a', b: 'b', c: 'c' };

describe('messages', () => {
  it(
    'emits what each session says, after a mark of its beginning, and forgets the one before',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const sessions = cold('-1-----2-----');
      const first = hot('    a--b----b-b--');
      const second = hot('   ----a----c---');
      const unsub = '        ^-----------!';
      const expected = '     -r-b---r-c---';
      const firstSubs = '    -^-----!     ';
      const peers = { 1: first, 2: second };
      const said$ = sessions.pipe(
        map((name) => aSession<string, never>(peers[name as '1' | '2'], { lastReceivedAt }).session),
        messages(),
      );
      expectObservable(said$, unsub).toBe(expected, values);
      expectSubscriptions(first.subscriptions).toBe(firstSubs);
    }),
  );

  it('hand on with the mark for how long the peer has been silent, where that is watched', () => {
    const said: unknown[] = [];
    const silentFor = (): number => 7;
    const watched = { ...aSession<string, never>(NEVER, { lastReceivedAt }).session, silentFor };
    of(watched)
      .pipe(messages())
      .subscribe((message) => said.push(message));
    expect(said).toStrictEqual([{ kind: 'ready', lastReceivedAt, silentFor }]);
  });

  it('put nothing into the mark where silence is not watched', () => {
    const said: unknown[] = [];
    of(aSession<string, never>(NEVER, { lastReceivedAt }).session)
      .pipe(messages())
      .subscribe((message) => said.push(message));
    expect(said).toStrictEqual([{ kind: 'ready', lastReceivedAt }]);
  });

  it(
    'fails when the connection is lost',
    marbles(({ cold, expectObservable }) => {
      const sessions = cold<Session<string, never>>('---#', undefined, new ConnectionLost(1006));
      const expected = '     ---#';
      expectObservable(sessions.pipe(messages())).toBe(expected, undefined, new ConnectionLost(1006));
    }),
  );
});
