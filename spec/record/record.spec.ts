import fc from 'fast-check';
import { EMPTY, NEVER, of, Subject, takeUntil, throwError, timer } from 'rxjs';
import { itick } from '../../lib/providers/itick/index.js';
import { tickflow } from '../../lib/providers/tickflow/index.js';
import { quotes } from '../../lib/model/topic.js';
import { entryLine } from '../../lib/record/format.js';
import {
  memorySink,
  record,
  type Entry,
  type FeedConnection,
  type Sink,
  type SocketEvent,
} from '../../lib/record/index.js';
import { withoutQueryValues } from '../../lib/record/withoutSecrets.js';
import { connect } from '../../lib/session/index.js';
import { fakeNetwork } from '../../lib/testing/fakeNetwork.js';
import { marbles } from '../../lib/testing/marbles.js';
import type { OpenSocket, SocketLike, SocketOptions } from '../../lib/transport/SocketLike.js';
import { entriesOf, recordedLive, TOKEN } from './aTape.js';

const textOf = (entries: readonly Entry[]): string => entries.map(entryLine).join('\n');

/** A socket that a spec plays itself. */
const aSocket = (more: Partial<SocketLike> = {}): SocketLike => ({
  onopen: null,
  onmessage: null,
  onclose: null,
  onerror: null,
  send: () => undefined,
  close: () => undefined,
  ...more,
});

const options: SocketOptions = { headers: {}, maxFrameBytes: 1, compress: false };

/** What is recorded of one socket, without its times. */
const recordedOf = (
  play: (outer: SocketLike, inner: SocketLike) => void,
  {
    url = 'wss://host/path',
    inner = aSocket(),
    ...more
  }: { url?: string; inner?: SocketLike } & Partial<SocketOptions> = {},
): readonly SocketEvent[] => {
  const sink = memorySink();
  let outer: SocketLike | undefined;
  const makeFeed = ({ openSocket }: FeedConnection) => {
    outer = openSocket(url, { ...options, ...more });
    return NEVER;
  };
  record(makeFeed, sink, { openSocket: () => inner }).subscribe();
  play(outer!, inner);
  return entriesOf(sink.cassette())
    .slice(1)
    .map(
      (entry) =>
        JSON.parse(
          JSON.stringify({ ...entry, wall: undefined, mono: undefined, connection: undefined }),
        ) as SocketEvent,
    );
};

describe('record', () => {
  it(
    'passes the feed on and writes all that its sockets do, in both directions',
    marbles(({ flush }) => {
      const { cassette, live } = recordedLive(flush);
      const entries = entriesOf(cassette);
      expect(live).toHaveLength(15);
      expect(entries.map(({ what }) => what).join(' ')).toMatch(
        /^start connect open in in out in in close connect open in in out in in out out close connect refused connect open in in out/,
      );
      expect(entries.at(-1)).toMatchObject({ what: 'close', code: 1000, byUs: true, connection: 4 });
      expect(entries.filter(({ what }) => what === 'close')[0]).toEqual({
        what: 'close',
        wall: 2_030,
        mono: 2_030,
        connection: 1,
        code: 1001,
        reason: 'restart',
        byUs: false,
      });
    }),
  );

  it('passes completion and errors on, and ends the recording with each', () => {
    const ends: string[] = [];
    const sink: Sink = { start: () => ({ write: () => undefined, end: () => ends.push('end') }) };
    const error = new Error('a bug');
    record(() => of(1), sink).subscribe({ complete: () => ends.push('complete') });
    record(() => throwError(() => error), sink).subscribe({ error: (cause: unknown) => ends.push(String(cause)) });
    record(() => {
      throw error;
    }, sink).subscribe({ error: (cause: unknown) => ends.push(String(cause)) });
    record(() => NEVER, sink)
      .subscribe()
      .unsubscribe();
    expect(ends).toEqual(['complete', 'end', 'Error: a bug', 'end', 'Error: a bug', 'end', 'end']);
  });

  it('fails with its sink, unless somebody is told of that instead', () => {
    const broken: Sink = {
      start: () => {
        throw new Error('no such folder');
      },
    };
    const seen: unknown[] = [];
    record(() => of(1), broken).subscribe({ error: (error: unknown) => seen.push(String(error)) });
    const failure$ = new Subject<Error>();
    const breaking: Sink = {
      start: (onFailure) => {
        failure$.subscribe(onFailure);
        return { write: () => undefined, end: () => undefined };
      },
    };
    record(() => NEVER, breaking).subscribe({ error: (error: unknown) => seen.push(String(error)) });
    const told = record(() => NEVER, breaking, { onFailure: ({ message }) => seen.push(message) }).subscribe();
    failure$.next(new Error('disk full'));
    expect(seen).toEqual(['Error: no such folder', 'Error: disk full', 'disk full']);
    expect(told.closed).toBe(false);
    told.unsubscribe();
  });

  it('writes each happening of a socket once, and none after its end', () => {
    const told: string[] = [];
    const inner = aSocket({ onping: null, close: (code, reason) => told.push(`close ${code} ${reason}`) });
    const happened = recordedOf(
      (outer) => {
        outer.onopen = () => told.push('open');
        outer.onping = () => told.push('ping');
        outer.onmessage = ({ data }: { data: unknown }) => told.push(`in ${String(data)}`);
        outer.onerror = ({ message }: { message: string }) => told.push(`error ${message}`);
        outer.onclose = () => told.push('closed');
        inner.onopen?.({});
        inner.onping?.();
        inner.onmessage?.({ data: 'a' });
        outer.send('b');
        inner.onerror?.({ message: 'reset' });
        inner.onclose?.({ code: 1006, reason: 'gone' });
        outer.close();
        outer.close(1000, 'bye');
        inner.onmessage?.({ data: 'late' });
      },
      { inner },
    );
    expect(told).toEqual([
      'open',
      'ping',
      'in a',
      'error reset',
      'closed',
      'close undefined ',
      'close 1000 bye',
      'in late',
    ]);
    expect(happened).toEqual([
      { what: 'connect', url: 'wss://host/path' },
      { what: 'open' },
      { what: 'ping' },
      { what: 'in', frame: 'a' },
      { what: 'out', frame: 'b' },
      { what: 'error', message: 'reset' },
      { what: 'close', code: 1006, reason: 'gone', byUs: false },
    ]);
  });

  it('takes what sockets leave out, and what binary frames hold', () => {
    const happened = recordedOf((outer, inner) => {
      for (const data of [Buffer.from('text'), new Uint8Array([0xff, 1]).buffer, 7]) inner.onmessage?.({ data });
      inner.onerror?.(undefined);
      inner.onrefused?.({ status: 503 });
      inner.onclose?.(undefined);
      expect('onping' in outer).toBe(false);
    });
    expect(happened.slice(1)).toEqual([
      { what: 'in', frame: 'text' },
      { what: 'binary', base64: '/wE=' },
      { what: 'in', frame: '7' },
      { what: 'error', message: '' },
      { what: 'refused', status: 503, retryAfter: '', reason: '' },
    ]);
    const lost = recordedOf((_outer, inner) => void inner.onclose?.(undefined));
    expect(lost.at(-1)).toEqual({ what: 'close', code: 1006, reason: '', byUs: false });
    const closed = recordedOf((outer) => outer.close());
    expect(closed.at(-1)).toEqual({ what: 'close', code: 1006, reason: '', byUs: true });
  });

  it('takes a binary frame of 16 MiB', () => {
    const frame = new Uint8Array(2 ** 24).fill(0xff);
    const happened = recordedOf((_outer, inner) => void inner.onmessage?.({ data: frame }));
    expect(happened.at(-1)).toEqual({ what: 'binary', base64: Buffer.from(frame).toString('base64') });
  });

  it('writes down a socket that cannot be made', () => {
    const sink = memorySink();
    const openSocket: OpenSocket = (url) => {
      throw new Error(`bad address ${url}`);
    };
    const errors: unknown[] = [];
    record(
      (connection) => itick({ token: TOKEN, market: 'stock', auth: 'query', topics: quotes('AAPL.US'), ...connection }),
      sink,
      { openSocket },
    ).subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toHaveLength(1);
    expect(entriesOf(sink.cassette())).toMatchObject([
      { what: 'start' },
      { what: 'connect', url: 'wss://api.itick.org/stock?token=***' },
      { what: 'error', message: 'Error: bad address wss://api.itick.org/stock?token=***' },
      { what: 'close', byUs: true },
    ]);
  });

  it('starts a recording with each subscription', () => {
    const sink = memorySink();
    const recorded$ = record(() => EMPTY, sink);
    recorded$.subscribe();
    recorded$.subscribe();
    expect(entriesOf(sink.cassette()).map(({ what }) => what)).toEqual(['start', 'start']);
  });
});

describe('a recording holds no credential', () => {
  /** Long enough not to be met by chance, of letters that each need escaping somewhere. */
  const token = fc
    .array(fc.constantFrom(...Array.from('ab9"\\/%+& =?#é漢😀\n')), { minLength: 8, maxLength: 16 })
    .map((parts) => `k${parts.join('')}k`);

  const everywhere = (secret: string) =>
    fakeNetwork((connection) => {
      const encoded = encodeURIComponent(secret);
      connection.open();
      connection.say(secret);
      connection.say(JSON.stringify({ code: 1, resAc: 'auth', data: { token: secret, url: `wss://x/?t=${encoded}` } }));
      connection.say(new TextEncoder().encode(secret).buffer);
      connection.say(Uint8Array.of(0xff, ...new TextEncoder().encode(secret)).buffer);
      connection.close(4_000, `bad token ${secret} or ${encoded}`);
    });

  const forms = (secret: string): readonly string[] => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret)).slice(3, -3),
  ];

  it.each(['header', 'query', 'message', 'tickflow'] as const)('in either direction, sent as %s', (way) => {
    fc.assert(
      fc.property(token, (secret) => {
        const sink = memorySink();
        const { openSocket } = everywhere(secret);
        marbles(({ flush }) => {
          record(
            (connection) =>
              way === 'tickflow'
                ? tickflow({ apiKey: secret, topics: quotes('600000.SH'), ...connection })
                : itick({ token: secret, market: 'stock', topics: quotes('AAPL.US'), auth: way, ...connection }),
            sink,
            { openSocket },
          )
            .pipe(takeUntil(timer(10_000)))
            .subscribe({ error: () => undefined });
          flush();
        })();
        const text = textOf(entriesOf(sink.cassette()));
        expect(forms(secret).filter((form) => text.includes(form))).toEqual([]);
        expect(text).toContain('***');
      }),
      { numRuns: 30 },
    );
  });

  it('not even where a provider gives no `redact`: what has a telling name in url and headers is taken out', () => {
    const sink = memorySink();
    const { openSocket } = everywhere('s3cr3t-value');
    marbles(({ flush }) => {
      const url = 'wss://me:word@host/ws?api_key=s3cr3t-value&bare&streams=a@trade';
      const headers = { Authorization: 'Bearer t0ken-of-mine', 'X-Client': 'rxtape' };
      record(({ openSocket: open }) => connect(url, { openSocket: open, headers }), sink, { openSocket }).subscribe({
        next: ({ send }) => send('hello from rxtape with t0ken-of-mine'),
        error: () => undefined,
      });
      flush();
    })();
    const text = textOf(entriesOf(sink.cassette()));
    expect(text).toContain('"wss://host/ws?api_key=***&***&streams=***"');
    expect(text).toContain('hello from rxtape with ***');
    expect(text).not.toMatch(/s3cr3t|t0ken|word|bare/);
  });

  it('neither in a header of a refusal, nor behind the query', () => {
    const redact = (text: string): string => text.replaceAll('s3cr3t', '***');
    const refused = recordedOf((_outer, inner) => inner.onrefused?.({ status: 429, retryAfter: 's3cr3t' }), { redact });
    expect(refused.at(-1)).toEqual({ what: 'refused', status: 429, retryAfter: '***', reason: '' });
    expect(withoutQueryValues('wss://host/path#token=s3cr3t')).toBe('wss://host/path');
    expect(withoutQueryValues('wss://me:p@w@host/path?a=1#token=s3cr3t')).toBe('wss://host/path?a=***');
  });

  it('nor one that JSON would only spell by escaping', () => {
    const happened = recordedOf((outer) => outer.send('"'.repeat(8)), {
      redact: (text) => text.replaceAll('\\"'.repeat(8), '***'),
    });
    expect(happened.at(-1)).toEqual({ what: 'out', frame: '***' });
  });
});
