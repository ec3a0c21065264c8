import { map, mergeMap, Subject, take, tap } from 'rxjs';
import {
  ConnectionLost,
  ConnectTimeout,
  HandshakeRefused,
  InvalidOption,
  Unauthorized,
} from '../../lib/model/errors.js';
import { redacting } from '../../lib/session/redacting.js';
import { fakeNetwork, type FakeConnection, type FakeNetworkOptions } from '../../lib/testing/fakeNetwork.js';
import { marbles } from '../../lib/testing/marbles.js';
import { connectOver, type ConnectOptions } from '../../lib/transport/connect.js';
import type { Session } from '../../lib/transport/Session.js';
import type { SocketLike } from '../../lib/transport/SocketLike.js';

const url = 'wss://vendor/stock';

/** A client of a fake vendor. */
const clientOf = (accept: (vendor: FakeConnection) => void, network: FakeNetworkOptions = {}) => {
  const { openSocket, connections } = fakeNetwork(accept, network);
  const connect = connectOver({ openSocket, headers: true });
  return { connections, connect: (options?: ConnectOptions) => connect(url, options) };
};

const silent = (): void => undefined;
const open = (vendor: FakeConnection): void => vendor.open();
const texts = mergeMap(({ messages$ }: Session) => messages$);

/** A socket as a browser or `ws` makes it: it shows neither pings nor a refusal. */
const bareSocket = () => {
  const log: string[] = [];
  const socket: SocketLike = {
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send: (text) => void log.push(`send ${text}`),
    close: (code) => void log.push(`close ${code ?? ''}`),
  };
  return { socket, log, connect: () => connectOver({ openSocket: () => socket, headers: false })(url) };
};

/** Fails a connection as a platform does, and gives the error. */
const failed = (redact: (text: string) => string, fail: (socket: SocketLike) => void): unknown => {
  const { socket } = bareSocket();
  return errorOf((error) => {
    connectOver({ openSocket: () => socket, headers: false })(url, { redact }).subscribe({ error });
    fail(socket);
  });
};

const errorOf = (start: (fail: (error: unknown) => void) => void): unknown => {
  let caught: unknown;
  start((error) => {
    caught = error;
  });
  return caught;
};

describe('connect', () => {
  it('is cold: each subscription opens a socket of its own', () => {
    const { connections, connect } = clientOf(silent);
    const sessions$ = connect();
    expect(connections).toHaveLength(0);
    const first = sessions$.subscribe();
    const second = sessions$.subscribe();
    expect(connections).toHaveLength(2);
    first.unsubscribe();
    second.unsubscribe();
    expect(connections.map(({ state }) => state)).toEqual(['closed', 'closed']);
  });

  it(
    'emits one session when the socket opens, and stays',
    marbles(({ hot, expectObservable }) => {
      const vendor = hot('    --o-----').pipe(take(1));
      const unsub = '         ^------!';
      const expected = '      --s-----';
      const { connect } = clientOf((connection) => void vendor.subscribe(connection.open));
      const sessions$ = connect().pipe(mergeMap(() => 's'));
      expectObservable(sessions$, unsub).toBe(expected);
    }),
  );

  it(
    'says what the peer says, text and binary alike, and nothing said before the session was read',
    marbles(({ cold, expectObservable }) => {
      const said = cold('     ab-c----', { a: 'one', b: new TextEncoder().encode('two').buffer, c: 'three' });
      const unsub = '         ^------!';
      const expected = '      ab-c----';
      const { connect } = clientOf((connection) => {
        connection.open();
        said.subscribe((frame) => connection.say(frame));
      });
      expectObservable(connect().pipe(texts), unsub).toBe(expected, { a: 'one', b: 'two', c: 'three' });
    }),
  );

  it('hands the socket what it is to be opened with', () => {
    const { connections, connect } = clientOf(silent);
    connect().subscribe().unsubscribe();
    connect({ headers: { token: 't' }, maxFrameBytes: 10, compress: true })
      .subscribe()
      .unsubscribe();
    expect(connections.map(({ options }) => options)).toEqual([
      { headers: {}, maxFrameBytes: 2 ** 22, compress: false },
      { headers: { token: 't' }, maxFrameBytes: 10, compress: true },
    ]);
  });

  it(
    'opens the socket of the caller in place of its own',
    marbles(({ flush }) => {
      const mine = fakeNetwork(open);
      const { connections, connect } = clientOf(open);
      const subscription = connect({ openSocket: mine.openSocket }).subscribe();
      flush();
      subscription.unsubscribe();
      expect([connections.length, mine.connections.length]).toEqual([0, 1]);
    }),
  );

  describe('lastReceivedAt', () => {
    it(
      'is when the socket opened, then when a frame or a ping last came',
      marbles(({ cold, flush }) => {
        const heard: number[] = [];
        const { connect } = clientOf((vendor) => {
          cold('--o-p--m-', { o: vendor.open, p: vendor.ping, m: () => vendor.say('x') }).subscribe((act) => act());
        });
        const asked$ = connect().pipe(mergeMap(({ lastReceivedAt }) => cold('a-b--c').pipe(map(lastReceivedAt))));
        const subscription = asked$.subscribe((time) => heard.push(time));
        flush();
        subscription.unsubscribe();
        expect(heard).toEqual([2, 4, 7]);
      }),
    );

    it.each([true, false])('says whether the platform shows pings: %p', (showsPings) =>
      marbles(({ expectObservable }) => {
        const { connect } = clientOf(open, { showsPings });
        const hears$ = connect().pipe(
          map(({ seesPings }) => seesPings),
          take(1),
        );
        expectObservable(hears$).toBe('(h|)', { h: showsPings });
      })(),
    );
  });

  describe('fails', () => {
    const picture = (expected: string, act: (vendor: FakeConnection) => void, error?: Error) =>
      marbles(({ expectObservable }) => {
        const { connect } = clientOf(act);
        expectObservable(connect().pipe(mergeMap(() => 's'))).toBe(expected, undefined, error);
      });

    it(
      'with ConnectionLost when the peer closes cleanly',
      picture('(s#)', (vendor) => (vendor.open(), vendor.close(1000, 'bye')), new ConnectionLost(1000, 'bye')),
    );
    it(
      'with the code of the close frame',
      picture('(s#)', (vendor) => (vendor.open(), vendor.close(4001, 'kicked')), new ConnectionLost(4001, 'kicked')),
    );
    it(
      'with 1006 when the line goes dead',
      picture('(s#)', (vendor) => (vendor.open(), vendor.drop()), new ConnectionLost(1006)),
    );
    it.each([401, 403])('with Unauthorized for HTTP %p', (status) =>
      picture('#', (vendor) => vendor.refuse(status), new Unauthorized(`HTTP ${status}`, status))(),
    );
    it(
      'with the words of the vendor, where it has any',
      picture('#', (vendor) => vendor.refuse(401, undefined, 'expired'), new Unauthorized('expired', 401)),
    );
    it.each([404, 429, 503])('with HandshakeRefused for HTTP %p', (status) =>
      picture('#', (vendor) => vendor.refuse(status, undefined, 'no'), new HandshakeRefused(status, undefined, 'no'))(),
    );
    it(
      'with the wait that Retry-After asks for',
      picture('#', (vendor) => vendor.refuse(429, '7'), new HandshakeRefused(429, 7_000)),
    );
    it(
      'with ConnectTimeout when the socket does not open in time',
      picture('10s #', silent, new ConnectTimeout(10_000)),
    );
    it(
      'within the time that the caller allows',
      marbles(({ expectObservable }) => {
        const { connect } = clientOf(silent);
        expectObservable(connect({ connectTimeout: 3 })).toBe('---#', undefined, new ConnectTimeout(3));
      }),
    );
    it(
      'on a frame that is too large, and closes',
      marbles(({ expectObservable, flush }) => {
        const { connect, connections } = clientOf((vendor) => (vendor.open(), vendor.say('茅台'), vendor.say('茅台!')));
        const error = new ConnectionLost(1009, 'a frame is larger than 6 bytes');
        expectObservable(connect({ maxFrameBytes: 6 }).pipe(texts)).toBe('(a#)', { a: '茅台' }, error);
        flush();
        expect(connections.map(({ state }) => state)).toEqual(['closed']);
      }),
    );
    it('without the credential in its words', () => {
      const redact = (text: string): string => text.replace('SECRET', '***');
      const refused = (act: (vendor: FakeConnection) => void) =>
        marbles(({ flush }) => {
          const { connect } = clientOf(act);
          const error = errorOf((fail) => connect({ redact }).subscribe({ error: fail }));
          flush();
          expect(String(error)).not.toContain('SECRET');
        });
      refused((vendor) => vendor.refuse(401, undefined, 'bad SECRET'))();
      refused((vendor) => vendor.refuse(500, undefined, 'bad SECRET'))();
      refused((vendor) => (vendor.open(), vendor.close(1008, 'bad SECRET')))();
    });
    it('with InvalidOption when no socket can be made, without repeating the address', () => {
      const openSocket = () => {
        throw new SyntaxError(`Failed to construct 'WebSocket': ${url}?token=SECRET is no URL`);
      };
      const connect = connectOver({ openSocket, headers: false });
      const redact = (text: string): string => text.replace('SECRET', '***');
      const error = errorOf((fail) => connect(url, { redact }).subscribe({ error: fail }));
      expect(error).toBeInstanceOf(InvalidOption);
      expect(String(error)).toContain('token=***');
    });
  });

  describe('over a bare socket', () => {
    it('reads the status of a refusal from the message of ws', () => {
      const { socket, connect } = bareSocket();
      const error = errorOf((fail) => {
        connect().subscribe({ error: fail });
        socket.onerror?.({ message: 'Unexpected server response: 403' });
      });
      expect(error).toEqual(new Unauthorized('HTTP 403', 403));
    });

    it('gives what the platform complained of as the reason of an abnormal close', () => {
      const { socket, connect } = bareSocket();
      const error = errorOf((fail) => {
        connect().subscribe({ error: fail });
        socket.onerror?.({ message: 'connect ECONNREFUSED' });
        socket.onclose?.({ code: 1006, reason: '' });
      });
      expect(error).toEqual(new ConnectionLost(1006, 'connect ECONNREFUSED'));
    });

    it('takes a browser at its word, which has none', () => {
      const { socket, connect } = bareSocket();
      const error = errorOf((fail) => {
        connect().subscribe({ error: fail });
        socket.onerror?.({ type: 'error' });
        socket.onclose?.({});
      });
      expect(error).toEqual(new ConnectionLost(1006));
    });

    it('takes a close that tells nothing for an abnormal one', () => {
      const { socket, connect } = bareSocket();
      const error = errorOf((fail) => {
        connect().subscribe({ error: fail });
        socket.onerror?.(undefined);
        socket.onclose?.(undefined);
      });
      expect(error).toEqual(new ConnectionLost(1006));
    });

    it('asks for binary frames as buffers, and hears no pings', () => {
      const { socket, connect } = bareSocket();
      const pings: boolean[] = [];
      const subscription = connect().subscribe(({ seesPings }) => pings.push(seesPings));
      socket.onopen?.({});
      subscription.unsubscribe();
      expect([socket.binaryType, pings]).toEqual(['arraybuffer', [false]]);
    });
  });

  describe('when unsubscribed', () => {
    it('closes a socket that is still opening', () => {
      const { connections, connect } = clientOf(silent);
      connect().subscribe().unsubscribe();
      expect(connections.map(({ closedByClient }) => closedByClient)).toEqual([{ code: 1000 }]);
    });

    it('leaves no handler behind but those that swallow errors', () => {
      const { socket, log, connect } = bareSocket();
      const withPings = Object.assign(socket, { onping: null });
      const subscription = connect().subscribe();
      socket.onopen?.({});
      subscription.unsubscribe();
      subscription.unsubscribe();
      expect(withPings).toMatchObject({ onopen: null, onmessage: null, onclose: null, onping: null });
      expect(socket.onerror?.({ message: 'closed before it was open' })).toBeUndefined();
      expect(log).toEqual(['close 1000']);
    });

    it(
      'inside a message, hands it to nobody else and completes what the session says',
      marbles(({ flush }) => {
        const log: string[] = [];
        const { connections, connect } = clientOf((vendor) => (vendor.open(), vendor.say('a'), vendor.say('b')));
        /* eslint-disable rxjs-x/no-nested-subscribe -- two listeners of one session */
        const subscription = connect().subscribe(({ messages$ }) => {
          messages$.subscribe((text) => {
            log.push(text);
            subscription.unsubscribe();
          });
          messages$.subscribe({ next: (text) => log.push(`second ${text}`), complete: () => log.push('complete') });
        });
        /* eslint-enable rxjs-x/no-nested-subscribe */
        flush();
        expect(log).toEqual(['a', 'complete']);
        expect(connections.map(({ state }) => state)).toEqual(['closed']);
      }),
    );

    it(
      'forgets what is said on the session afterwards',
      marbles(({ flush }) => {
        const sessions: Session[] = [];
        const { connections, connect } = clientOf(open);
        const subscription = connect().subscribe((session) => sessions.push(session));
        flush();
        sessions[0]?.send('hello');
        subscription.unsubscribe();
        sessions[0]?.send('too late');
        expect(connections[0]?.received).toEqual(['hello']);
      }),
    );
  });

  it(
    'says nothing more on a session that is lost, not even in the hands of who hears of the loss',
    marbles(({ flush }) => {
      const asked$ = new Subject<string>();
      const { connections, connect } = clientOf((vendor) => (vendor.open(), vendor.drop()));
      connect()
        .pipe(mergeMap(({ send }) => asked$.pipe(tap(send))))
        .subscribe({ error: () => asked$.next('anybody there?') });
      flush();
      expect(connections[0]?.received).toEqual([]);
    }),
  );
});

describe('what a peer says for a reason', () => {
  const secret = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
  const redact = redacting(secret);
  const parts = Array.from({ length: secret.length - 7 }, (_, i) => secret.slice(i, i + 8));
  const tells = (error: unknown): boolean =>
    parts.some((part) => `${String(error)}${JSON.stringify(error)}`.includes(part));

  it('holds no part of the credential, wherever the peer has cut it', () => {
    for (let length = 0; length < 123; length += 1) {
      const reason = `${'x'.repeat(length)}${secret}`.slice(0, 123);
      expect(tells(failed(redact, (socket) => void socket.onclose?.({ code: 1008, reason })))).toBe(false);
      expect(tells(failed(redact, (socket) => socket.onrefused?.({ status: 503, reason })))).toBe(false);
      expect(tells(failed(redact, (socket) => socket.onrefused?.({ status: 401, reason })))).toBe(false);
    }
  });

  it('is redacted before it is cut, and cut', () => {
    const whole = (text: string): string => text.replaceAll(secret, '***');
    const body = `${'x'.repeat(1_000)}${secret}${'y'.repeat(2 ** 20)}`;
    const error = failed(whole, (socket) => socket.onrefused?.({ status: 503, reason: body }));
    expect(error).toMatchObject({ reason: `${'x'.repeat(1_000)}***${'y'.repeat(21)}` });
    const lost = failed(whole, (socket) => void socket.onclose?.({ code: 1008, reason: body }));
    expect(lost).toMatchObject({ reason: `${'x'.repeat(1_000)}***${'y'.repeat(21)}` });
  });
});
