import { Observable } from 'rxjs';
import { parseCassette, replay, type Cassette, type FeedConnection } from '../../lib/record/index.js';
import { connect } from '../../lib/session/index.js';
import { marbles } from '../../lib/testing/marbles.js';

const tapeOf = (...lines: readonly unknown[]): Cassette =>
  parseCassette(
    [{ rxtape: 1, wall: 0, mono: 0, standing: [] }, ...lines].map((line) => JSON.stringify(line)).join('\n'),
  );

/** All that a socket of the tape says. */
const socketTalk =
  (url = 'wss://host/path') =>
  ({ openSocket }: FeedConnection): Observable<string> =>
    new Observable((subscriber) => {
      const socket = openSocket(url, { headers: {}, maxFrameBytes: 1, compress: false });
      const say = (what: string, facts: unknown): void => subscriber.next(`${what} ${JSON.stringify(facts)}`);
      socket.onopen = () => {
        say('open', {});
        socket.send('anything');
      };
      socket.onmessage = ({ data }: { data: unknown }) => say('in', data);
      socket.onping = () => say('ping', {});
      socket.onerror = (event: unknown) => say('error', event);
      socket.onrefused = (refusal) => say('refused', refusal);
      socket.onclose = (event: unknown) => say('close', event);
      return () => socket.close();
    });

const heard = (
  cassette: Cassette,
  flush: () => void,
  ...talks: readonly ((connection: FeedConnection) => Observable<string>)[]
) => {
  const said: string[] = [];
  const all = (connection: FeedConnection): Observable<string> =>
    new Observable((subscriber) => {
      for (const talk of talks) subscriber.add(talk(connection).subscribe((what) => subscriber.next(what)));
    });
  replay(cassette, all).subscribe((what) => said.push(what));
  flush();
  return said;
};

describe('a socket of a tape', () => {
  it(
    'does all that the recorded one did',
    marbles(({ flush }) => {
      const cassette = tapeOf(
        ['connect', 0, 0, 1, 'wss://host/path?key=***'],
        ['open', 1, 0, 1],
        ['in', 2, 0, 1, 'text'],
        ['binary', 3, 0, 1, '/wE='],
        ['ping', 4, 0, 1],
        ['lost', 4, 0, 5, 500],
        ['error', 5, 0, 1, 'reset'],
        ['close', 6, 0, 1, 1006, 'gone', false],
        ['in', 7, 0, 1, 'of nobody'],
      );
      expect(heard(cassette, flush, socketTalk('wss://host/path?key=mine'))).toEqual([
        'open {}',
        'in "text"',
        'in {"0":255,"1":1}',
        'ping {}',
        'error {"message":"reset"}',
        'close {"code":1006,"reason":"gone"}',
      ]);
    }),
  );

  it(
    'is refused as the recorded one was',
    marbles(({ flush }) => {
      const refusal = (retryAfter: string): Cassette =>
        tapeOf(['connect', 0, 0, 1, 'wss://host/path'], ['refused', 1, 0, 1, 503, retryAfter, 'busy']);
      expect(heard(refusal('7'), flush, socketTalk())).toEqual([
        'refused {"status":503,"reason":"busy","retryAfter":"7"}',
      ]);
      expect(heard(refusal(''), flush, socketTalk())).toEqual(['refused {"status":503,"reason":"busy"}']);
    }),
  );

  it(
    'plays the next connection to its address, each of which is played once',
    marbles(({ flush }) => {
      const cassette = tapeOf(
        ['connect', 0, 0, 1, 'wss://host/path'],
        ['connect', 0, 0, 2, 'wss://other/path'],
        ['connect', 0, 0, 3, 'wss://host/path'],
        ['in', 1, 0, 1, 'first'],
        ['in', 1, 0, 2, 'other'],
        ['in', 1, 0, 3, 'second'],
      );
      const talks = [socketTalk(), socketTalk('wss://other/path'), socketTalk(), socketTalk()];
      expect(heard(cassette, flush, ...talks)).toEqual(['in "first"', 'in "other"', 'in "second"']);
    }),
  );

  it(
    'ends where the recorder was started anew, and goes on where only its file was',
    marbles(({ flush }) => {
      const standing = { connection: 1, url: 'wss://host/path', open: true, greeting: ['hi'] };
      const cassette = tapeOf(
        ['connect', 0, 0, 1, 'wss://host/path'],
        ['connect', 0, 0, 2, 'wss://host/path'],
        ['connect', 0, 0, 3, 'wss://nobody/asks'],
        ['open', 1, 0, 1],
        { rxtape: 1, wall: 2, mono: 0, standing: [standing] },
        ['in', 3, 0, 1, 'on'],
        { rxtape: 1, wall: 4, mono: 0, standing: [] },
        ['in', 5, 0, 1, 'of nobody'],
      );
      expect(heard(cassette, flush, socketTalk(), socketTalk())).toEqual([
        'open {}',
        'close {"code":1006,"reason":""}',
        'in "on"',
        'close {"code":1006,"reason":""}',
      ]);
    }),
  );

  it(
    'is open, and greeted, when the file begins within its session',
    marbles(({ flush }) => {
      const standing = { connection: 4, url: 'wss://host/path', open: true, greeting: ['hi', 'welcome'] };
      const cassette = parseCassette(
        [{ rxtape: 1, wall: 2, mono: 0, standing: [standing] }, ['in', 3, 0, 4, 'news']]
          .map((line) => JSON.stringify(line))
          .join('\n'),
      );
      expect(heard(cassette, flush, socketTalk())).toEqual(['open {}', 'in "hi"', 'in "welcome"', 'in "news"']);
    }),
  );

  it(
    'is closed where the recording closed it to ask again, and stays open where it only ended',
    marbles(({ flush }) => {
      const ended = [
        ['connect', 0, 0, 1, 'wss://host/path'],
        ['open', 1, 0, 1],
        ['close', 2, 0, 1, 1000, '', true],
      ];
      expect(heard(tapeOf(...ended), flush, socketTalk())).toEqual(['open {}']);
      expect(heard(tapeOf(...ended, ['connect', 3, 0, 2, 'wss://host/path']), flush, socketTalk())).toEqual([
        'open {}',
        'close {"code":1000,"reason":""}',
      ]);
    }),
  );

  it(
    'serves any provider that connects through it',
    marbles(({ flush }) => {
      const failures: unknown[] = [];
      const cassette = tapeOf(
        ['connect', 0, 0, 1, 'wss://host/path'],
        ['error', 1, 0, 1, 'Unexpected server response: 401'],
        ['close', 1, 0, 1, 1006, '', false],
      );
      replay(cassette, ({ openSocket }) => connect('wss://host/path', { openSocket })).subscribe({
        error: (error: unknown) => failures.push(error),
      });
      flush();
      expect(failures).toEqual([expect.objectContaining({ _tag: 'Unauthorized', status: 401 })]);
    }),
  );
});
